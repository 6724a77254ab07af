"""Proof of attendance: how long a code counts, how often it can be tried, photos seen before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments, proof_giving, venue_codes
from hub.ports import Media
from hub.states import ProofState
from hub.store.tables import Appointment, MediaFile, Proof
from hub.words import AppointmentState, ChannelKind, Role, Side
from tests.transcripts.props import photo
from tests.world import LINES, World

FIRST, SECOND = "+447700900101", "+447700900102"
LINE = LINES[Side.SUPERVISION, ChannelKind.SMS]


async def appointment_now(world: World, address: str = FIRST, name: str = "Sam Carter") -> int:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name=name, address=address)
        appointment = await appointments.schedule(
            world.hub,
            session,
            "hub",
            person=person,
            starts_at=world.clock.now(),
            with_whom="Priya",
            place="1 High St",
            proof_wanted=True,
        )
        return appointment.id


async def code_of(world: World, appointment_id: int) -> str:
    async with world.hub.store.transaction() as session:
        appointment = await session.get_one(Appointment, appointment_id)
        return venue_codes.shown(world.hub, appointment, world.clock.now())


async def proof_of(world: World, appointment_id: int) -> Proof:
    async with world.hub.store.transaction() as session:
        found = await session.scalar(select(Proof).where(Proof.appointment_id == appointment_id))
        assert found is not None
        return found


async def send_photo(world: World, address: str) -> None:
    await world.simulator.text(
        address, LINE, "", media=(Media(photo("a.jpg"), "image/jpeg", "a.jpg"),), channel=ChannelKind.SMS
    )
    await world.settle()


async def test_who_has_given_a_proof_before_the_question_is_not_asked_for_one(world: World) -> None:
    await appointment_now(world)
    await send_photo(world, FIRST)
    heard = world.heard()
    await world.push(minutes=90)
    assert world.heard() == heard


@pytest.mark.parametrize(("late", "state"), [(170, ProofState.ACCEPTED), (240, ProofState.GIVEN)])
async def test_a_code_counts_for_three_minutes(world: World, late: int, state: ProofState) -> None:
    appointment = await appointment_now(world)
    code = await code_of(world, appointment)
    world.clock.push(timedelta(seconds=late))
    await world.text(code)
    assert (await proof_of(world, appointment)).state is state


async def test_a_right_code_marks_the_person_as_there(world: World) -> None:
    appointment_id = await appointment_now(world)
    await world.text(await code_of(world, appointment_id))
    async with world.hub.store.transaction() as session:
        appointment = await session.get_one(Appointment, appointment_id)
        assert appointment.state is AppointmentState.ATTENDED


async def test_after_five_wrong_codes_even_the_right_one_is_not_taken(world: World) -> None:
    appointment = await appointment_now(world)
    right = await code_of(world, appointment)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(proof_giving.MOST_WRONG):
        await world.text(wrong)
    await world.text(right)
    assert (await proof_of(world, appointment)).state is ProofState.ASKED


async def test_all_who_are_there_together_see_one_code(world: World) -> None:
    first = await appointment_now(world)
    second = await appointment_now(world, SECOND, "Alex Reed")
    assert await code_of(world, first) == await code_of(world, second)


async def test_a_photo_that_somebody_else_has_sent_is_marked(world: World) -> None:
    first = await appointment_now(world)
    second = await appointment_now(world, SECOND, "Alex Reed")
    await send_photo(world, FIRST)
    await send_photo(world, SECOND)
    assert (await proof_of(world, first)).checks["seen_before"] is False
    assert (await proof_of(world, second)).checks["seen_before"] is True


async def test_a_file_that_is_no_photo_is_not_kept(world: World) -> None:
    await appointment_now(world)
    media = (Media(b"no photo", "image/jpeg", "x.jpg"),)
    await world.simulator.text(FIRST, LINE, "", channel=ChannelKind.SMS, media=media)
    await world.settle()
    async with world.hub.store.transaction() as session:
        kept = (await session.scalars(select(MediaFile))).all()
        assert [file.content_sealed for file in kept] == [None]


async def test_a_code_of_the_other_side_is_no_code_at_all(world: World) -> None:
    appointment = await appointment_now(world)
    async with world.hub.store.transaction() as session:
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Moss", address=SECOND)
        hers = await appointments.schedule(
            world.hub, session, "hub", person=vera, starts_at=world.clock.now(), with_whom="Ann",
            place="Quiet House", proof_wanted=True,
        )  # fmt: skip
        code = venue_codes.shown(world.hub, hers, world.clock.now())
    await world.text(code)
    proof = await proof_of(world, appointment)
    assert (proof.state, proof.checks) == (ProofState.ASKED, {"wrong_codes": 1})


async def test_two_appointments_do_not_give_twice_as_many_guesses(world: World) -> None:
    first = await appointment_now(world)
    async with world.hub.store.transaction() as session:
        person = (await session.get_one(Appointment, first)).person
        second = await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=world.clock.now() + timedelta(hours=1),
            with_whom="Tom", place="2 Low Road", proof_wanted=True,
        )  # fmt: skip
    wrong = f"{(int(await code_of(world, first)) + 1) % 1_000_000:06}"
    for _ in range(proof_giving.MOST_WRONG):
        await world.text(wrong)
    await world.text(await code_of(world, second.id))
    async with world.hub.store.transaction() as session:
        assert ProofState.ACCEPTED not in set(await session.scalars(select(Proof.state)))


@pytest.mark.parametrize("typed", ["482 913", "4 8 2 9 1 3", "482-913", "４８２９１３"])
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    assert venue_codes.plain(typed) == "482913"


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert venue_codes.plain("Ol0I1O") == "010110"
