"""What is owed to victims, for a screen: overdue first, in words, and why they have not been told. Knows no page."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub.access import may_see
from hub.core import Hub
from hub.reading import updates_waiting
from hub.reading.texts import key_of, listed_name, shown_name
from hub.states import UpdateState
from hub.store.tables import Agency, Case, CaseEvent, Person, Update, Worker
from hub.times import at_local, local, say_day, say_when
from hub.updates_owed import NEWS, QUESTION, WORD, left
from hub.updates_told import TOLD_HOW, is_the_promise
from hub.working_time import add_working_days, count_working_days

MOST = 200
MEASURED = timedelta(weeks=12)
SOON = 5  # working days: what is due later is counted and not listed
NOT_YET = {WORD: "A word, though nothing has happened", QUESTION: "An answer: they have asked what is happening"}
STATES = {
    UpdateState.OWED: "Owed",
    UpdateState.TOLD: "Told",
    UpdateState.WAIVED: "They want no updates",
    UpdateState.WITHDRAWN: "Not owed any more",
}


class View(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Row:
    """One that is owed. `why`: why they have not been told yet."""

    number: int
    ref: str
    name: str
    case: int
    what: str
    to: str  # whom they have named, where it goes there
    view: View
    due: str
    due_on: str
    why: str
    worker: str
    enhanced: bool
    written: bool  # there is a text that can be sent again
    a_word: bool  # "nothing is new" would do it


@dataclass(frozen=True, slots=True)
class Past:
    """A line of a case's history."""

    row: Row
    state: str
    owed: bool
    happened: str
    known: str
    told: str
    in_time: str
    reason: str


async def rows(hub: Hub, session: AsyncSession, worker: Worker) -> list[Row]:
    """Of the people whom this worker may see: overdue first, then today, then soon."""
    owed = _owed_to(worker).order_by(Update.due_at, Update.id).limit(MOST)
    updates = (await session.scalars(owed)).all()
    why = await updates_waiting.why(session, updates)
    enhanced = await updates_waiting.enhanced(session, {each.case_id for each in updates})
    found = [_row(hub, each, why[each.id], enhanced=each.case_id in enhanced) for each in updates]
    return [row for row in found if row.view is not View.LATER]


async def counts(hub: Hub, session: AsyncSession, worker: Worker) -> dict[View, int]:
    owed = (await session.scalars(_owed_to(worker).options(joinedload(Update.case).lazyload("*")))).all()
    views = [view_of(each, hub, worker.team.agency) for each in owed]
    return {view: views.count(view) for view in View}


async def pressing(hub: Hub, session: AsyncSession, worker: Worker) -> int:
    """How many are due today or late: for the navigation."""
    agency, now = worker.team.agency, hub.clock.now()
    today = local(now, agency.time_zone).date()
    counted = (
        select(func.count(Update.id))
        .join(Case, Case.id == Update.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(may_see(worker), Update.state == UpdateState.OWED, Update.due_on <= today)
    )
    return int(await session.scalar(counted) or 0)


async def middle(hub: Hub, session: AsyncSession, worker: Worker) -> str:
    """How long it took from the event until they were told, in the last 12 weeks: half were faster. Empty for none."""
    agency, since = worker.team.agency, hub.clock.now() - MEASURED
    told = (
        select(CaseEvent.happened_at, Update.told_at)
        .join(Update, Update.event_id == CaseEvent.id)
        .join(Case, Case.id == Update.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(may_see(worker), Update.kind == NEWS, Update.told_at >= since, is_the_promise())
    )
    zone = agency.time_zone
    lengths = [
        count_working_days(local(happened, zone).date(), local(at, zone).date(), agency.holidays)
        for happened, at in await session.execute(told)
        if at
    ]
    if not lengths:
        return ""
    days = median(lengths)
    return f"{days:g} working day{'' if days == 1 else 's'} in the middle, of {len(lengths)} in the last 12 weeks"


async def of_case(hub: Hub, session: AsyncSession, case: Case) -> list[Past]:
    """Everything that was ever owed about it, the newest first."""
    wanted = select(Update).where(Update.case_id == case.id).order_by(Update.id.desc())
    updates = (await session.scalars(wanted)).all()
    why = await updates_waiting.why(session, updates)
    enhanced = await updates_waiting.enhanced(session, {case.id})
    return [_past(hub, each, _row(hub, each, why[each.id], enhanced=case.id in enhanced)) for each in updates]


async def one(hub: Hub, session: AsyncSession, update: Update) -> Row:
    why = await updates_waiting.why(session, [update])
    enhanced = await updates_waiting.enhanced(session, {update.case_id})
    return _row(hub, update, why[update.id], enhanced=update.case_id in enhanced)


def view_of(update: Update, hub: Hub, agency: Agency) -> View:
    now = hub.clock.now()
    today = local(now, agency.time_zone).date()
    if update.due_at <= now:
        return View.OVERDUE
    if update.due_on <= today:
        return View.TODAY
    return View.SOON if update.due_on <= add_working_days(today, SOON, agency.holidays) else View.LATER


def due_in_words(update: Update, hub: Hub, agency: Agency) -> str:
    """ "2 working days late", "due today", "1 working day left"."""
    found = left(update, hub.clock.now(), agency)
    days = f"{found.days} working day{'' if found.days == 1 else 's'}"
    if found.overdue:
        return f"{days} late" if found.days else "Late, since the last working day"
    return f"{days} left" if found.days else "Due today"


def what(hub: Hub, update: Update) -> str:
    if update.event is None:
        return NOT_YET[update.kind]
    known = hub.flows.milestones.get(update.event.milestone)
    return known.words if known else update.event.milestone.replace("_", " ").capitalize()


def _owed_to(worker: Worker) -> Select[Update]:
    return (
        select(Update)
        .join(Case, Case.id == Update.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(may_see(worker), Update.state == UpdateState.OWED, Person.erased_at.is_(None))
    )


def _row(hub: Hub, update: Update, why: str, *, enhanced: bool) -> Row:
    person = update.case.person
    agency = person.agency
    contact = update.nomination.contact if update.nomination else None
    return Row(
        number=update.id,
        ref=person.ref,
        name=listed_name(hub, person),
        case=update.case_id,
        what=what(hub, update),
        to=f"{shown_name(hub, contact)}, whom they named" if contact else "",
        view=view_of(update, hub, agency),
        due=due_in_words(update, hub, agency),
        due_on=_day(update, agency),
        why=why,
        worker=person.worker.name if person.worker else "Nobody",
        enhanced=enhanced,
        written=update.event_id is not None,
        a_word=update.kind == WORD and update.event_id is None,
    )


def _past(hub: Hub, update: Update, row: Row) -> Past:
    zone, event = update.case.person.agency.time_zone, update.event
    key = key_of(hub, update.case.person)
    told = f"{TOLD_HOW.get(update.told_how, 'By text')}, {say_when(update.told_at, zone)}" if update.told_at else ""
    late = update.told_at is not None and update.told_at >= update.due_at
    return Past(
        row=row,
        state=STATES[update.state],
        owed=update.state is UpdateState.OWED,
        happened=say_when(event.happened_at, zone) if event else "",
        known=say_when(update.known_at, zone) if update.kind == NEWS else "",
        told=told,
        in_time=("Late" if late else "In time") if told else "",
        reason=key.open(event.reason_sealed, "reason") if event and event.reason_sealed and key else "",
    )


def _day(update: Update, agency: Agency) -> str:
    return say_day(at_local(update.due_on, agency.open_from, agency.time_zone), agency.time_zone)
