"""An agency's name, how its texts are signed and the number that they give. Knows no page."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import MoveNotAllowed
from hub.store import audit
from hub.store.tables import Agency


async def change(
    hub: Hub, session: AsyncSession, actor: str, agency: Agency, *, name: str, short_name: str, phone: str
) -> None:
    """Raises `MoveNotAllowed` when another agency has that name."""
    wanted = {"name": name, "short_name": short_name, "phone": phone}
    changed = [field for field, value in wanted.items() if getattr(agency, field) != value]
    if "name" in changed and await session.scalar(select(Agency.id).where(Agency.name == name)):
        raise MoveNotAllowed("(another agency has that name)")
    for field in changed:
        setattr(agency, field, wanted[field])
    if changed:
        audit.record(session, hub.clock.now(), actor, "agency_changed", f"agency:{agency.id}", fields=changed)


async def change_proof(
    hub: Hub, session: AsyncSession, actor: str, agency: Agency, *, trusts_place: bool, keeps_point: bool
) -> None:
    """Whether a place alone is proof enough, and whether the point itself is needed. What was kept before stays."""
    wanted = {"trusts_place": trusts_place, "keeps_point": keeps_point}
    changed = [field for field, value in wanted.items() if getattr(agency, field) != value]
    for field in changed:
        setattr(agency, field, wanted[field])
    if changed:
        audit.record(session, hub.clock.now(), actor, "agency_changed", f"agency:{agency.id}", fields=changed)
