"""A photo as proof, and the worker who decides whether it counts."""

import pytest
from sqlalchemy import select

from hub.ports import Media
from hub.states import ProofState
from hub.store.tables import Appointment, AuditEvent, Proof
from hub.words import AppointmentState, ChannelKind, Side
from tests.transcripts.runner import photo
from tests.web.conftest import Enter
from tests.web.test_appointments import appointment
from tests.world import LINES, World


@pytest.fixture
async def proof(world: World) -> str:
    """Sam was there and has sent a photo. The proof's reference."""
    await appointment(world, minutes=10)
    await world.push(minutes=15)
    media = (Media(photo("a.jpg"), "image/jpeg", "a.jpg"),)
    line = LINES[Side.SUPERVISION, ChannelKind.SMS]
    await world.simulator.text("+447700900101", line, "", media=media, channel=ChannelKind.SMS)
    await world.settle()
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Proof.ref))).one()


async def states(world: World) -> tuple[str, str]:
    async with world.hub.store.transaction() as session:
        return (
            (await session.scalars(select(Proof.state))).one(),
            (await session.scalars(select(Appointment.state))).one(),
        )


async def test_the_list_says_in_words_that_a_photo_came(enter: Enter, proof: str) -> None:
    page = await (await enter()).get("/inbox")
    assert "Sent a photo or file" in page.text
    assert "Nothing yet" not in page.text


async def test_the_photo_is_shown_and_each_look_is_recorded(world: World, enter: Enter, proof: str) -> None:
    priya = await enter()
    assert f"/proofs/{proof}" in (await priya.get("/proofs")).text
    page = await priya.get(f"/proofs/{proof}")
    address = page.text.split('img class="handrail-photo" src="')[1].split('"')[0]
    image = await priya.get(address)
    assert image.headers["content-type"] == "image/jpeg"
    assert image.content.startswith(b"\xff\xd8")
    async with world.hub.store.transaction() as session:
        seen = set(await session.scalars(select(AuditEvent.what)))
    assert {"proof_viewed", "media_viewed"} <= seen


async def test_accepting_marks_the_person_as_there_and_tells_them(world: World, enter: Enter, proof: str) -> None:
    assert (await (await enter()).post(f"/proofs/{proof}", decision="accept")).status_code == 303
    assert await states(world) == (ProofState.ACCEPTED, AppointmentState.ATTENDED)
    await world.settle()
    assert "You are marked as there" in world.heard()[-1]


async def test_rejecting_needs_a_reason_which_the_person_is_told(world: World, enter: Enter, proof: str) -> None:
    priya = await enter()
    silent = await priya.post(f"/proofs/{proof}", decision="reject")
    assert silent.status_code == 422
    assert "govuk-error-summary" in silent.text
    assert 'href="#reason"' in silent.text
    assert "Select why it does not count." in silent.text
    assert (await states(world))[0] == ProofState.GIVEN
    assert (await priya.post(f"/proofs/{proof}", decision="reject", reason="wrong_day")).status_code == 303
    assert (await states(world))[0] == ProofState.REJECTED
    await world.settle()
    assert "it is not from that day" in world.heard()[-1]


async def test_nothing_chosen_is_no_decision(world: World, enter: Enter, proof: str) -> None:
    nothing = await (await enter()).post(f"/proofs/{proof}")
    assert nothing.status_code == 422
    assert 'href="#decision"' in nothing.text
    assert (await states(world))[0] == ProofState.GIVEN


async def test_of_two_workers_who_decide_one_is_told(world: World, enter: Enter, proof: str) -> None:
    priya, tom = await enter(), await enter(name="Tom Field")
    await priya.post(f"/proofs/{proof}", decision="accept")
    late = await tom.post(f"/proofs/{proof}", decision="reject", reason="other")
    assert late.status_code in {404, 409}
    assert (await states(world))[0] == ProofState.ACCEPTED


async def test_what_is_marked_before_the_proof_came_stays_marked(world: World, enter: Enter, proof: str) -> None:
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Appointment))).one().state = AppointmentState.ATTENDED
    assert (await (await enter()).post(f"/proofs/{proof}", decision="accept")).status_code == 303
    assert await states(world) == (ProofState.ACCEPTED, AppointmentState.ATTENDED)
