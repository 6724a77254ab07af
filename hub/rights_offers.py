"""After news of a case: "there is something you can ask for now". Some time later, never with the news itself.

At most one in so many days, never the same right twice, none after "no", none while a cry for help is open. One row for
each piece of news, so that a tick that comes twice offers once. Knows no screen.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import rights, tellings, when_safe
from hub.consent import AWAKE
from hub.core import Hub
from hub.escalations import cries_for_help
from hub.handling import Handling
from hub.moments import Moment
from hub.states import check_move
from hub.states_of_care import OFFER_MOVES, OfferState
from hub.store.tables import CaseEvent, RightsOffer, Update
from hub.tellings import tells
from hub.times import at_local, local
from hub.words import Awaiting
from hub.working_time import add_working_days

OFFER = "rights_offer"  # the topic, and what the open question is about
AT_ONCE = 200  # pieces of news
STALE = timedelta(days=21)  # an offer that found no good time until then says nothing new

# News that the person of the case has been told and that nobody has looked at for rights.
NOT_LOOKED_AT: ColumnElement[bool] = (
    Update.told_at.is_not(None)
    & Update.event_id.is_not(None)
    & Update.nomination_id.is_(None)
    & ~exists().where(RightsOffer.event_id == Update.event_id)
)


async def plan_due(hub: Hub, session: AsyncSession) -> int:
    """Look at the news that has been told. Returns how many pieces."""
    fresh = Update.told_at > hub.clock.now() - STALE  # so that years of news are not walked at every tick
    wanted = select(Update).where(NOT_LOOKED_AT, fresh).order_by(Update.id).limit(AT_ONCE)
    found = (await session.scalars(wanted.with_for_update(skip_locked=True, of=Update))).all()
    for news in found:
        if news.event and news.told_at:
            await _plan(hub, session, news.event, news.told_at)
    return len(found)


async def _plan(hub: Hub, session: AsyncSession, event: CaseEvent, told_at: datetime) -> None:
    person, now = event.case.person, hub.clock.now()
    moment = hub.flows.moments.by_milestone.get(event.milestone)
    items = await _new_items(session, person.id, moment)
    state = OfferState.PLANNED if items and moment else OfferState.LEFT_OUT
    offer = RightsOffer(person_id=person.id, event_id=event.id, items=items, state=state, state_at=now)
    session.add(offer)
    await session.flush()
    if state is OfferState.PLANNED and moment:
        await tellings.plan(hub, session, person, OFFER, offer.id, moment.due(told_at, person.agency))


async def _new_items(session: AsyncSession, person_id: int, moment: Moment | None) -> list[str]:
    """Those of the moment that they have neither been told nor offered."""
    if moment is None:
        return []
    offered = await session.scalars(select(RightsOffer.items).where(RightsOffer.person_id == person_id))
    known = {item for items in offered for item in items} | set(await rights.told_items(session, person_id))
    return [item for item in moment.items if item not in known]


async def _when(handling: Handling, number: int) -> datetime | None:
    """Now, or when the week is over and nobody cries for help; never after a no, or when it has been told."""
    offer = await handling.session.get_one(RightsOffer, number)
    told = await rights.told_items(handling.session, handling.person.id)
    told_at = await _told_at(handling.session, offer)
    late = told_at is not None and handling.now - told_at > STALE
    if late or await has_declined(handling.session, offer.person_id) or all(item in told for item in offer.items):
        _move(offer, OfferState.LEFT_OUT, handling.now)
        return None
    if await cries_for_help(handling.session, offer.person_id):
        return _next_morning(handling)
    last = await _last_offered(handling.session, offer.person_id)
    apart = timedelta(days=handling.hub.flows.moments.days_apart)
    return max(handling.now, last + apart) if last else handling.now


@tells(OFFER, first="rights.offer", when=_when, patient=True)
async def _offer(handling: Handling, number: int) -> None:
    offer = await handling.session.get_one(RightsOffer, number)
    if offer.state is OfferState.PLANNED:
        _move(offer, OfferState.OFFERED, handling.now)
        handling.record("rights_offered", f"rights_offer:{offer.id}")
    await handling.ask("rights.offer", Awaiting.SURVEY_YES_NO, subject=(OFFER, offer.id), lasts=timedelta(days=7))


async def take(handling: Handling, offer: RightsOffer) -> None:
    """Yes: the first of them; the others follow with RIGHTS. A yes that came late is asked again whether it is safe."""
    asked_at = handling.prompt.asked_at if handling.prompt else handling.now
    if offer.state in {OfferState.OFFERED, OfferState.DECLINED}:
        _move(offer, OfferState.TAKEN, handling.now)
    await handling.answered()
    if handling.now - asked_at > AWAKE:
        return await when_safe.tell(handling, "rights")
    await rights.say(handling, await rights.next_item(handling))


async def decline(handling: Handling, offer: RightsOffer) -> None:
    """No: no offer is made any more; RIGHTS still works."""
    if offer.state is OfferState.OFFERED:
        _move(offer, OfferState.DECLINED, handling.now)
    handling.record("rights_declined", f"rights_offer:{offer.id}")
    await handling.answered()
    await handling.say("rights.no_more")


async def has_declined(session: AsyncSession, person_id: int) -> bool:
    no = select(RightsOffer.id).where(RightsOffer.person_id == person_id, RightsOffer.state == OfferState.DECLINED)
    return await session.scalar(no.limit(1)) is not None


async def _told_at(session: AsyncSession, offer: RightsOffer) -> datetime | None:
    theirs = (Update.event_id == offer.event_id, Update.nomination_id.is_(None))
    found: datetime | None = await session.scalar(select(func.min(Update.told_at)).where(*theirs))
    return found


async def _last_offered(session: AsyncSession, person_id: int) -> datetime | None:
    reached = RightsOffer.state.in_((OfferState.OFFERED, OfferState.TAKEN))
    newest = select(RightsOffer.state_at).where(RightsOffer.person_id == person_id, reached)
    found: datetime | None = await session.scalar(newest.order_by(RightsOffer.state_at.desc()).limit(1))
    return found


def _next_morning(handling: Handling) -> datetime:
    agency = handling.agency
    day = add_working_days(local(handling.now, agency.time_zone).date(), 1, agency.holidays)
    return at_local(day, agency.open_from, agency.time_zone) + timedelta(hours=2)


def _move(offer: RightsOffer, to: OfferState, now: datetime) -> None:
    offer.state, offer.state_at = check_move(OFFER_MOVES, offer.state, to), now
