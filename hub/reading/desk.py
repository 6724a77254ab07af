"""What lies beside the reply box: the worker's draft, ready texts, when it could go out later, who could take over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hub import later
from hub.core import Hub
from hub.drafts import Begun, find
from hub.passing import colleagues
from hub.reading.ready_texts import Offer, offers
from hub.store.tables import Appointment, Conversation, Worker
from hub.times import local, say_time, say_when


@dataclass(frozen=True, slots=True)
class Desk:
    draft: Begun | None
    began: str  # "at 10:12am", "on Tue 3 March at 10:12am"
    ready: dict[str, list[Offer]]  # by heading
    hours: str
    proposed: datetime  # on the agency's clock
    proposed_time: str
    colleagues: list[Worker]


async def desk_of(
    hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, coming: Appointment | None
) -> Desk:
    zone, now = conversation.person.agency.time_zone, hub.clock.now()
    draft = await find(hub, session, worker, conversation)
    proposed = later.proposed(conversation, now)
    return Desk(
        draft=draft,
        began=_moment(draft.began_at, now, zone) if draft else "",
        ready=_by_heading(offers(hub, worker, conversation, coming)),
        hours=later.hours_in_words(conversation),
        proposed=local(proposed, zone),
        proposed_time=say_time(proposed, zone),
        colleagues=await colleagues(session, worker),
    )


def _moment(at: datetime, now: datetime, zone: str) -> str:
    today = local(at, zone).date() == local(now, zone).date()
    return f"at {say_time(at, zone)}" if today else f"on {say_when(at, zone)}"


def _by_heading(found: list[Offer]) -> dict[str, list[Offer]]:
    headings: dict[str, list[Offer]] = {}
    for offer in found:
        headings.setdefault(offer.under, []).append(offer)
    return headings
