"""What a worker sees of somebody's support: services that fit, what they asked for, what waits. Knows no page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub import services, support_areas, support_work
from hub.core import Hub
from hub.services import Service
from hub.states_of_care import SupportState, TellingState
from hub.store.tables import Person, SupportRequest, Worker
from hub.support_talk import ABOUT
from hub.tellings import last
from hub.texts import DEFAULT_LANGUAGE
from hub.times import say_when

MOST = 12  # services that a search shows
_STATES = {
    SupportState.CHOOSING: "Has not chosen yet",
    SupportState.LISTED: "Has the numbers",
    SupportState.WANTS_CALL: "Wants a call",
    SupportState.NO_CALL: "Has the numbers, wants no call",
    SupportState.PASSED_ON: "A service was asked to call",
    SupportState.NOT_NEEDED: "Settled otherwise",
}
_NOT_TOLD = {
    TellingState.PLANNED: "Goes out at the next good time",
    TellingState.ASKED: "Asked whether it is a good time",
    TellingState.OFF: "Was not told",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One asking for help. `passed`: who may be asked to call: key and name, while that waits for a worker."""

    number: int
    need: str
    when: str
    by: str
    state: str
    waits: bool
    services: list[str]
    callers: list[tuple[str, str]]
    agreed: str  # when they agreed to a call; empty when they have not
    closed: str


async def search(hub: Hub, session: AsyncSession, person: Person, need: str, area: str) -> list[Service]:
    """The best first; of every need when none is given."""
    known = await services.all_of(hub, session, person.agency, person.side)
    return services.best(known, need, area, person.language, MOST)


async def requests(hub: Hub, session: AsyncSession, person: Person) -> list[Request]:
    """The newest first."""
    return [await _row(hub, session, person, each) for each in await support_work.of_person(session, person)]


def needs(hub: Hub) -> list[tuple[str, str]]:
    words = hub.flows.support
    return [(name, words.need_in_words(name, DEFAULT_LANGUAGE).capitalize()) for name in words.needs]


async def area(hub: Hub, session: AsyncSession, person: Person) -> str:
    return await support_areas.area_of(hub, session, person)


async def _row(hub: Hub, session: AsyncSession, person: Person, row: SupportRequest) -> Request:
    zone = person.agency.time_zone
    told = await services.named(hub, session, person.agency, person.side, row.services)
    known = told or await services.all_of(hub, session, person.agency, person.side)
    by = await session.get(Worker, row.made_by_id) if row.made_by_id else None
    closer = await session.get(Worker, row.closed_by_id) if row.closed_by_id else None
    waits = row.state is SupportState.WANTS_CALL
    return Request(
        number=row.id,
        need=hub.flows.support.need_in_words(row.need, DEFAULT_LANGUAGE).capitalize() if row.need else "Any help",
        when=say_when(row.made_at, zone),
        by=by.name if by else "",
        state=await _state(session, row),
        waits=waits,
        services=[each.name for each in told],
        callers=[(each.key, each.name) for each in known if each.calls_back] if waits else [],
        agreed=say_when(row.answered_at, zone) if row.answered_at and row.state in _AGREED else "",
        closed=_closed(row, told, closer, zone),
    )


_AGREED = frozenset({SupportState.WANTS_CALL, SupportState.PASSED_ON, SupportState.NOT_NEEDED})


async def _state(session: AsyncSession, row: SupportRequest) -> str:
    """Of what a worker sent: how far the sending has come."""
    telling = await last(session, ABOUT, row.id) if row.made_by_id and row.state is SupportState.CHOOSING else None
    return _NOT_TOLD.get(telling.state, _STATES[row.state]) if telling else _STATES[row.state]


def _closed(row: SupportRequest, told: Sequence[Service], closer: Worker | None, zone: str) -> str:
    if row.closed_at is None:
        return ""
    passed = next((each.name for each in told if each.key == row.passed_to), "")
    who = closer.name if closer else "a worker"
    return f"{passed + ', ' if passed else ''}{say_when(row.closed_at, zone)}, {who}"
