"""Feedback both ways: who says what, who sees it, and what nobody can work out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments
from hub.states import SurveyState
from hub.store.tables import Answer, Appointment, AuditEvent, Escalation, Person, SurveyRun, Worker
from hub.surveys import answers, runs
from hub.words import AppointmentState, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow

OLA = "Ola Byrne"
SERVICE = "Turning Corners"


async def session_held(
    world: World, address: str = "+447700900101", provider: str = "", name: str = "Sam Carter"
) -> str:
    """With a service, or with a provider of ours; they came."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name=name, address=address)
        staff = (await session.scalars(select(Worker).where(Worker.name == provider))).first()
        made = await appointments.schedule(
            world.hub, session, "key:1", person=person, starts_at=world.clock.now() - timedelta(hours=1),
            with_whom=SERVICE, place="2 Mill Road", worker_id=staff.id if staff else None,
        )  # fmt: skip
        await appointments.set_outcome(world.hub, session, "key:1", made, AppointmentState.ATTENDED)
        return made.ref


async def says(world: World, ref: str, *, useful: str = "5", respected: str = "yes", words: str = "") -> None:
    """The person answers what they were asked after that session."""
    async with world.hub.store.transaction() as session:
        wanted = select(SurveyRun).join(Appointment, Appointment.id == SurveyRun.appointment_id)
        run = (await session.scalars(wanted.where(Appointment.ref == ref))).one()
        await answers.answer(world.hub, session, run, "useful", useful)
        await answers.answer(world.hub, session, run, "respected", respected)
        if words:
            await answers.answer(world.hub, session, run, "own_words", words)
        await runs.set_state(world.hub, session, run, SurveyState.COMPLETED)


async def person_of(world: World, ref: str) -> str:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Appointment).where(Appointment.ref == ref))).one().person.ref


async def test_both_are_shown_side_by_side_to_the_worker_and_the_look_is_recorded(world: World, enter: Enter) -> None:
    ref = await session_held(world)
    await says(world, ref, useful="4", words="the room was cold")
    priya = await enter()
    saved = await priya.post(
        f"/appointments/{ref}/feedback", went="planned", took_part="3", look="no", words="came with notes"
    )
    assert saved.headers["location"] == "/feedback?done=session"
    for path in (f"/appointments/{ref}", f"/people/{await person_of(world, ref)}/surveys"):
        page = (await priya.get(path)).text
        for said in (
            "How useful was the session?",
            "“the room was cold”",
            "How did they take part?",
            "“came with notes”",
        ):
            assert said in page
    async with world.hub.store.transaction() as session:
        looked = select(AuditEvent).where(AuditEvent.what == "survey_words_viewed")
        assert len((await session.scalars(looked)).all()) == 2


async def test_a_provider_tells_about_their_session_and_never_reads_who_said_what(world: World, enter: Enter) -> None:
    ola = await enter(role=WorkerRole.PROVIDER, name=OLA)
    ref = await session_held(world, provider=OLA)
    await says(world, ref, useful="2", words="the room was cold")
    to_tell = (await ola.get("/feedback")).text
    assert "Carter, Sam" in to_tell or "Sam Carter" in to_tell
    assert "Too few people have answered" in to_tell
    page = (await ola.get(f"/appointments/{ref}")).text
    assert "Say how the session went" in page
    assert "room was cold" not in page
    assert "How useful" not in page
    refused = await ola.post(f"/appointments/{ref}/feedback", went="planned")
    assert refused.status_code == 422
    assert "Select one of the answers." in refused.text
    await ola.post(f"/appointments/{ref}/feedback", went="not", took_part="1", look="yes", words="left after 5 minutes")
    assert "No session of yours" in (await ola.get("/feedback")).text
    async with world.hub.store.transaction() as session:
        opened = (await session.scalars(select(Escalation.reason))).all()
    assert opened == ["session_concern"]


async def test_only_who_held_a_session_tells_about_it(world: World, enter: Enter) -> None:
    await enter(role=WorkerRole.PROVIDER, name=OLA)
    ref = await session_held(world, provider=OLA)
    priya = await enter()
    assert (await priya.get(f"/appointments/{ref}/feedback")).status_code == 403
    other = await enter(role=WorkerRole.PROVIDER, name="Rhys Moss")
    assert (await other.get(f"/appointments/{ref}/feedback")).status_code == 404


async def test_a_worker_says_once_a_month_how_a_provider_does_and_a_low_word_reaches_the_supervisor(
    world: World, enter: Enter
) -> None:
    await session_held(world)
    priya = await enter()
    assert f"{SERVICE}: not yet" in (await priya.get("/feedback")).text
    assert (await priya.post("/feedback/provider", provider="Somebody else", useful="1", tells="no")).status_code == 422
    for useful in ("4", "1"):  # the second takes the place of the first
        await priya.post("/feedback/provider", provider=SERVICE, useful=useful, tells="no", words="never rings")
    assert f"{SERVICE}: you have said how they do" in (await priya.get("/feedback")).text
    supervisor = await enter(role=WorkerRole.SUPERVISOR, name="Gwen Hart")
    page = (await supervisor.get("/feedback")).text
    assert "Not at all useful; does not tell us in time who came. never rings" in page


async def test_by_provider_small_numbers_are_hidden_and_larger_ones_counted(world: World, enter: Enter) -> None:
    priya = await enter()
    for number in range(6):
        ref = await session_held(world, address=f"+4477009002{number:02}", name=f"Sam {number}")
        await says(world, ref)
        await priya.post(f"/appointments/{ref}/feedback", went="planned", took_part="4", look="no")
        if number == 3:
            assert "Turning Corners,Too few to show" in (await priya.get("/outcomes/both-ways.csv")).text
    csv = (await priya.get("/outcomes/both-ways.csv")).text
    assert "Turning Corners,6,100%,6,100%,0,–" in csv
    assert "Feedback both ways" in (await priya.get("/outcomes")).text


async def test_whoever_says_no_is_not_asked_again_and_nobody_twice_in_a_fortnight(world: World) -> None:
    ref = await session_held(world)
    async with world.hub.store.transaction() as session:
        run = (await session.scalars(select(SurveyRun))).one()
        await runs.set_state(world.hub, session, run, SurveyState.DECLINED)
        person = (await session.scalars(select(Person))).one()
        person_id = person.id
    for days in (1, 30):
        await world.push(days=days)
        async with world.hub.store.transaction() as session:
            again = await appointments.schedule(
                world.hub, session, "key:1", person=await session.get_one(Person, person_id),
                starts_at=world.clock.now() - timedelta(hours=1), with_whom=SERVICE, place="2 Mill Road",
            )  # fmt: skip
            await appointments.set_outcome(world.hub, session, "key:1", again, AppointmentState.ATTENDED)
    async with world.hub.store.transaction() as session:
        assert len((await session.scalars(select(SurveyRun))).all()) == 1
        assert (await session.scalars(select(Answer))).all() == []
    assert ref
