"""A provider is asked by text who came, and what they answer is what they would enter on the page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments, session_roll
from hub.errors import SharedNumber
from hub.states import ProofState
from hub.store.tables import Appointment, Person, Proof, Worker
from hub.words import AppointmentState, Side, WorkerRole
from tests.world import World

OLA = "+447700900150"


async def group(world: World, *names: str, number: str = OLA) -> None:
    """A session of Ola's in ten minutes, half an hour long, with these people."""
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        ola = Worker(
            team_id=priya.team_id, role=WorkerRole.PROVIDER, name="Ola Byrne", first_name="Ola",
            email="ola@example.org", team=priya.team,
        )  # fmt: skip
        session.add(ola)
        await session.flush()
        if number:
            await session_roll.set_mobile(world.hub, session, "worker:1", ola, number)
        for place, name in enumerate(names):
            person, _ = await world.person(session, name=name, address=f"+4477009001{place:02}")
            await appointments.schedule(
                world.hub, session, "worker:1", person=person, starts_at=world.clock.now() + timedelta(minutes=10),
                with_whom="Ola", place="2 Mill Road", minutes=30, worker_id=ola.id, proof_wanted=True,
            )  # fmt: skip


async def outcomes(world: World) -> list[AppointmentState]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Appointment.state).order_by(Appointment.id)))


async def over(world: World) -> None:
    await world.push(minutes=41)


async def test_one_text_names_those_who_were_due_and_the_answer_sets_what_happened(world: World) -> None:
    await group(world, "Sam Carter", "Alex Reed", "Bea Hill")
    await over(world)
    (asked,) = world.heard(OLA)
    assert asked.startswith("Hi Ola, who came at 10:10am? 1 Sam, 2 Alex, 3 Bea.")
    assert asked.endswith("Reply with the numbers of those who did not come, or 0 if all came.")
    await world.text("2", OLA)
    assert world.heard(OLA)[-1].startswith("Thank you. We have 2 who came and 1 who did not.")
    assert await outcomes(world) == ["attended", "missed", "attended"]
    async with world.hub.store.transaction() as session:
        proofs = (await session.scalars(select(Proof).where(Proof.state == ProofState.ACCEPTED))).all()
        assert [proof.kind for proof in proofs] == ["provider", "provider"]


async def test_nought_means_that_all_came(world: World) -> None:
    await group(world, "Sam Carter", "Alex Reed")
    await over(world)
    await world.text("0", OLA)
    assert await outcomes(world) == ["attended", "attended"]


async def test_what_is_no_number_of_the_list_is_asked_for_again(world: World) -> None:
    await group(world, "Sam Carter")
    await over(world)
    await world.text("7", OLA)
    assert "we need numbers" in world.heard(OLA)[-1]
    assert await outcomes(world) == ["planned"]
    await world.text("1", OLA)
    assert await outcomes(world) == ["missed"]


async def test_what_was_entered_meanwhile_stays(world: World) -> None:
    await group(world, "Sam Carter", "Alex Reed")
    await over(world)
    async with world.hub.store.transaction() as session:
        first = (await session.scalars(select(Appointment).order_by(Appointment.id))).first()
        assert first
        await appointments.set_outcome(world.hub, session, "worker:1", first, AppointmentState.ATTENDED)
    await world.text("1 2", OLA)
    assert await outcomes(world) == ["attended", "missed"]


async def test_two_of_one_name_are_told_apart_and_nothing_else_is_said_of_them(world: World) -> None:
    await group(world, "Sam Carter", "Sam Reed")
    await over(world)
    (asked,) = world.heard(OLA)
    assert "1 Sam C, 2 Sam R." in asked
    assert not [private for private in ("Carter", "Reed", "07700", "probation") if private in asked]


async def test_a_session_is_asked_about_once_and_not_hours_later(world: World) -> None:
    await group(world, "Sam Carter")
    await over(world)
    await world.push(hours=5)
    assert len(world.heard(OLA)) == 1


async def test_without_a_number_nobody_is_asked(world: World) -> None:
    await group(world, "Sam Carter", number="")
    await over(world)
    assert world.heard(OLA) == []


async def test_a_provider_who_stops_our_texts_is_asked_no_more(world: World) -> None:
    await group(world, "Sam Carter")
    await world.text("STOP", OLA)
    heard = len(world.heard(OLA))
    await over(world)
    assert len(world.heard(OLA)) == heard


async def test_a_number_of_somebody_else_is_refused_and_a_new_one_takes_the_place_of_the_old(world: World) -> None:
    await group(world, "Sam Carter")
    async with world.hub.store.transaction() as session:
        ola = (await session.scalars(select(Worker).where(Worker.first_name == "Ola"))).one()
        with pytest.raises(SharedNumber):
            await session_roll.set_mobile(world.hub, session, "worker:1", ola, "+447700900100")
        before = await session_roll.person_of(session, ola)
        await session_roll.set_mobile(world.hub, session, "worker:1", ola, "+447700900151")
        assert before
        assert (await session.get_one(Person, before.id)).ended_at
    await over(world)
    assert world.heard(OLA) == []
    assert len(world.heard("+447700900151")) == 1
