"""A photo as proof, and the worker who decides whether it counts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments, proofs
from hub.ports import Media
from hub.states import ProofState
from hub.store.tables import Appointment, AuditEvent, Proof, Worker
from hub.words import AppointmentState, ChannelKind, Side, WorkerRole
from tests.transcripts.props import photo
from tests.web.conftest import Enter
from tests.web.test_appointments import appointment
from tests.world import LINES, World

pytestmark = pytest.mark.slow


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


async def second_proof(world: World) -> str:
    """Bea sends a photo too."""
    number = "+447700900102"
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name="Bea Moss", address=number)
        await appointments.schedule(
            world.hub, session, "key:1", person=person, starts_at=world.clock.now() + timedelta(minutes=5),
            with_whom="Priya", place="1 High St", proof_wanted=True,
        )  # fmt: skip
    await world.push(minutes=10)
    media = (Media(photo("b.jpg"), "image/jpeg", "b.jpg"),)
    line = LINES[Side.SUPERVISION, ChannelKind.SMS]
    await world.simulator.text(number, line, "", media=media, channel=ChannelKind.SMS)
    await world.settle()
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Proof.ref).order_by(Proof.id.desc()))).first() or ""


async def test_after_deciding_the_next_one_opens_and_says_how_many_are_left(
    world: World, enter: Enter, proof: str
) -> None:
    following = await second_proof(world)
    priya = await enter()
    answer = await priya.post(f"/proofs/{proof}", decision="accept")
    assert answer.headers["location"] == f"/proofs/{following}?done=accepted&was={proof}"
    page = await priya.get(answer.headers["location"])
    assert "Accepted. We tell them. 1 more to check." in page.text
    assert f'href="/proofs/{proof}"' in page.text
    last = await priya.post(f"/proofs/{following}", decision="reject", reason="other")
    assert last.headers["location"].startswith("/proofs?done=rejected")
    assert "Not accepted. We tell them why. No more to check." in (await priya.get(last.headers["location"])).text


async def test_each_tab_has_its_own_proofs_and_its_own_empty_sentence(world: World, enter: Enter, proof: str) -> None:
    priya = await enter()
    for view, sentence in (
        ("accepted", "No proof has been accepted yet."),
        ("rejected", "No proof has been rejected."),
        ("never", "Everybody who was asked for proof has given it."),
    ):
        page = (await priya.get(f"/proofs?view={view}")).text
        assert sentence in page
        assert f"/proofs/{proof}" not in page
    assert f"/proofs/{proof}" in (await priya.get("/proofs")).text
    await priya.post(f"/proofs/{proof}", decision="accept")
    assert f"/proofs/{proof}" in (await priya.get("/proofs?view=accepted")).text
    assert "There is nothing to check." in (await priya.get("/proofs")).text


async def test_a_rejection_can_be_taken_back(world: World, enter: Enter, proof: str) -> None:
    priya = await enter()
    await priya.post(f"/proofs/{proof}", decision="reject", reason="wrong_day")
    assert "It counts after all" in (await priya.get(f"/proofs/{proof}")).text
    await priya.post(f"/proofs/{proof}", decision="accept")
    assert (await states(world))[0] == ProofState.ACCEPTED


async def test_asking_again_shows_the_text_first_and_sends_just_that(world: World, enter: Enter) -> None:
    await appointment(world, minutes=10)
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment))).one()
        given = await proofs.ask(world.hub, session, found)
        given.state = ProofState.EXPIRED
    priya = await enter()
    page = (await priya.get(f"/proofs/{given.ref}")).text
    assert "can you show us that you came on Mon 2 March at 10:10am?" in page
    assert (await priya.post(f"/proofs/{given.ref}/again")).status_code == 303
    await world.settle()
    assert "can you show us that you came on Mon 2 March at 10:10am?" in world.heard()[-1]
    async with world.hub.store.transaction() as session:
        assert "proof_asked_again" in set(await session.scalars(select(AuditEvent.what)))


async def test_what_was_accepted_is_not_asked_for_again(world: World, enter: Enter, proof: str) -> None:
    priya = await enter()
    await priya.post(f"/proofs/{proof}", decision="accept")
    assert (await priya.post(f"/proofs/{proof}/again")).status_code == 409
    assert "Ask again" not in (await priya.get(f"/proofs/{proof}")).text


async def test_a_provider_sees_the_proofs_of_their_own_appointments_alone(
    world: World, enter: Enter, proof: str
) -> None:
    """Of the same person, whom they see too."""
    course = await enter(role=WorkerRole.PROVIDER, name="Dee Course")
    async with world.hub.store.transaction() as session:
        dee = (await session.scalars(select(Worker).where(Worker.name == "Dee Course"))).one()
        mine = (await session.scalars(select(Appointment))).one()
        media = (await session.scalars(select(Proof.media_id))).one()
        other = await appointments.schedule(
            world.hub, session, "key:1", person=mine.person, starts_at=world.clock.now() + timedelta(days=3),
            with_whom="the course", place="1 High St", worker_id=dee.id,
        )  # fmt: skip
    assert f"/proofs/{proof}" not in (await course.get("/proofs")).text
    for path in (f"/proofs/{proof}", f"/media/{media}", f"/appointments/{mine.ref}"):
        assert (await course.get(path)).status_code == 404, path
    assert (await course.post(f"/proofs/{proof}", decision="accept")).status_code == 404
    async with world.hub.store.transaction() as session:
        (await session.get_one(Appointment, mine.id)).worker_id = dee.id
    for path in (f"/proofs/{proof}", f"/media/{media}", f"/appointments/{other.ref}"):
        assert (await course.get(path)).status_code == 200, path


async def test_the_provider_s_word_is_a_proof_of_its_own(world: World, enter: Enter) -> None:
    ref = await appointment(world, minutes=10)
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Appointment))).one().proof_wanted = True
    await world.push(minutes=15)
    provider = await enter(role=WorkerRole.PROVIDER)
    assert (await provider.post(f"/appointments/{ref}/outcome", outcome="attended")).status_code == 303
    assert await states(world) == (ProofState.ACCEPTED, AppointmentState.ATTENDED)
    page = await provider.get("/proofs?view=accepted")
    assert "Said by the provider" in page.text
    assert "Strong: whoever they saw says so" in page.text
