"""Check-ins for whoever looks at them: what was answered, what worries, what is new since the time before."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.check_in_streak import streak
from hub.check_in_work import text_again
from hub.check_ins import LOW
from hub.core import Hub
from hub.needs import NEEDS, current
from hub.reading import check_in_answers
from hub.reading.check_in_answers import Answers, Told
from hub.reading.preview import preview
from hub.reading.texts import key_of, listed_name, shown_name
from hub.states import CheckInState
from hub.store.tables import CheckIn, Person, Worker
from hub.texts import Rendered
from hub.times import local, say_day, say_time, say_when

SHOWN = 100
SOON = timedelta(days=7)


class View(StrEnum):
    ATTENTION = "attention"
    REVIEWED = "reviewed"
    AWAITING = "awaiting"


STATES: Mapping[View, tuple[CheckInState, ...]] = {
    View.ATTENTION: (CheckInState.ANSWERED, CheckInState.EXPIRED),
    View.REVIEWED: (CheckInState.REVIEWED,),
    View.AWAITING: (CheckInState.PLANNED, CheckInState.ASKED),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`flags` say what worries, `changes` what is new; `timing` is when, in words."""

    number: int
    name: str
    feeling: str
    needs: list[str]
    flags: list[str]
    changes: list[str]
    timing: str
    status: str
    missed: bool


@dataclass(frozen=True, slots=True)
class One:
    row: Row
    name: str
    person_ref: str
    asked: str
    answered: str
    reviewed: str
    note: str
    told: Sequence[Told]  # what else they were asked, with the answers
    streak: int  # check-ins in a row that went well, up to now
    can_review: bool
    again: Rendered | None


async def counts(hub: Hub, session: AsyncSession, worker: Worker) -> dict[View, int]:
    columns = [func.count().filter(_in(view, hub.clock.now())) for view in STATES]
    row = (await session.execute(select(*columns).where(*_visible(worker)))).one()
    return dict(zip(STATES, row, strict=True))


async def rows(hub: Hub, session: AsyncSession, worker: Worker, view: View) -> list[Row]:
    """Needs attention: whoever is not well first, then who did not answer, then the rest, each the oldest first."""
    wanted = select(CheckIn, Person).where(*_visible(worker), _in(view, hub.clock.now())).limit(SHOWN)
    if view is View.ATTENTION:
        low, missed = func.coalesce(CheckIn.feeling, 0) >= LOW, CheckIn.state == CheckInState.EXPIRED
        wanted = wanted.order_by(low.desc(), missed.desc(), CheckIn.due_at, CheckIn.id)
    elif view is View.AWAITING:
        wanted = wanted.order_by(CheckIn.closes_at, CheckIn.id)
    else:
        wanted = wanted.order_by(CheckIn.reviewed_at.desc().nulls_last(), CheckIn.id.desc())
    found = (await session.execute(wanted)).all()
    before = await _answered_before(session, {person.id for _, person in found})
    told = await check_in_answers.load(session, [check_in.id for check_in, _ in found])
    return [
        _row(hub, check_in, person, before[person.id], told.get(check_in.id, check_in_answers.NONE))
        for check_in, person in found
    ]


async def view(hub: Hub, session: AsyncSession, check_in: CheckIn) -> One:
    person = await session.get_one(Person, check_in.person_id)
    zone, key = person.agency.time_zone, key_of(hub, person)
    before = await _answered_before(session, {person.id})
    reviewer = await session.get(Worker, check_in.reviewed_by_id) if check_in.reviewed_by_id else None
    again = text_again(check_in)
    answers = (await check_in_answers.load(session, [check_in.id])).get(check_in.id, check_in_answers.NONE)
    return One(
        row=_row(hub, check_in, person, before[person.id], answers),
        name=shown_name(hub, person),
        person_ref=person.ref,
        asked="" if check_in.state is CheckInState.PLANNED else say_when(check_in.due_at, zone),
        answered=say_when(check_in.answered_at, zone) if check_in.answered_at else "",
        reviewed=f"{reviewer.name}, {say_when(check_in.reviewed_at, zone)}"
        if reviewer and check_in.reviewed_at
        else "",
        note=key.open(check_in.note_sealed, "note") if key and check_in.note_sealed else "",
        told=check_in_answers.in_words(answers, key),
        streak=await streak(session, person.id),
        can_review=check_in.state in STATES[View.ATTENTION],
        again=await preview(hub, session, person, again) if again else None,
    )


def near(moment: datetime, now: datetime, zone: str) -> str:
    """ "today at 10am", "tomorrow at 10am", "yesterday at 10am", else the day."""
    days = (local(moment, zone).date() - local(now, zone).date()).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, f"on {say_day(moment, zone)}")
    return f"{day} at {say_time(moment, zone)}"


