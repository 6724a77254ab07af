"""Cases of a person: closing one shows first what they are told, and the timeline names its sources."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from sqlalchemy import select

from hub import appointments, conditions
from hub.store.tables import AuditEvent, Case, Person
from hub.words import Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


async def case_of(world: World) -> tuple[str, int]:
    """Sam's, with a session ahead and something agreed."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="conditional_caution",
            reference="NS/12", worker_id=person.worker_id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        await conditions.add(world.hub, session, "hub", case, "Write a letter", None)
        await appointments.schedule(
            world.hub, session, "key:1", person=person, starts_at=world.clock.now() + timedelta(days=3),
            with_whom="Priya", place="1 High St", case_id=case.id, worker_id=person.worker_id,
        )  # fmt: skip
        return person.ref, case.id


async def test_closing_shows_what_they_are_told_and_then_tells_them(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    priya = await enter()
    asked = await priya.post(f"/people/{ref}/cases/{number}/close", why="completed")
    assert "1 thing that was agreed has not been checked by anybody." in asked.text
    assert "Well done, Sam" in asked.text
    assert "1 appointment that lies ahead is called off." in asked.text
    assert world.heard() == []
    done = await priya.post(f"/people/{ref}/cases/{number}/close", why="completed", sure="yes")
    assert done.headers["location"] == f"/people/{ref}/conditions?done=closed"
    await world.settle()
    assert [text[:14] for text in world.heard()] == ["Well done, Sam"]
    again = await priya.post(f"/people/{ref}/cases/{number}/close", why="ended", sure="yes")
    assert again.status_code == 409
    await world.push(days=4)
    assert len(world.heard()) == 1, "neither a reminder nor a second word"


async def test_a_case_is_closed_for_a_reason_and_opened_again(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    priya = await enter()
    refused = await priya.post(f"/people/{ref}/cases/{number}/close")
    assert refused.status_code == 422
    assert "Select why the case is closed." in refused.text
    await priya.post(f"/people/{ref}/cases/{number}/close", why="mistake", sure="yes")
    await world.settle()
    assert world.heard() == []
    assert "opened by mistake" in (await priya.get(f"/people/{ref}/conditions")).text
    await priya.post(f"/people/{ref}/cases/{number}/reopen")
    assert "Close the case" in (await priya.get(f"/people/{ref}/conditions?done=reopened")).text
    history = (await priya.get(f"/people/{ref}/history")).text
    assert "Case closed: It was opened by mistake" in history
    assert "Case opened again" in history


async def test_the_timeline_is_a_page_and_a_file_and_printing_is_recorded(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    await world.text("when is my appointment and 07700 900555 is my mate")
    priya = await enter()
    page = (await priya.get(f"/people/{ref}/cases/{number}/timeline")).text
    assert "The case was opened" in page
    assert "Planned: Thu 5 March at 10am, with Priya" in page
    text = await priya.get(f"/people/{ref}/cases/{number}/timeline.txt")
    assert "900555" not in text.text
    assert "sealed and unchanged: seal" in text.text
    assert text.headers["content-disposition"] == f'attachment; filename="timeline-{ref}.txt"'
    pdf = await priya.get(f"/people/{ref}/cases/{number}/timeline.pdf")
    printed = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(pdf.content)).pages)
    assert "Timeline of case NS/12" in printed
    async with world.hub.store.transaction() as session:
        told = select(AuditEvent.what).where(AuditEvent.what.in_(("timeline_viewed", "timeline_downloaded")))
        assert sorted(await session.scalars(told)) == ["timeline_downloaded", "timeline_downloaded", "timeline_viewed"]


async def test_a_case_of_somebody_elses_is_not_there(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    async with world.hub.store.transaction() as session:
        await world.person(session, name="Bea Hill", address="+447700900102")
        other = (await session.scalars(select(Person.ref).where(Person.ref != ref))).one()
    priya = await enter()
    assert (await priya.get(f"/people/{other}/cases/{number}/timeline")).status_code == 404
    stranger = await enter(Side.VICTIMS)
    assert (await stranger.get(f"/people/{ref}/cases/{number}/timeline.txt")).status_code == 404
    provider = await enter(role=WorkerRole.PROVIDER, name="Ola Byrne")
    assert (await provider.get(f"/people/{ref}/cases/{number}/close")).status_code == 403
