"""What a worker does about support: sends a service, passes a request on, closes it. Knows no screen."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, services, tellings
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.states import check_move
from hub.states_of_care import SUPPORT_MOVES, SupportState
from hub.store import audit
from hub.store.tables import Person, SupportRequest, Worker
from hub.support_talk import ABOUT


async def send(hub: Hub, session: AsyncSession, worker: Worker, person: Person, key: str, need: str) -> SupportRequest:
    """Name a service to somebody, when it is a good time. Raises `NotAllowed`."""
    if not await services.named(hub, session, person.agency, person.side, [key]):
        raise NotAllowed("This service is not there any more. Search again.")
    now = hub.clock.now()
    request = SupportRequest(
        person_id=person.id,
        need=need if need in hub.flows.support.needs else "",
        services=[key],
        state=SupportState.CHOOSING,
        made_at=now,
        made_by_id=worker.id,
    )
    session.add(request)
    await session.flush()
    about = f"{ABOUT}:{request.id}"
    audit.record(session, now, f"worker:{worker.id}", "support_sent", about, person_id=person.id)
    await tellings.plan(hub, session, person, ABOUT, request.id)
    return request


async def of_person(session: AsyncSession, person: Person) -> Sequence[SupportRequest]:
    """The newest first."""
    theirs = select(SupportRequest).where(SupportRequest.person_id == person.id)
    return (await session.scalars(theirs.order_by(SupportRequest.id.desc()))).all()


async def get(session: AsyncSession, person: Person, number: int) -> SupportRequest:
    """Locked: of two workers who act at once, one is told. Raises `NotFound`."""
    wanted = select(SupportRequest).where(SupportRequest.id == number, SupportRequest.person_id == person.id)
    found: SupportRequest | None = await session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found


async def pass_on(hub: Hub, session: AsyncSession, worker: Worker, request: SupportRequest, key: str) -> None:
    """The service has been asked to call. Only with the person's own yes. Raises `MoveNotAllowed`, `NotAllowed`."""
    person = await session.get_one(Person, request.person_id)
    told = await services.named(hub, session, person.agency, person.side, request.services)
    if told and key not in {each.key for each in told if each.calls_back}:
        raise NotAllowed("They agreed to be called by the services that they were told of, and by no other.")
    request.state = check_move(SUPPORT_MOVES, request.state, SupportState.PASSED_ON)
    request.passed_to = key
    await _close(hub, session, worker, request, "support_passed_on")


async def set_aside(hub: Hub, session: AsyncSession, worker: Worker, request: SupportRequest) -> None:
    """Settled otherwise. Raises `MoveNotAllowed`."""
    request.state = check_move(SUPPORT_MOVES, request.state, SupportState.NOT_NEEDED)
    await _close(hub, session, worker, request, "support_not_needed")


async def _close(hub: Hub, session: AsyncSession, worker: Worker, request: SupportRequest, what: str) -> None:
    now, about = hub.clock.now(), f"{ABOUT}:{request.id}"
    request.closed_at, request.closed_by_id = now, worker.id
    audit.record(session, now, f"worker:{worker.id}", what, about, person_id=request.person_id)
    await escalations.settle(session, request.person_id, ["needs_support"], worker.id, what, now, detail=about)
