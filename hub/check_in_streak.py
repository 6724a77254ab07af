"""How many check-ins in a row went well: felt all right, needed nothing, answered in time. Knows no text.

Thanks for what goes well outweigh warnings in how people keep to what was agreed (Wodahl et al. 2011: four to one).
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.check_ins import LOW
from hub.states import CheckInState
from hub.store.tables import CheckIn

EVERY = 3  # good ones in a row earn a word of thanks
LOOKED_AT = 60  # check-ins: more than a year of weekly ones
OVER = (CheckInState.ANSWERED, CheckInState.REVIEWED, CheckInState.EXPIRED)


async def streak(session: AsyncSession, person_id: int) -> int:
    """Counted from the newest backwards; one that is still open counts neither way."""
    newest = select(CheckIn).where(CheckIn.person_id == person_id, CheckIn.state.in_(OVER))
    return in_a_row(await session.scalars(newest.order_by(CheckIn.due_at.desc()).limit(LOOKED_AT)))


def in_a_row(newest_first: Iterable[CheckIn]) -> int:
    count = 0
    for check_in in newest_first:
        if not went_well(check_in):
            break
        count += 1
    return count


def went_well(check_in: CheckIn) -> bool:
    if check_in.feeling is None or check_in.answered_at is None:
        return False
    return check_in.feeling < LOW and not check_in.needs and check_in.answered_at <= check_in.closes_at
