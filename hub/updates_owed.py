"""What is owed, to whom and by when: promises in working days. Made by news, by a rhythm, by a question.

    owe_news()    somebody is owed what has happened: the victim, or whom they named
    owe_answer()  "what is happening with my case?", and there is nothing to tell yet
    keep_word()   the next word that is owed although nothing has happened: one a case, no more
    waive()       they do not want to hear of this

What settles an update is in hub/updates_told.py; who hears that one is late, in hub/updates_watch.py. Knows no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.nudges.planner import replan_all
from hub.states import UPDATE_MOVES, NominationState, UpdateState, check_move
from hub.store.tables import Agency, Case, CaseEvent, Nomination, Person, Update, UpdatePlan
from hub.times import at_local, local
from hub.words import Role
from hub.working_time import add_working_days, count_working_days, end_of, working_day_by

PROMISE, ENHANCED_PROMISE = 5, 1  # working days: Victims' Code, Right 6
USUAL_RHYTHM = 28  # days, until they have said how often
Recipient = tuple[Person, Nomination | None]
NEWS, WORD, QUESTION = "news", "word", "question"


@dataclass(frozen=True, slots=True)
class Due:
    """`on`: the last day in time; `at`: the instant at which it is over; `warn_at`: a worker hears of it."""

    on: date
    at: datetime
    warn_at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """Working days: of one that is in time, how many are `left` after today; of a late one, how many it is `late`."""

    overdue: bool
    days: int


def promise(plan: UpdatePlan) -> int:
    """In working days."""
    return ENHANCED_PROMISE if plan.enhanced_for else PROMISE


def due_after(known_at: datetime, days: int, agency: Agency) -> Due:
    """So many working days after the local day on which it was known."""
    known_on = local(known_at, agency.time_zone).date()
    return due_on(add_working_days(known_on, days, agency.holidays), agency)


def due_on(day: date, agency: Agency) -> Due:
    zone = agency.time_zone
    return Due(day, end_of(day, zone), at_local(day, agency.open_from, zone))


def left(update: Update, now: datetime, agency: Agency) -> Left:
    today = local(now, agency.time_zone).date()
    days = count_working_days(today, update.due_on, agency.holidays)
    return Left(update.due_at <= now, abs(days))


async def owe_news(hub: Hub, session: AsyncSession, event: CaseEvent, plan: UpdatePlan) -> list[Update]:
    """One for each who is to hear it. The texts are planned at once."""
    case = event.case
    due = due_after(event.known_at, promise(plan), case.person.agency)
    made = []
    for person, nomination in await recipients(session, case):
        unwanted = plan.unwanted_at is not None and person.id == case.person_id
        state = UpdateState.WAIVED if unwanted else UpdateState.OWED
        made.append(_update(hub, case, person, nomination, NEWS, event.known_at, due, state=state, event=event))
    session.add_all(made)
    await session.flush()
    await replan_all(hub, session, "update", [update.id for update in made])
    return made


async def owe_answer(hub: Hub, session: AsyncSession, case: Case, answer_by: datetime) -> Update:
    """They have asked, and there is nothing to tell: the day that we name is kept in the same list."""
    asked = select(Update).where(Update.case_id == case.id, Update.kind == QUESTION, Update.state == UpdateState.OWED)
    found: Update | None = await session.scalar(asked.limit(1))
    if found:
        return found
    agency = case.person.agency
    due = due_on(local(answer_by, agency.time_zone).date(), agency)
    question = _update(hub, case, case.person, None, QUESTION, hub.clock.now(), due)
    session.add(question)
    await session.flush()
    return question


async def recipients(session: AsyncSession, case: Case) -> list[Recipient]:
    """The victim, or who hears it instead of them; and who hears it besides."""
    named = await active_nominations(session, case.person_id)
    besides: list[Recipient] = [(each.contact, each) for each in named if not each.instead]
    instead: list[Recipient] = [(each.contact, each) for each in named if each.instead]
    return [*(instead or [(case.person, None)]), *besides]


async def active_nominations(session: AsyncSession, person_id: int) -> Sequence[Nomination]:
    agreed = select(Nomination).where(Nomination.person_id == person_id, Nomination.state == NominationState.AGREED)
    return (await session.scalars(agreed.order_by(Nomination.id))).all()


async def keep_word(hub: Hub, session: AsyncSession, plan: UpdatePlan) -> None:
    """One word ahead, counted from what they heard last; none where none is wanted or the case is closed."""
    unwritten = Update.event_id.is_(None)
    ahead = select(Update).where(
        Update.case_id == plan.case_id, Update.kind == WORD, Update.state == UpdateState.OWED, unwritten
    )
    word: Update | None = await session.scalar(ahead.limit(1))
    if not await _is_kept(session, plan):
        if word:
            withdraw(hub, word)
        return
    due = due_on(await _next_word_on(session, plan), plan.case.person.agency)
    if word is None:
        person, nomination = (await recipients(session, plan.case))[0]
        word = _update(hub, plan.case, person, nomination, WORD, hub.clock.now(), due)
        session.add(word)
    if word.due_on != due.on:
        word.warned_at = word.late_at = None
    _set_due(word, due)
    await session.flush()


async def next_word(session: AsyncSession, case_id: int) -> date | None:
    """The day by which they hear again, whatever happens."""
    ahead = select(func.min(Update.due_on)).where(
        Update.case_id == case_id, Update.state == UpdateState.OWED, Update.kind.in_((WORD, QUESTION))
    )
    found: date | None = await session.scalar(ahead)
    return found


async def waive(hub: Hub, session: AsyncSession, case: Case) -> None:
    """All that the person themselves is still owed about it."""
    owed = await owed_of(session, case.id)
    for update in owed:
        if update.person_id == case.person_id:
            update.state, update.state_at = check_move(UPDATE_MOVES, update.state, UpdateState.WAIVED), hub.clock.now()
    await replan_all(hub, session, "update", [update.id for update in owed])


async def retime(session: AsyncSession, plan: UpdatePlan) -> None:
    """Another promise: what news is owed already is due by it, too."""
    for update in await owed_of(session, plan.case_id):
        if update.kind == NEWS:
            _set_due(update, due_after(update.known_at, promise(plan), plan.case.person.agency))
            update.warned_at = update.late_at = None


async def owed_of(session: AsyncSession, case_id: int) -> Sequence[Update]:
    owed = select(Update).where(Update.case_id == case_id, Update.state == UpdateState.OWED)
    return (await session.scalars(owed.order_by(Update.id))).all()


def withdraw(hub: Hub, update: Update) -> None:
    update.state = check_move(UPDATE_MOVES, update.state, UpdateState.WITHDRAWN)
    update.state_at = hub.clock.now()


async def _is_kept(session: AsyncSession, plan: UpdatePlan) -> bool:
    person = plan.case.person
    gone = person.role is not Role.VICTIM or person.ended_at is not None or person.wrapped_key is None
    if gone or plan.case.closed_at or plan.unwanted_at or plan.every_days == 0:
        return False
    said = Update.event_id.is_not(None) & (Update.kind == WORD)  # a word that is on its way
    waits = select(Update.id).where(Update.case_id == plan.case_id, Update.state == UpdateState.OWED, said)
    return await session.scalar(waits.limit(1)) is None


async def _next_word_on(session: AsyncSession, plan: UpdatePlan) -> date:
    """A whole rhythm after the last word, on the working day before where that is none."""
    agency = plan.case.person.agency
    heard = or_(Update.nomination_id.is_(None), Update.nomination.has(instead=True))  # themselves, or instead of them
    last = await session.scalar(select(func.max(Update.told_at)).where(Update.case_id == plan.case_id, heard))
    since = local(max(filter(None, (last, plan.made_at, plan.agreed_at))), agency.time_zone).date()
    return max(
        working_day_by(since + timedelta(days=plan.every_days), agency.holidays),
        add_working_days(since, 1, agency.holidays),
    )


def _set_due(update: Update, due: Due) -> None:
    update.due_on, update.due_at, update.warn_at = due.on, due.at, due.warn_at


def _update(
    hub: Hub,
    case: Case,
    person: Person,
    nomination: Nomination | None,
    kind: str,
    known_at: datetime,
    due: Due,
    *,
    state: UpdateState = UpdateState.OWED,
    event: CaseEvent | None = None,
) -> Update:
    return Update(
        case_id=case.id,
        case=case,
        person_id=person.id,
        nomination_id=nomination.id if nomination else None,
        nomination=nomination,
        kind=kind,
        event_id=event.id if event else None,
        event=event,
        known_at=known_at,
        due_on=due.on,
        due_at=due.at,
        warn_at=due.warn_at,
        state=state,
        state_at=hub.clock.now(),
    )
