"""What nudges are about: who it concerns, and which states of affairs are true of it now, since when.

A rule's `given:` names one of these states; a nudge is still true while its state still stands at the time that it was
planned for. To add a subject, add one function to `SUBJECTS`. Everything is loaded for many at once: one or two
statements a kind, whatever the number. Knows nothing of texts.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, joinedload, lazyload

from hub.handling import STANDING
from hub.states import CheckInState, ConditionState, ProofState, ReturnState, SafeContactState, SurveyState, UpdateState
from hub.states_of_care import TellingState
from hub.store.loading import PERSON_ALONE
from hub.store.tables import (
    Agency,
    Appointment,
    Case,
    CaseDate,
    CheckIn,
    Condition,
    ContactPoint,
    Extension,
    Person,
    Proof,
    ProviderPhone,
    ReturnCheck,
    SurveyRun,
    Table,
    Telling,
    Thread,
    ThreadMember,
    Update,
    UpdatePlan,
)
from hub.surveys.publishing import stopped_runs
from hub.threads.standing import in_force
from hub.times import at_local, local
from hub.words import AppointmentState, Sees, Side
from hub.working_time import add_working_days

LONG = timedelta(weeks=4)  # a condition that takes longer is asked about at half time
EARLY = time(11)  # before it, getting up is half of getting there
NEWS = timedelta(days=3)  # after that, "they were there" is none
ONE_CALL = timedelta(days=7)
IN_A_ROW = 4  # check-ins: a month of weekly ones
ANSWERED = (CheckInState.ANSWERED, CheckInState.REVIEWED)
OWN_RULES = frozenset({"how_going"})
NOON = time(12)  # a whole day is counted from its noon: no clock change moves that to another day
OF_CASE = joinedload(Case.person).options(*PERSON_ALONE)


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as it stands: `since` maps each state of affairs that is true to the time that rules count from."""

    row: Table
    person_id: int
    since: dict[str, datetime]


Subjects = dict[int, Subject]


async def load(session: AsyncSession, kind: str, ids: Collection[int]) -> Subjects:
    """By id; those that do not exist are left out."""
    return await SUBJECTS[kind](session, ids) if ids else {}


async def load_all(session: AsyncSession, wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Subject]:
    """Of several kinds, by kind and id."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, subject_id in wanted:
        ids[kind].add(subject_id)
    return {
        (kind, subject_id): subject
        for kind in ids
        for subject_id, subject in (await load(session, kind, ids[kind])).items()
    }


async def supporters(
    session: AsyncSession, person_ids: Collection[int], now: datetime
) -> Mapping[int, list[tuple[int, Sees]]]:
    """Whom each of these people has let in to stand by them, and how much each may see: ids by id."""
    members = (
        select(Thread.person_id, ThreadMember.person_id, ThreadMember.sees)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .join(Person, Person.id == Thread.person_id)
        .where(Thread.person_id.in_(person_ids), in_force(now), Person.ended_at.is_(None))
        .order_by(ThreadMember.person_id)
    )
    found = defaultdict[int, list[tuple[int, Sees]]](list)
    for person_id, supporter_id, sees in await session.execute(members):
        found[person_id].append((supporter_id, sees))
    return found


async def people(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Person]:
    """With their agency and nothing else."""
    wanted = select(Person).where(Person.id.in_(ids)).options(*PERSON_ALONE)
    return {person.id: person for person in await session.scalars(wanted)}


async def _appointments(session: AsyncSession, ids: Collection[int]) -> Subjects:
    alone = (lazyload(Appointment.person), lazyload(Appointment.worker))
    wanted = (
        select(Appointment, Agency.time_zone)
        .join(Person, Person.id == Appointment.person_id)
        .join(Agency, Agency.id == Person.agency_id)
        .where(Appointment.id.in_(ids))
        .options(*alone)
    )
    rows = [(row, zone) for row, zone in await session.execute(wanted)]
    proved = await _proved(session, [row.id for row, _ in rows if row.proof_wanted])
    again = await _missed_again(session, [row.id for row, _ in rows if row.state is AppointmentState.MISSED])
    return {
        row.id: Subject(
            row, row.person_id, _since(row, zone, proved=row.id in proved) | _went(row, again=row.id in again)
        )
        for row, zone in rows
    }


def _went(row: Appointment, *, again: bool) -> dict[str, datetime]:
    """How it went, for those who stand by them. `call`: a miss, once a week at most; nobody is told that it was one."""
    if row.state is AppointmentState.ATTENDED and row.state_at <= row.starts_at + NEWS:
        return {"attended": row.state_at}
    return {"call": row.state_at} if row.state is AppointmentState.MISSED and not again else {}


async def _missed_again(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of them before which the same person missed another one, less than a week ago."""
    if not ids:
        return set()
    before = aliased(Appointment)
    week = before.starts_at.between(Appointment.starts_at - ONE_CALL, Appointment.starts_at)
    missed = (before.person_id == Appointment.person_id, before.state == AppointmentState.MISSED, week)
    other = exists().where(*missed, before.id != Appointment.id)
    return set(await session.scalars(select(Appointment.id).where(Appointment.id.in_(ids), other)))


