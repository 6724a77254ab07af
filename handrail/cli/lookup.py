"""Finds what commands name: an agency by its name, a line by its address, a worker by their e-mail.

Must not know any command.
"""

from typing import TYPE_CHECKING

from hub.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from hub.store.tables import Agency, Line, Worker


async def agency(session: "AsyncSession", name: str) -> "Agency":
    """The agency of that name; without a name, the only one. Raises `NotFound` with what there is."""
    from sqlalchemy import select

    from hub.store.tables import Agency

    known = (await session.scalars(select(Agency).order_by(Agency.name))).all()
    fitting = [each for each in known if name in ("", each.name, each.short_name)]
    if len(fitting) == 1:
        return fitting[0]
    if not known:
        raise NotFound("(there is no agency yet: run `handrail agencies add`)")
    raise NotFound(f"(name one with --agency: {', '.join(each.name for each in known)})")


async def line(session: "AsyncSession", address: str) -> "Line":
    """Raises `NotFound`."""
    from sqlalchemy import select

    from hub.store.tables import Line

    found: Line | None = await session.scalar(select(Line).where(Line.address == address.strip()))
    if found is None:
        raise NotFound(f"({address}: see `handrail lines list`)")
    return found


async def worker(session: "AsyncSession", email: str) -> "Worker":
    """Raises `NotFound`."""
    from sqlalchemy import select

    from hub.store.tables import Worker

    found: Worker | None = await session.scalar(select(Worker).where(Worker.email == email.strip().lower()))
    if found is None:
        raise NotFound(f"({email})")
    return found