def _in(view: View, now: datetime) -> ColumnElement[bool]:
    """Of a rhythm, what is planned for weeks ahead is no work of today."""
    near_enough = or_(CheckIn.state != CheckInState.PLANNED, CheckIn.due_at < now + SOON)
    return and_(CheckIn.state.in_(STATES[view]), near_enough)


def _visible(worker: Worker) -> tuple[ColumnElement[bool], ...]:
    return (Person.id == CheckIn.person_id, may_see(worker))


async def _answered_before(session: AsyncSession, people: Collection[int]) -> Mapping[int, Sequence[CheckIn]]:
    """All that these people have answered, the newest first."""
    found = defaultdict[int, list[CheckIn]](list)
    wanted = select(CheckIn).where(CheckIn.person_id.in_(people), CheckIn.answered_at.is_not(None))
    for check_in in await session.scalars(wanted.order_by(CheckIn.due_at.desc())):
        found[check_in.person_id].append(check_in)
    return found


def _row(hub: Hub, check_in: CheckIn, person: Person, answered: Sequence[CheckIn], told: Answers) -> Row:
    zone, now = person.agency.time_zone, hub.clock.now()
    before = next((other for other in answered if other.due_at < check_in.due_at), None)
    return Row(
        number=check_in.id,
        name=listed_name(hub, person),
        feeling=_feeling(hub, check_in.feeling),
        needs=_needs(hub, check_in.needs),
        flags=[*_flags(hub, check_in), *check_in_answers.flags(told)],
        changes=_changes(hub, check_in, before, zone),
        timing=_timing(check_in, now, zone),
        status=_status(check_in),
        missed=check_in.state is CheckInState.EXPIRED,
    )


def _timing(check_in: CheckIn, now: datetime, zone: str) -> str:
    match check_in.state:
        case CheckInState.PLANNED:
            return f"Goes out {near(check_in.due_at, now, zone)}"
        case CheckInState.ASKED:
            return f"Closes {near(check_in.closes_at, now, zone)}"
        case CheckInState.EXPIRED:
            return f"Closed {near(check_in.closes_at, now, zone)}"
    return f"Answered {near(check_in.answered_at, now, zone)}" if check_in.answered_at else "Not answered"


def _status(check_in: CheckIn) -> str:
    return {
        CheckInState.PLANNED: "Planned",
        CheckInState.ASKED: "Asked",
        CheckInState.ANSWERED: "To look at",
        CheckInState.EXPIRED: "Not answered",
        CheckInState.REVIEWED: "Looked at",
    }[check_in.state]


def _feeling(hub: Hub, feeling: int | None) -> str:
    if feeling is None:
        return ""
    labels = {choice.reply: choice.label for choice in hub.flows.texts.template("check_ins.feeling", "en").choices}
    return labels.get(str(feeling), "")


def _needs(hub: Hub, needs: Sequence[str]) -> list[str]:
    labels = [choice.label for choice in hub.flows.texts.template("check_ins.help", "en").choices]
    named = dict(zip(NEEDS, labels, strict=True))
    known = map(current, needs)
    return [named.get(need, need.replace("_", " ").capitalize()) for need in known]


def _small(words: Sequence[str]) -> str:
    """Inside a sentence: "how I feel", not "How I feel"."""
    return ", ".join(word[:1].lower() + word[1:] for word in words)


def _flags(hub: Hub, check_in: CheckIn) -> list[str]:
    flags = []
    if (check_in.feeling or 0) >= LOW:
        flags.append(f"Feels {_feeling(hub, check_in.feeling).lower()}")
    if check_in.needs:
        flags.append(f"Wants help with: {_small(_needs(hub, check_in.needs))}")
    if check_in.state is CheckInState.EXPIRED:
        flags.append("Did not answer")
    return flags


def _changes(hub: Hub, check_in: CheckIn, before: CheckIn | None, zone: str) -> list[str]:
    """What is new since the time before, in words; nothing where nothing was answered."""
    if check_in.feeling is None:
        return [f"Last answered {say_day(before.due_at, zone)}"] if before else []
    if before is None or before.feeling is None:
        return ["First answer"]
    day, was = say_day(before.due_at, zone), _feeling(hub, before.feeling).lower()
    difference = check_in.feeling - before.feeling
    how = "The same as" if difference == 0 else "Worse than" if difference > 0 else "Better than"
    changes = [f"{how} on {day} ({was})"]
    now, then = [[current(need) for need in each.needs] for each in (check_in, before)]
    new, gone = [need for need in now if need not in then], [need for need in then if need not in now]
    changes += [f"New: {_small(_needs(hub, new))}"] if new else []
    return changes + ([f"Not named any more: {_small(_needs(hub, gone))}"] if gone else [])
