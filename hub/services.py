"""Support services: an agency's own beside the national ones, and which are the best for a need and an area.

Best: an agency's own before the national, those of the area before those for everywhere, those in the person's
language before others. Knows neither texts nor screens.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.store import audit
from hub.store.tables import Agency, SupportService, Worker
from hub.support_data import NATIONAL, National
from hub.texts import DEFAULT_LANGUAGE
from hub.words import Side

BEST = 2  # a text with more of them is not read


@dataclass(frozen=True, slots=True)
class Service:
    """One that can be named to somebody. `key` is what is kept of it."""

    key: str
    name: str
    needs: tuple[str, ...]
    areas: tuple[str, ...]
    phone: str
    text_number: str = ""
    web: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    who_for: str = ""
    source: str = ""
    calls_back: bool = True

    @property
    def national(self) -> bool:
        return self.key.startswith(NATIONAL)

    def in_a_text(self) -> str:
        """ "Victim Support, 0808 168 9111, day and night." """
        way = self.phone or (f"text {self.text_number}" if self.text_number else self.web)
        return ", ".join(filter(None, (self.name, way, self.hours))).rstrip(".") + "."


@dataclass(frozen=True, slots=True)
class Entry:
    """What a supervisor enters, or a row of a file."""

    name: str
    needs: tuple[str, ...]
    areas: tuple[str, ...] = ()
    phone: str = ""
    text_number: str = ""
    web: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    who_for: str = ""


async def all_of(hub: Hub, session: AsyncSession, agency: Agency, side: Side) -> list[Service]:
    """The agency's own by name, then the national ones for its part of the country."""
    return [_of_agency(row) for row in await own(session, agency.id, side)] + national(hub, agency, side)


async def own(session: AsyncSession, agency_id: int, side: Side) -> Sequence[SupportService]:
    """Those that the agency has entered and not taken away."""
    here = SupportService.agency_id == agency_id, SupportService.side == side, SupportService.ended_at.is_(None)
    return (await session.scalars(select(SupportService).where(*here).order_by(SupportService.name))).all()


def national(hub: Hub, agency: Agency, side: Side) -> list[Service]:
    wanted = [each for each in hub.flows.support.national if side in each.sides]
    return [_of_country(each) for each in wanted if each.where in {"", agency.holidays}]


def best(services: Collection[Service], need: str, area: str, language: str, most: int = BEST) -> list[Service]:
    """For a need ("" is any), near an area ("" is unknown: only those for everywhere)."""
    fitting = [
        service
        for service in services
        if (not need or need in service.needs) and (not service.areas or area in service.areas)
    ]

    def first(service: Service) -> tuple[bool, bool, bool]:
        foreign = language != DEFAULT_LANGUAGE and language not in service.languages
        return (service.national, not service.areas, foreign)

    return sorted(fitting, key=first)[:most]


async def named(hub: Hub, session: AsyncSession, agency: Agency, side: Side, keys: Sequence[str]) -> list[Service]:
    """Those with these keys, also when they have been taken away since; in the order of the keys."""
    ids = [int(key) for key in keys if key.isdecimal()]
    of_house = SupportService.agency_id == agency.id, SupportService.side == side
    rows = await session.scalars(select(SupportService).where(SupportService.id.in_(ids), *of_house))
    known = {str(row.id): _of_agency(row) for row in rows}
    known |= {each.key: _of_country(each) for each in hub.flows.support.national if side in each.sides}
    return [known[key] for key in keys if key in known]


async def get(session: AsyncSession, worker: Worker, number: int) -> SupportService:
    """One of the worker's house. Raises `NotFound`."""
    service = await session.get(SupportService, number)
    house = (worker.team.agency_id, worker.team.side)
    if service is None or service.ended_at or (service.agency_id, service.side) != house:
        raise NotFound
    return service


async def save(
    hub: Hub, session: AsyncSession, actor: str, house: tuple[int, Side], entry: Entry, number: int | None = None
) -> str:
    """Enter it, or bring the one of that name (or `number`) up to date. Says which: new, changed or same."""
    row = await session.get(SupportService, number) if number else await _by_name(session, house, entry.name)
    before = _entry_of(row) if row and not row.ended_at else None
    if before == entry:
        return "same"
    if row is None:
        row = SupportService(agency_id=house[0], side=house[1])
        session.add(row)
    for field in Entry.__dataclass_fields__:
        value = getattr(entry, field)
        setattr(row, field, list(value) if isinstance(value, tuple) else value)
    row.changed_at, row.ended_at, row.by_id = hub.clock.now(), None, _worker_in(actor)
    await session.flush()
    audit.record(session, hub.clock.now(), actor, "service_set", f"support_service:{row.id}")
    return "changed" if before else "new"


async def end(hub: Hub, session: AsyncSession, worker: Worker, number: int) -> None:
    """Nobody is told of it any more. Raises `NotFound`."""
    service = await get(session, worker, number)
    service.ended_at = hub.clock.now()
    audit.record(session, service.ended_at, f"worker:{worker.id}", "service_ended", f"support_service:{service.id}")


async def _by_name(session: AsyncSession, house: tuple[int, Side], name: str) -> SupportService | None:
    wanted = (SupportService.agency_id == house[0], SupportService.side == house[1], SupportService.name == name)
    found: SupportService | None = await session.scalar(select(SupportService).where(*wanted))
    return found


def _entry_of(row: SupportService) -> Entry:
    return Entry(
        name=row.name,
        needs=tuple(row.needs),
        areas=tuple(row.areas),
        phone=row.phone,
        text_number=row.text_number,
        web=row.web,
        hours=row.hours,
        languages=tuple(row.languages),
        who_for=row.who_for,
    )


def _of_agency(row: SupportService) -> Service:
    entry = _entry_of(row)
    return Service(key=str(row.id), **{field: getattr(entry, field) for field in Entry.__dataclass_fields__})


def _of_country(each: National) -> Service:
    return Service(
        key=each.key,
        name=each.name,
        needs=each.needs,
        areas=(),
        phone=each.phone,
        hours=each.hours,
        source=each.source,
        calls_back=each.calls_back,
    )


def _worker_in(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "worker" else None