def _since(row: Appointment, zone: str, *, proved: bool) -> dict[str, datetime]:
    since: dict[str, datetime] = {}
    if row.state in STANDING:
        since["standing"] = row.starts_at
        if local(row.starts_at, zone).time() < EARLY:
            since["early"] = row.starts_at
        if row.meeting_sealed:
            since["video"] = row.starts_at  # joining by their own link is the proof
        elif row.proof_wanted and not proved:
            since["proof_wanted"] = row.starts_at
    if row.state is AppointmentState.MISSED:
        since["missed"] = row.state_at
    return since


async def _proved(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """For which a proof is there already: nobody is asked again for what a human is about to look at."""
    if not ids:
        return set()
    there = (ProofState.GIVEN, ProofState.ACCEPTED)
    given = select(Proof.appointment_id).where(Proof.appointment_id.in_(ids), Proof.state.in_(there))
    return set(await session.scalars(given))


async def _check_ins(session: AsyncSession, ids: Collection[int]) -> Subjects:
    names = {CheckInState.PLANNED: "planned", CheckInState.ASKED: "asked"}
    rows = (await session.scalars(select(CheckIn).where(CheckIn.id.in_(ids)))).all()
    times = await checked_in_times(session, rows)
    return {
        row.id: Subject(
            row,
            row.person_id,
            {names[row.state]: row.due_at} if row.state in names else _in_a_row(row, times.get(row.id, 0)),
        )
        for row in rows
    }


def _in_a_row(row: CheckIn, times: int) -> dict[str, datetime]:
    """Counted from when it closes, so that the hour of an answer is nobody's to know and CHANGE moves nothing."""
    return {"in_a_row": row.closes_at} if times and times % IN_A_ROW == 0 else {}


async def checked_in_times(session: AsyncSession, rows: Iterable[CheckIn]) -> Mapping[int, int]:
    """Of those that were answered: the how manieth it was in a row that was answered in time, however they felt."""
    wanted = {row.id: row for row in rows if row.state in ANSWERED}
    if not wanted:
        return {}
    theirs = CheckIn.person_id.in_({row.person_id for row in wanted.values()})
    over = CheckIn.state.in_((*ANSWERED, CheckInState.EXPIRED))
    counts, times = dict[int, int](), defaultdict[int, int](int)
    for row in await session.scalars(select(CheckIn).where(theirs, over).order_by(CheckIn.due_at, CheckIn.id)):
        in_time = row.answered_at is not None and row.answered_at <= row.closes_at
        times[row.person_id] = times[row.person_id] + 1 if in_time else 0
        counts[row.id] = times[row.person_id]
    return {row_id: counts[row_id] for row_id in wanted}


async def _return_checks(session: AsyncSession, ids: Collection[int]) -> Subjects:
    rows = await session.scalars(select(ReturnCheck).where(ReturnCheck.id.in_(ids)))
    return {row.id: Subject(row, row.person_id, _to_ask(row)) for row in rows}


def _to_ask(row: ReturnCheck) -> dict[str, datetime]:
    if row.state is ReturnState.PLANNED:
        return {"planned": row.due_at}
    return {"not_yet": row.again_at} if row.state is ReturnState.NOT_YET and row.again_at else {}


async def _survey_runs(session: AsyncSession, ids: Collection[int]) -> Subjects:
    """Invited, unless the agency has stopped asking that survey since."""
    rows = (await session.scalars(select(SurveyRun).where(SurveyRun.id.in_(ids)))).all()
    asked = {row.id for row in rows if row.state is SurveyState.INVITED} - await stopped_runs(session, ids)
    return {row.id: Subject(row, row.person_id, {"invited": row.invited_at} if row.id in asked else {}) for row in rows}


async def _updates(session: AsyncSession, ids: Collection[int]) -> Subjects:
    """News that is owed and has been written, and is not on its way to somebody who asked for it."""
    wanted = select(Update).where(Update.id.in_(ids)).options(joinedload(Update.case).lazyload("*"))
    return {row.id: Subject(row, row.person_id, _to_say(row)) for row in await session.scalars(wanted)}


def _to_say(row: Update) -> dict[str, datetime]:
    """For the victim, or for whom they named, by how much that one may hear."""
    if row.state is not UpdateState.OWED or row.event is None or row.heard_at:
        return {}
    given = f"for_contact_{row.nomination.scope}" if row.nomination else "recorded"
    return {given: row.again_at or row.event.known_at}


async def _update_plans(session: AsyncSession, ids: Collection[int]) -> Subjects:
    wanted = select(UpdatePlan).where(UpdatePlan.case_id.in_(ids)).options(joinedload(UpdatePlan.case).lazyload("*"))
    return {row.case_id: Subject(row, row.case.person_id, _unasked(row)) for row in await session.scalars(wanted)}


def _unasked(row: UpdatePlan) -> dict[str, datetime]:
    """How often they wish to hear has neither been asked nor said."""
    known = row.asked_at or row.agreed_at or row.unwanted_at or row.case.closed_at
    return {} if known else {"unasked": row.made_at}


async def _conditions(session: AsyncSession, ids: Collection[int]) -> Subjects:
    wanted = select(Condition).where(Condition.id.in_(ids)).options(joinedload(Condition.case).options(OF_CASE))
    rows = (await session.scalars(wanted)).all()
    asked = select(Extension.condition_id).where(Extension.condition_id.in_(ids), Extension.state == "open")
    longer = set(await session.scalars(asked))
    return {row.id: Subject(row, row.case.person_id, _due(row, asked=row.id in longer)) for row in rows}


def _due(row: Condition, *, asked: bool) -> dict[str, datetime]:
    """Open until somebody has said or decided something, or the case has been closed. `asked`: for more time.

    `quiet` counts from the day on which an early word is due, `quiet_passed` from the condition's own day.
    """
    if row.state is ConditionState.DONE and row.checked_at:
        return {"done": row.checked_at}
    if row.due_on is None or row.state is not ConditionState.OPEN or row.case.closed_at:
        return {}
    agency = row.case.person.agency
    since = {"due": at_local(row.due_on, NOON, agency.time_zone)}
    agreed = local(row.agreed_at, agency.time_zone).date()
    if row.due_on - agreed > LONG:
        since["half_way"] = at_local(agreed + (row.due_on - agreed) / 2, NOON, agency.time_zone)
    if not asked:
        early = add_working_days(row.due_on, -agency.early_days, agency.holidays)
        since |= {"quiet": at_local(early, NOON, agency.time_zone), "quiet_passed": since["due"]}
    return since


async def _case_dates(session: AsyncSession, ids: Collection[int]) -> Subjects:
    wanted = select(CaseDate).where(CaseDate.id.in_(ids)).options(joinedload(CaseDate.case).options(OF_CASE))
    return {
        row.id: Subject(row, row.case.person_id, {} if row.called_off_at or row.case.closed_at else _stands(row))
        for row in await session.scalars(wanted)
    }


def _stands(row: CaseDate) -> dict[str, datetime]:
    return {row.kind: at_local(row.on, row.clock or NOON, row.case.person.agency.time_zone)}


async def _safe_contacts(session: AsyncSession, ids: Collection[int]) -> Subjects:
    """Addresses of victims; whoever wrote first, from a number that nobody has entered, is not asked by itself. Nor is
    a provider who says by text who came: that phone is a colleague's."""
    provider = exists().where(ProviderPhone.person_id == Person.id)
    wanted = (
        select(ContactPoint, Agency.safe_again_days)
        .join(Person, Person.id == ContactPoint.person_id)
        .join(Agency, Agency.id == Person.agency_id)
        .where(ContactPoint.id.in_(ids), ContactPoint.side == Side.VICTIMS, Person.known, ~provider)
    )
    return {
        row.id: Subject(row, row.person_id, _to_ask_whether_safe(row, timedelta(days=days)))
        for row, days in await session.execute(wanted)
    }


def _to_ask_whether_safe(row: ContactPoint, again_after: timedelta) -> dict[str, datetime]:
    if row.stopped_at or row.refused_code:
        return {}
    match row.safe_state:
        case SafeContactState.UNASKED:
            return {"unasked": row.safe_since or row.created_at}
        case SafeContactState.ASKED:
            return {"asked": row.safe_since or row.created_at}
        case SafeContactState.RECORDED if row.safe_asked_at:
            return {"old": row.safe_asked_at + again_after}
    return {}


async def _tellings(session: AsyncSession, ids: Collection[int]) -> Subjects:
    rows = await session.scalars(select(Telling).where(Telling.id.in_(ids)))
    waits = TellingState.PLANNED
    return {
        row.id: Subject(row, row.person_id, {_rule_of(row): row.due_at} if row.state is waits else {}) for row in rows
    }


def _rule_of(row: Telling) -> str:
    """What has a rule of its own, so that an agency can turn it off by itself."""
    return row.topic if row.topic in OWN_RULES else "planned"


SUBJECTS: dict[str, Callable[[AsyncSession, Collection[int]], Awaitable[Subjects]]] = {
    "appointment": _appointments,
    "check_in": _check_ins,
    "return_check": _return_checks,
    "survey_run": _survey_runs,
    "update": _updates,
    "update_plan": _update_plans,
    "condition": _conditions,
    "case_date": _case_dates,
    "safe_contact": _safe_contacts,
    "telling": _tellings,
}
