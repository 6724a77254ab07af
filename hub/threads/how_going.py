"""How is it going, standing by somebody? Asked of a supporter a month after they came, then every three months.

One question however many people they stand by: a mentor of six is asked once. "Hard" is answered with a call from a
worker or with things that can help; "do not ask again" is kept as their no to check-ins. Knows no rule and no hour.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import tellings
from hub.answering import Kind, takes_answers
from hub.core import Hub
from hub.handling import Handling
from hub.people import name_of
from hub.promises import promise
from hub.repair import repair
from hub.states_of_care import TellingState
from hub.store.tables import Consent, ContactPoint, Person, Telling, ThreadMember
from hub.tellings import tells
from hub.threads import for_me
from hub.threads.going_out import remember
from hub.threads.standing import in_force, stands_by
from hub.words import Awaiting, Purpose, Sees, Side

ABOUT, HARD = "how_going", "supporter_hard"
FIRST, EVERY = timedelta(days=30), timedelta(days=91)
PATIENCE = timedelta(days=4)  # one whose hour never came is over then, and the next is planned
AT_ONCE = 100
ASKED = ("supporters.how_going", "supporters.how_going_all")


async def extend_all(hub: Hub) -> int:
    """Plan the next of all that have none ahead. Returns how many were looked at: call again while not 0."""
    now = hub.clock.now()
    ahead = exists().where(
        *(Telling.topic == ABOUT, Telling.number == ThreadMember.person_id),
        *(Telling.state == TellingState.PLANNED, Telling.due_at > now - PATIENCE),
    )
    async with hub.store.transaction() as session:
        wanted = select(ThreadMember.person_id).where(in_force(now), ThreadMember.side == Side.SUPERVISION, ~ahead)
        wanted = wanted.join(Person, Person.id == ThreadMember.person_id).where(Person.wrapped_key.is_not(None))
        found = (await session.scalars(wanted.where(~_said_no()).distinct().limit(AT_ONCE))).all()
        for supporter_id in found:
            await plan_next(hub, session, supporter_id)
        return len(found)


async def plan_next(hub: Hub, session: AsyncSession, supporter_id: int) -> None:
    """A month after they came, or three months after the last; never two at once."""
    now, since = hub.clock.now(), await _since(session, supporter_id, hub.clock.now())
    last = await tellings.last(session, ABOUT, supporter_id)
    if last and last.state is TellingState.PLANNED:
        if since and last.due_at > now - PATIENCE:
            return
        await tellings.call_off(hub, session, ABOUT, supporter_id)
    if since is None:
        return
    due_at = max(since + FIRST, last.due_at + EVERY) if last else since + FIRST
    while due_at <= now:
        due_at += EVERY
    supporter = await session.get_one(Person, supporter_id)
    await tellings.plan(hub, session, supporter, ABOUT, supporter_id, due_at)


async def _since(session: AsyncSession, supporter_id: int, now: datetime) -> datetime | None:
    """Since when they stand by anybody of those they stand by now."""
    theirs = (ThreadMember.person_id == supporter_id, ThreadMember.side == Side.SUPERVISION, in_force(now))
    wanted = select(func.min(ThreadMember.accepted_at)).where(*theirs)
    found: datetime | None = await session.scalar(wanted)
    return found


async def _wanted(handling: Handling, number: int) -> datetime | None:
    """Not of somebody who stands by nobody any more, wants quiet, or was planned for as a record that is gone."""
    return handling.now if number == handling.person.id and await _heard_of(handling) else None


async def _heard_of(handling: Handling) -> list[tuple[ThreadMember, Person]]:
    standing = await stands_by(handling.session, handling.person.id, handling.now)
    return [(member, person) for member, person in standing if member.muted_at is None]


@tells(ABOUT, first="supporters.how_going", when=_wanted, patient=True)
async def ask(handling: Handling, number: int) -> None:
    standing = await _heard_of(handling)
    if not standing:
        return await handling.say("supporters.not_invited")
    member, person = standing[0]
    about = (ABOUT, number)
    if len(standing) == 1:
        first_name = name_of(handling.hub, person).split(" ")[0]
        await handling.ask("supporters.how_going", Awaiting.SURVEY_CHOICE, subject=about, their_name=first_name)
    else:
        await handling.ask("supporters.how_going_all", Awaiting.SURVEY_CHOICE, subject=about)
    remember(handling.session, handling.said[-1], member.thread_id, handling.person.id, Sees.DATES)
    handling.record("supporter_asked", f"person:{handling.person.id}")
    await plan_next(handling.hub, handling.session, handling.person.id)


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    if kind in {Kind.SKIP, Kind.LATER}:
        await handling.answered()
        return await handling.say("supporters.how_going_left")
    asked = handling.prompt.text_key if handling.prompt else ""
    answers = _OF_HARD if asked == "supporters.how_going_hard" else _OF_HOW
    answer = answers.get(words.strip()) if kind is Kind.CHOICE else None
    if answer is None:
        return await repair(handling)
    handling.record("supporter_said", f"person:{handling.person.id}", answer=answer)
    match answer:
        case "good":
            await handling.answered()
            await handling.say("supporters.how_going_good")
        case "hard":
            about = (ABOUT, handling.person.id)
            await handling.ask("supporters.how_going_hard", Awaiting.SURVEY_CHOICE, subject=about)
        case "call" | "call_hard":
            await call(handling, HARD if answer == "call_hard" else "wants_a_call")
        case "ideas":
            await for_me.begin(handling)
        case "no_more":
            await _no_more(handling)
        case _:
            await handling.answered()
            await handling.say("supporters.how_going_left")


async def call(handling: Handling, reason: str) -> None:
    """A worker calls them."""
    by = await promise(handling, reason)
    await handling.answered()
    await handling.say("supporters.will_call", answer_by=by)


async def _no_more(handling: Handling) -> None:
    contact_id = handling.conversation.contact_point_id
    row = await handling.session.get(Consent, (contact_id, Purpose.CHECK_IN))
    if row is None:
        row = Consent(contact_point_id=contact_id, purpose=Purpose.CHECK_IN)
        handling.session.add(row)
    row.given, row.at, row.source = False, handling.now, "person"
    await tellings.call_off(handling.hub, handling.session, ABOUT, handling.person.id)
    await handling.answered()
    await handling.say("supporters.how_going_no_more")


def _said_no() -> ColumnElement[bool]:
    """Of `ThreadMember`: on any way to them."""
    theirs = ContactPoint.person_id == ThreadMember.person_id
    no = (Consent.purpose == Purpose.CHECK_IN, Consent.given.is_(False))
    return exists().where(Consent.contact_point_id == ContactPoint.id, theirs, *no)


_OF_HOW = {"1": "good", "2": "hard", "3": "call", "4": "no_more"}
_OF_HARD = {"1": "call_hard", "2": "ideas", "3": "neither"}
