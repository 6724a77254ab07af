"""Whether a key works, and for what. The first request of everybody who sets something up."""

from fastapi import APIRouter

from hub.errors import NotFound
from hub.store.tables import Agency
from inbox.api.asked import Asked
from inbox.api.problems import ProblemRoute
from inbox.api.shapes import Check

routes = APIRouter(route_class=ProblemRoute, tags=["Check"])


@routes.get("/check", response_model=Check)
async def check_the_key(asked: Asked) -> Check:
    """Which agency and side this key sees, and what time it is here."""
    async with asked.reading() as session:
        agency = await session.get(Agency, asked.agency_id)
    if agency is None:
        raise NotFound("(agency)")
    return Check(agency=agency.name, side=asked.side, now=asked.hub.clock.now())
