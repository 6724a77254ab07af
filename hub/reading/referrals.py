"""The list of referrals, whoever waits for a worker first, with what is next and by which working day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.referral_words import BANDS, EMPTIED, ENDED, WHO
from hub.reading.wording import list_name
from hub.referrals import asking, content, steps
from hub.referrals.ages import Band
from hub.referrals.deciding import visible
from hub.states_of_support import ReferralState
from hub.store.tables import Referral, ReferralStep, Worker
from hub.times import local, say_day
from hub.working_time import add_working_days

LOOK_WITHIN, CALL_WITHIN, DECIDE_WITHIN = 2, 1, 3  # working days
VIEWS = {"waiting": "For a worker", "asked": "Waiting for an answer", "closed": "Closed"}
SHOWN_CLOSED = timedelta(days=60)
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    band: str
    since: str
    next: str
    due: str
    late: bool
    worker: str


async def rows(hub: Hub, session: AsyncSession, worker: Worker, view: str) -> list[Row]:
    """What is due first comes first."""
    wanted = select(Referral).where(visible(worker), *_in_view(hub, view))
    order = Referral.state_at.desc() if view == "closed" else Referral.made_at
    found = (await session.scalars(wanted.order_by(order).limit(MOST))).unique().all()
    touched, names = (
        await _last_touch(session, found),
        await names_of(session, {each.worker_id for each in found if each.worker_id}),
    )
    made = [(await _row(hub, session, each, touched.get(each.id, each.made_at), names)) for each in found]
    return [row for _, row in (made if view == "closed" else sorted(made, key=lambda pair: pair[0]))]


async def counts(hub: Hub, session: AsyncSession, worker: Worker) -> Mapping[str, int]:
    found = {}
    for view in VIEWS:
        counted = select(func.count(Referral.id)).where(visible(worker), *_in_view(hub, view))
        found[view] = await session.scalar(counted) or 0
    return found


async def waiting(session: AsyncSession, worker: Worker) -> int:
    """How many wait for a worker: for the navigation."""
    counted = select(func.count(Referral.id)).where(visible(worker), _waits())
    return await session.scalar(counted) or 0


def _waits() -> ColumnElement[bool]:
    open_ones = Referral.state.in_((ReferralState.RECEIVED, ReferralState.READY))
    return open_ones | ((Referral.state == ReferralState.ASKING) & (Referral.call_first != ""))


def _in_view(hub: Hub, view: str) -> Sequence[ColumnElement[bool]]:
    if view == "closed":
        return (Referral.state.in_(ENDED), Referral.state_at > hub.clock.now() - SHOWN_CLOSED)
    if view == "asked":
        return (Referral.state == ReferralState.ASKING, Referral.call_first == "")
    return (_waits(),)


async def _row(
    hub: Hub, session: AsyncSession, referral: Referral, touched: datetime, names: Mapping[int, str]
) -> tuple[date, Row]:
    found = await content.read(hub, session, referral)
    due = due_on(referral, touched)
    today = local(hub.clock.now(), referral.agency.time_zone).date()
    zone = referral.agency.time_zone
    row = Row(
        ref=referral.ref,
        name=list_name(found.said.young.name) if found else EMPTIED,
        band=BANDS[Band(referral.band)],
        since=say_day(referral.made_at, zone),
        next=next_step(referral),
        due=say_due(due, today) if referral.state in steps.OPEN else "",
        late=due < today and referral.state in steps.OPEN,
        worker=names.get(referral.worker_id or 0, ""),
    )
    return due, row


def next_step(referral: Referral) -> str:
    if referral.state in ENDED:
        return ENDED[referral.state]
    if referral.state is ReferralState.READY:
        return "Everybody has agreed: accept or decline"
    if referral.call_first:
        whose = f"{WHO[referral.asked_whom]}: " if referral.asked_whom and referral.call_first != "look" else ""
        return whose + steps.CALL_FIRST[referral.call_first]
    return f"{WHO[referral.asked_whom]} has been asked" if referral.asked_whom else "Waiting"


def due_on(referral: Referral, touched: datetime) -> date:
    zone, holidays = referral.agency.time_zone, referral.agency.holidays
    if referral.state is ReferralState.ASKING and not referral.call_first:
        return local((referral.asked_at or touched) + asking.LAPSES_AFTER, zone).date()
    days = DECIDE_WITHIN if referral.state is ReferralState.READY else CALL_WITHIN
    days = LOOK_WITHIN if referral.call_first == "look" else days
    return add_working_days(local(touched, zone).date(), days, holidays)


def say_due(due: date, today: date) -> str:
    if due == today:
        return "Due today"
    word = "Was due" if due < today else "Due"
    return f"{word} {due:%a} {due.day} {due:%B}"


async def _last_touch(session: AsyncSession, found: Sequence[Referral]) -> Mapping[int, datetime]:
    ids = [each.id for each in found]
    newest = select(ReferralStep).where(ReferralStep.referral_id.in_(ids)).order_by(ReferralStep.id)
    return {step.referral_id: step.at for step in await session.scalars(newest)}


async def names_of(session: AsyncSession, worker_ids: Collection[int]) -> Mapping[int, str]:
    wanted = select(Worker.id, Worker.name).where(Worker.id.in_(worker_ids))
    return {row.id: row.name for row in await session.execute(wanted)}
