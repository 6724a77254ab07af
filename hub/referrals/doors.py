"""Whether an agency takes referrals, under which word its form stands, and how many may come in. Knows no page.

The form is open to everybody, so its limits are: a number a day from one address, and a number a day for an agency.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork, NotAllowed
from hub.store import audit
from hub.store.tables import ReferralDoor, ReferralTry

WORD = re.compile(r"[a-z][a-z0-9-]{2,29}")
OURS = frozenset({"status", "answer"})  # addresses of other pages
A_DAY = timedelta(days=1)
FROM_ONE_ADDRESS = 10  # a school has one address for all its teachers
FOR_ONE_AGENCY = 200
TAKEN = "Another agency has that word. Choose another one."


async def of_agency(session: AsyncSession, agency_id: int) -> ReferralDoor | None:
    return await session.get(ReferralDoor, agency_id)


async def find(session: AsyncSession, word: str) -> ReferralDoor:
    """Raises `LinkDoesNotWork` when no form stands there, or it is closed."""
    found: ReferralDoor | None = await session.scalar(
        select(ReferralDoor).where(ReferralDoor.word == word, ReferralDoor.is_open)
    )
    if found is None:
        raise LinkDoesNotWork
    return found


async def set_door(
    hub: Hub, session: AsyncSession, actor: str, agency_id: int, *, word: str, is_open: bool, adults: bool
) -> ReferralDoor:
    """Raises `NotAllowed` for a word that cannot stand in an address, or is another agency's."""
    if not WORD.fullmatch(word) or word in OURS:
        raise NotAllowed("Use 3 to 30 small letters, numbers and hyphens, and begin with a letter.")
    other = select(ReferralDoor.agency_id).where(ReferralDoor.word == word, ReferralDoor.agency_id != agency_id)
    if await session.scalar(other) is not None:
        raise NotAllowed(TAKEN)
    door = await of_agency(session, agency_id)
    if door is None:
        door = ReferralDoor(agency_id=agency_id)
        session.add(door)
    door.word, door.is_open, door.adults = word, is_open, adults
    await session.flush()
    await session.refresh(door, ["agency"])
    facts = {"open": is_open, "adults": adults}
    audit.record(session, hub.clock.now(), actor, "referrals_set", f"agency:{agency_id}", **facts)
    return door


async def has_room(hub: Hub, session: AsyncSession, agency_id: int, address: str) -> bool:
    """Whether one more may be sent from there today; it counts from now on."""
    now = hub.clock.now()
    mark = hub.vault.keyed("referral from", f"{now:%Y-%m-%d} {address}")
    lately = ReferralTry.agency_id == agency_id, ReferralTry.at > now - A_DAY
    for limit, which in ((FOR_ONE_AGENCY, ()), (FROM_ONE_ADDRESS, (ReferralTry.mark == mark,))):
        if (await session.scalar(select(func.count(ReferralTry.id)).where(*lately, *which)) or 0) >= limit:
            return False
    session.add(ReferralTry(agency_id=agency_id, mark=mark, at=now))
    return True


async def forget_tries(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(ReferralTry).where(ReferralTry.at <= now - A_DAY))
