"""What transcripts say of rights, support services, restorative justice and views on a proposal."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import proposals, restorative, rights, services, support_areas, support_work
from hub.proposals import Wish
from hub.restorative import Step
from hub.services import Entry
from hub.states_of_care import RestorativeState
from hub.store.tables import Case, Person, Proposal, Restorative, SupportRequest, View, Worker
from hub.times import local

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

ZONE = "Europe/London"
Reader = Callable[["Replay", AsyncSession], Awaitable[object]]
Act = Callable[["Replay", AsyncSession, Any], Awaitable[None]]


async def give_care(replay: "Replay", session: AsyncSession, person: Person, given: dict[str, Any]) -> None:
    """`services`: entries of the agency; `area`: the first half of their postcode."""
    hub, worker = replay.world.hub, await _worker(replay, session)
    for entry in given.get("services", ()):
        known = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
        house = (person.agency_id, person.side)
        await services.save(hub, session, f"worker:{worker.id}", house, Entry(**known))
    if "area" in given:
        await support_areas.entered(hub, session, worker, person, given["area"])


async def _send_service(replay: "Replay", session: AsyncSession, name: str) -> None:
    worker, person = await _worker(replay, session), await session.get_one(Person, replay.person_id)
    known = await services.all_of(replay.world.hub, session, person.agency, person.side)
    key = next(service.key for service in known if service.name == name)
    await support_work.send(replay.world.hub, session, worker, person, key, "talk")


async def _pass_on(replay: "Replay", session: AsyncSession, _value: Any) -> None:
    request = await replay.last(session, SupportRequest)
    worker = await _worker(replay, session)
    await support_work.pass_on(replay.world.hub, session, worker, request, request.services[0])


async def _send_right(replay: "Replay", session: AsyncSession, item: int) -> None:
    person = await session.get_one(Person, replay.person_id)
    await rights.send(replay.world.hub, session, await _worker(replay, session), person, str(item))


async def _offer_restorative(replay: "Replay", session: AsyncSession, _value: Any) -> None:
    person = await session.get_one(Person, replay.person_id)
    await restorative.offer(replay.world.hub, session, await _worker(replay, session), person)


async def _step(replay: "Replay", session: AsyncSession, value: dict[str, Any]) -> None:
    """`to` a state, with `agreed` in words and `meeting` as a day and a time."""
    when = replay.moment(value["meeting"]["in_days"], value["meeting"]["at"]) if "meeting" in value else None
    step = Step(RestorativeState(value["to"]), agreed=value.get("agreed", ""), meeting_at=when)
    row = await replay.last(session, Restorative)
    await restorative.take_step(replay.world.hub, session, await _worker(replay, session), row, step)


async def _propose(replay: "Replay", session: AsyncSession, value: dict[str, Any]) -> None:
    by = local(replay.world.clock.now(), ZONE).date() + timedelta(days=value["in_days"])
    wish = Wish(value["words"], value.get("reason", ""), by)
    worker = await _worker(replay, session)
    await proposals.propose(replay.world.hub, session, worker, await replay.last(session, Case), wish)


async def _decide(replay: "Replay", session: AsyncSession, value: dict[str, Any]) -> None:
    proposal = await replay.last(session, Proposal)
    worker = await _worker(replay, session)
    await proposals.decide(replay.world.hub, session, worker, proposal, value["is"], value["why"])


CARE: dict[str, Act] = {
    "send_service": _send_service,
    "pass_on": _pass_on,
    "send_right": _send_right,
    "offer_restorative": _offer_restorative,
    "restorative": _step,
    "propose": _propose,
    "decide": _decide,
}


async def _state(replay: "Replay", session: AsyncSession, table: Any) -> object:
    return str((await replay.last(session, table)).state.value)


async def _rights(replay: "Replay", session: AsyncSession) -> object:
    return await rights.told_items(session, replay.person_id)


async def _support(replay: "Replay", session: AsyncSession) -> object:
    return await _state(replay, session, SupportRequest)


async def _restorative(replay: "Replay", session: AsyncSession) -> object:
    return await _state(replay, session, Restorative)


async def _proposal(replay: "Replay", session: AsyncSession) -> object:
    return await _state(replay, session, Proposal)


async def _views(_replay: "Replay", session: AsyncSession) -> object:
    return [view.answer for view in await session.scalars(select(View).order_by(View.id))]


STATES: dict[str, Reader] = {
    "rights": _rights,
    "support": _support,
    "restorative": _restorative,
    "proposal": _proposal,
    "views": _views,
}


async def _worker(replay: "Replay", session: AsyncSession) -> Worker:
    return await session.get_one(Worker, replay.world.workers[replay.side])
