"""Conditions for whoever looks at them: how each stands, what was sent about it, what they wrote. Facts alone.

Nothing here weighs or foretells: a worker reads when it is due, what arrived and what was answered, and decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import delivery
from hub.condition_words import IS_DONE
from hub.core import Hub
from hub.encouragement import RATIO, Balance, balance_of
from hub.nudges import reasons
from hub.reading.texts import key_of, words_of
from hub.states import CONDITION_MOVES, ConditionState, Direction, NudgeState
from hub.store.tables import (
    Case,
    Condition,
    ConditionPhoto,
    Conversation,
    Extension,
    MediaFile,
    Message,
    Nudge,
    Person,
    Worker,
)
from hub.times import local, say_day, say_when

STATES = {
    ConditionState.OPEN: "Open",
    ConditionState.SAID_DONE: "They say it is done",
    ConditionState.DONE: "Done",
    ConditionState.NOT_DONE: "Not done",
    ConditionState.WAIVED: "Not needed any more",
}
DECISIONS = {
    ConditionState.DONE: "It is done",
    ConditionState.NOT_DONE: "It is not done",
    ConditionState.WAIVED: "It is not needed any more",
    ConditionState.OPEN: "It is open: something is still missing, or they get another chance",
}
LAST_ANSWERS = 3
KINDS = {
    "bail": "Bail",
    "community_resolution": "Community resolution",
    "conditional_caution": "Conditional caution",
    "iom": "IOM",
}


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    words: str
    state: ConditionState
    status: str
    due: str
    overdue: bool
    more: str  # what waits for the worker


@dataclass(frozen=True, slots=True)
class OfCase:
    id: int
    title: str
    closed: bool
    progress: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Sent:
    """One text about the condition, and how it fared."""

    when: str
    words: str
    fared: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for longer."""

    id: int
    open: bool
    when: str
    words: str
    wanted_on: date | None
    wanted: str
    answer: str


@dataclass(frozen=True, slots=True)
class One:
    row: Row
    due_on: date | None
    decided: str
    reason: str
    sent: list[Sent]
    answers: list[Sent]
    photos: list[tuple[int, str]]
    asked: list[Asked]
    decisions: dict[ConditionState, str]


async def of_person(hub: Hub, session: AsyncSession, person: Person) -> list[OfCase]:
    """Case by case, those that are open first."""
    order = Case.closed_at.is_not(None), Case.opened_at.desc(), Case.id
    cases = (await session.scalars(select(Case).where(Case.person_id == person.id).order_by(*order))).all()
    found = select(Condition).where(Condition.case_id.in_([case.id for case in cases]))
    rows = (await session.scalars(found.order_by(Condition.due_on, Condition.id))).all()
    asked = await _with_request(session, rows)
    return [_of_case(hub, person, case, [each for each in rows if each.case_id == case.id], asked) for case in cases]


async def one(hub: Hub, session: AsyncSession, condition: Condition) -> One:
    person = condition.case.person
    asked = await _with_request(session, [condition])
    key = key_of(hub, person)
    return One(
        row=_row(hub, person, condition, asked),
        due_on=condition.due_on,
        decided=await _decided(session, condition),
        reason=key.open(condition.reason_sealed, "reason") if key and condition.reason_sealed else "",
        sent=await _sent(hub, session, condition),
        answers=await _answers(hub, session, condition),
        photos=await _photos(session, condition),
        asked=await _requests(hub, session, condition),
        decisions={to: words for to, words in DECISIONS.items() if to in CONDITION_MOVES[condition.state]},
    )


async def encouragement(hub: Hub, session: AsyncSession, person: Person) -> str:
    """How kind and hard texts stand to each other, in a sentence or two; empty before there is any."""
    return balance_in_words(await balance_of(hub, session, person))


def balance_in_words(balance: Balance) -> str:
    if not balance.kind and not balance.hard:
        return ""
    said = f"{_count(balance.kind, 'kind text')} and {_count(balance.hard, 'hard text')} so far. "
    if balance.missing:
        return said + f"{_count(balance.missing, 'kind word')} more make {RATIO} to 1: one of your own counts most."
    return said + f"That is at least {RATIO} to 1."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _of_case(hub: Hub, person: Person, case: Case, theirs: Sequence[Condition], asked: set[int]) -> OfCase:
    counted = [each for each in theirs if each.state is not ConditionState.WAIVED]
    done = sum(each.state in IS_DONE for each in counted)
    looked_at = sum(each.state is ConditionState.SAID_DONE for each in counted)
    progress = f"{done} of {len(counted)} done" + (f", {looked_at} of them for you to look at" if looked_at else "")
    kind = KINDS.get(case.kind, case.kind.replace("_", " ").capitalize())
    return OfCase(
        id=case.id,
        title=f"{kind}, {case.reference}" + (" (closed)" if case.closed_at else ""),
        closed=case.closed_at is not None,
        progress=progress if counted else "",
        rows=[_row(hub, person, each, asked) for each in theirs],
    )


