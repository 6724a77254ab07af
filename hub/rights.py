"""The rights of the Victims' Code, one at a time: which comes next, and the record of what was told when.

The words are `victims.right_1` to `victims.right_12`; what else is worth a word is a text of `flows/rights/`.
Knows no screen and not when a right is offered (`hub/rights_offers.py`).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import tellings
from hub.core import Hub
from hub.errors import NotFound
from hub.handling import Handling
from hub.store import audit
from hub.store.tables import Person, RightsOffer, RightTold, Worker

RIGHTS = 12  # of the Victims' Code for England and Wales, 2021
REVIEW = "review"  # the Victims' Right to Review: no number of the Code
BY_TEXT, BY_WORKER = "text", "worker"


def is_right(item: str) -> bool:
    return item.isdecimal() and 1 <= int(item) <= RIGHTS


async def say(handling: Handling, item: str) -> None:
    """Tell it, and remember that it was told."""
    text_key = f"victims.right_{item}" if is_right(item) else f"rights.{item}"
    await handling.say(text_key)
    if handling.quiet:
        return
    handling.session.add(
        RightTold(
            person_id=handling.person.id,
            item=item,
            how=BY_TEXT,
            told_at=handling.now,
            message_id=handling.said[-1].id,
        )
    )
    handling.record("right_told", f"person:{handling.person.id}", right=item)


async def next_item(handling: Handling) -> str:
    """What is worth a word now and has not been told; else the right after the last one that was told."""
    told = await told_items(handling.session, handling.person.id)
    offered = await handling.session.scalar(
        select(RightsOffer.items)
        .where(RightsOffer.person_id == handling.person.id, RightsOffer.state.in_(("offered", "taken")))
        .order_by(RightsOffer.state_at.desc())
        .limit(1)
    )
    waiting = [item for item in offered or () if item not in told]
    if waiting:
        return waiting[0]
    numbers = [int(item) for item in told if is_right(item)]
    return str(numbers[-1] % RIGHTS + 1) if numbers else "1"


async def told_items(session: AsyncSession, person_id: int) -> list[str]:
    """All that they were told, in the order of telling."""
    told = select(RightTold.item).where(RightTold.person_id == person_id).order_by(RightTold.told_at, RightTold.id)
    return list(await session.scalars(told))


def record_by_worker(session: AsyncSession, worker: Worker, person: Person, item: str, now: datetime) -> None:
    """A human has told it, face to face or by phone."""
    session.add(RightTold(person_id=person.id, item=item, how=BY_WORKER, told_at=now, by_id=worker.id))
    about = f"person:{person.id}"
    audit.record(session, now, f"worker:{worker.id}", "right_told", about, person_id=person.id, right=item)


async def send(hub: Hub, session: AsyncSession, worker: Worker, person: Person, item: str) -> None:
    """A worker wishes them to know it: said when it is a good time. Raises `NotFound`."""
    if not is_right(item) and item != REVIEW:
        raise NotFound
    await tellings.plan(hub, session, person, "right", int(item) if is_right(item) else 0)
    now, about = hub.clock.now(), f"person:{person.id}"
    audit.record(session, now, f"worker:{worker.id}", "right_sent", about, person_id=person.id, right=item)
