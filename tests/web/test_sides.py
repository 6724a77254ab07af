"""Two sides never meet: no page, picture, search or live signal of one side tells anything of the other."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select
from starlette.requests import Request

from hub import appointments, escalations
from hub.ports import Media
from hub.store.tables import Appointment, Conversation, MediaFile, Person, Proof
from hub.words import ChannelKind, Role, Side, WorkerRole
from inbox.login import SESSION
from inbox.pages.live import events
from tests.web.conftest import Enter, Visitor
from tests.world import LINES, World

pytestmark = pytest.mark.slow

NAMES = {Side.SUPERVISION: ("Sam Carter", "+447700900101"), Side.VICTIMS: ("Vera Lind", "+447700900202")}
OTHER = {Side.SUPERVISION: Side.VICTIMS, Side.VICTIMS: Side.SUPERVISION}


async def full_life(world: World, side: Side) -> None:
    """Somebody of this side with all that a page can show: talk, appointment, photo, proof, a reason to look."""
    name, number = NAMES[side]
    async with world.hub.store.transaction() as session:
        role = Role.VICTIM if side is Side.VICTIMS else Role.SUPERVISED
        person, conversation = await world.person(session, role=role, name=name, address=number)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(minutes=5),
            with_whom="Priya",
            place=f"Place of {name}",
            proof_wanted=True,
        )
        await escalations.escalate(session, conversation, "wants_a_person", world.clock.now())
    await world.push(minutes=6)
    kept = BytesIO()
    Image.new("RGB", (40, 40), "red").save(kept, "PNG")
    media = (Media(kept.getvalue(), "image/png", "a.png"),)
    line = LINES[side, ChannelKind.SMS]
    await world.simulator.text(number, line, f"words of {name}", media=media, channel=ChannelKind.SMS)
    await world.settle()


@pytest.fixture
async def both(world: World) -> None:
    for side in Side:
        await full_life(world, side)


async def pages_about(world: World, side: Side) -> list[str]:
    """Every address that stands for somebody of this side."""
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.side == side))).one()
        appointment = (await session.scalars(select(Appointment.ref).where(Appointment.person_id == person.id))).one()
        proof = (await session.scalars(select(Proof.ref).where(Proof.person_id == person.id))).one()
        media = (await session.scalars(select(MediaFile.id).where(MediaFile.person_id == person.id))).one()
    return [
        f"/people/{person.ref}",
        f"/people/{person.ref}/messages",
        f"/people/{person.ref}/messages/stream",
        f"/appointments/{appointment}",
        f"/proofs/{proof}",
        f"/media/{media}",
    ]


async def lists(visitor: Visitor) -> str:
    """All that the lists and the search show, in one text."""
    views = ("attention", "mine", "unassigned", "waiting", "done")
    paths = [*(f"/inbox?view={view}" for view in views), "/appointments?day=2026-03-02", "/proofs", "/people"]
    found = [await visitor.get(path) for path in paths]
    found += [await visitor.post("/people", words=words) for words in ("carter", "lind", "a")]
    assert {page.status_code for page in found} == {200}
    return "\n".join(page.text for page in found)


@pytest.mark.parametrize("role", [WorkerRole.WORKER, WorkerRole.SUPERVISOR])
@pytest.mark.parametrize("side", list(Side))
async def test_no_page_of_one_side_shows_the_other(
    world: World, enter: Enter, both: None, side: Side, role: WorkerRole
) -> None:
    worker = await enter(side, role=role)
    for path in await pages_about(world, side):
        assert (await worker.get(path)).status_code == 200, path
    for path in await pages_about(world, OTHER[side]):
        refused = await worker.get(path)
        assert refused.status_code == 404, path
        assert NAMES[OTHER[side]][0].split(" ")[1] not in refused.text
    shown = await lists(worker)
    assert NAMES[side][0].split(" ")[1] in shown
    assert NAMES[OTHER[side]][0].split(" ")[1] not in shown
    assert f"words of {NAMES[OTHER[side]][0]}" not in shown


@pytest.mark.parametrize("side", list(Side))
async def test_no_form_of_one_side_changes_the_other(world: World, enter: Enter, both: None, side: Side) -> None:
    worker = await enter(side)
    person, _, _, appointment, proof, _ = await pages_about(world, OTHER[side])
    async with world.hub.store.transaction() as session:
        theirs = select(Conversation.id).join(Person).where(Person.side == OTHER[side])
        conversation = (await session.scalars(theirs)).one()
    attempts: dict[str, dict[str, object]] = {
        f"{person}/messages": {"conversation": conversation, "body": "Hello"},
        f"{person}/notes": {"conversation": conversation, "note": "Hello"},
        f"{person}/take-over": {"conversation": conversation},
        f"{person}/unread": {"conversation": conversation},
        f"{appointment}/cancel": {},
        f"{appointment}/outcome": {"outcome": "attended"},
        f"{appointment}/move": {"day": "2026-03-12", "clock": "15:30", "sure": "yes"},
        proof: {"decision": "accept"},
    }
    for path, fields in attempts.items():
        assert (await worker.post(path, **fields)).status_code == 404, path


@pytest.mark.parametrize("side", list(Side))
async def test_no_live_signal_of_one_side_reaches_the_other(
    world: World, app: FastAPI, enter: Enter, both: None, side: Side
) -> None:
    worker = await enter(side)
    async with world.hub.store.transaction() as session:
        found = await session.execute(select(Person.side, Conversation.id).join(Conversation.person))
        ids = dict(found.all())
    cookie = f"{SESSION}={worker.http.cookies[SESSION]}".encode()
    request = Request(
        {"type": "http", "app": app, "method": "GET", "path": "/events", "headers": [(b"cookie", cookie)]}
    )
    talking = asyncio.create_task(_keep_talking(world, first=OTHER[side], then=side))
    heard = ""
    try:
        async with asyncio.timeout(30):
            async for part in (await events(request, app.state.web)).body_iterator:
                heard += str(part)
                if heard.count(f"event: conversation-{ids[side]}\n") >= 2:
                    break
    finally:
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        await app.state.web.live.close()
    assert f"conversation-{ids[OTHER[side]]}\n" not in heard
    assert f"data: {ids[OTHER[side]]}\n" not in heard


async def _keep_talking(world: World, *, first: Side, then: Side) -> None:
    """Both sides write in turn until nobody listens any more: the first word may come before the listener."""
    number = 0
    while True:
        for side in (first, then):
            await world.text(f"word {number}", NAMES[side][1], LINES[side, ChannelKind.SMS])
        number += 1