def _row(hub: Hub, person: Person, condition: Condition, asked: set[int]) -> Row:
    zone, key, now = person.agency.time_zone, key_of(hub, person), hub.clock.now()
    is_open = condition.state is ConditionState.OPEN
    waits = {"Asks for longer": condition.id in asked, "Look at it": condition.state is ConditionState.SAID_DONE}
    return Row(
        number=condition.id,
        words=key.open(condition.words_sealed, "condition") if key else "(erased)",
        state=condition.state,
        status=STATES[condition.state],
        due=day_in_words(condition.due_on) if condition.due_on else "No day",
        overdue=is_open and condition.due_on is not None and condition.due_on < local(now, zone).date(),
        more=". ".join(words for words, so in waits.items() if so and not condition.case.closed_at),
    )


def day_in_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B %Y}"


async def _with_request(session: AsyncSession, rows: Sequence[Condition]) -> set[int]:
    ids = [each.id for each in rows]
    asked = select(Extension.condition_id).where(Extension.condition_id.in_(ids), Extension.state == "open")
    return set(await session.scalars(asked))


async def _decided(session: AsyncSession, condition: Condition) -> str:
    by = await session.get(Worker, condition.decided_by_id) if condition.decided_by_id else None
    when = say_when(condition.state_at, condition.case.person.agency.time_zone)
    if condition.state is ConditionState.SAID_DONE:
        return f"The person, {when}"
    return f"{by.name}, {when}" if by else ""


async def _sent(hub: Hub, session: AsyncSession, condition: Condition) -> list[Sent]:
    """What the rules have sent about it, with what did not go out and why."""
    person = condition.case.person
    key, zone = key_of(hub, person), person.agency.time_zone
    over = (NudgeState.QUEUED, NudgeState.MISSED, NudgeState.SKIPPED)
    found = await session.execute(
        select(Nudge, Message, Conversation)
        .outerjoin(Message, Message.id == Nudge.message_id)
        .outerjoin(Conversation, Conversation.id == Message.conversation_id)
        .where(Nudge.subject_kind == "condition", Nudge.subject_id == condition.id, Nudge.state.in_(over))
        .order_by(Nudge.due_at)
    )
    lines = []
    for nudge, message, conversation in found:
        if message is None:
            lines.append(Sent(say_when(nudge.due_at, zone), "", f"Not sent: {reasons.in_words(nudge.reason)}"))
            continue
        words = words_of(hub, key, message, person, to=conversation.contact_point)
        fared = delivery.in_words(message.state, message.reason).words
        lines.append(Sent(say_when(message.created_at, zone), words, fared))
    return lines


async def _answers(hub: Hub, session: AsyncSession, condition: Condition) -> list[Sent]:
    """Their last texts since it was first spoken of, whatever they are about."""
    person = condition.case.person
    first = select(func.min(Message.created_at)).join(Nudge, Nudge.message_id == Message.id)
    since = await session.scalar(first.where(Nudge.subject_kind == "condition", Nudge.subject_id == condition.id))
    if since is None:
        return []
    newest = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.person_id == person.id, Message.direction == Direction.IN, Message.created_at >= since)
        .order_by(Message.id.desc())
        .limit(LAST_ANSWERS)
    )
    key, zone = key_of(hub, person), person.agency.time_zone
    return [
        Sent(say_when(each.created_at, zone), words_of(hub, key, each, person), "")
        for each in reversed((await session.scalars(newest)).all())
    ]


async def _photos(session: AsyncSession, condition: Condition) -> list[tuple[int, str]]:
    zone = condition.case.person.agency.time_zone
    given = (
        select(ConditionPhoto)
        .join(MediaFile, MediaFile.id == ConditionPhoto.media_id)
        .where(ConditionPhoto.condition_id == condition.id, MediaFile.content_sealed.is_not(None))  # not taken back
        .order_by(ConditionPhoto.id)
    )
    return [(photo.media_id, say_when(photo.given_at, zone)) for photo in await session.scalars(given)]


async def _requests(hub: Hub, session: AsyncSession, condition: Condition) -> list[Asked]:
    """The newest first."""
    found = select(Extension).where(Extension.condition_id == condition.id).order_by(Extension.id.desc())
    key, zone = key_of(hub, condition.case.person), condition.case.person.agency.time_zone
    answers = {"open": "", "withdrawn": "No longer needed"}
    asked = []
    for each in await session.scalars(found):
        why = key.open(each.reason_sealed, "reason") if key and each.reason_sealed else ""
        until = f"Given, until {day_in_words(each.until)}" if each.until else ""
        asked.append(
            Asked(
                id=each.id,
                open=each.state == "open",
                when=say_day(each.asked_at, zone),
                words=key.open(each.words_sealed, "words") if key else "",
                wanted_on=each.wanted_on,
                wanted=day_in_words(each.wanted_on) if each.wanted_on else "",
                answer=answers.get(each.state) or until or f"Not given: {why}" if each.state != "open" else "",
            )
        )
    return asked
