"""Conditions in the hands of a worker: adding, deciding, giving longer; what to do about silence. Without a script."""

import pytest
from sqlalchemy import select

from hub import appointments, conditions
from hub.escalations import escalate
from hub.people import conversation_for
from hub.states import ConditionState, EscalationState
from hub.store.tables import Agency, Appointment, AuditEvent, Condition, Escalation, Person
from hub.words import AppointmentState, Side, WorkerRole
from tests.integration.test_case_dates import day, open_case
from tests.integration.test_conditions import ask_longer
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


async def sam(world: World) -> tuple[str, int, int]:
    """Sam's reference, the case and a condition due in fourteen days."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        made = await conditions.add(world.hub, session, "worker:1", case, "Pay for the window", day(world, 14))
        return person.ref, case.id, made.id


async def stored(world: World, number: int) -> Condition:
    async with world.hub.store.transaction() as session:
        return await session.get_one(Condition, number)


async def test_a_condition_is_added_in_plain_words_and_shown_with_its_day(world: World, enter: Enter) -> None:
    ref, case, _ = await sam(world)
    priya = await enter()
    for wrong in ({"words": ""}, {"words": "w" * 61}, {"words": "Write", "due_on": "soon"}):
        assert (await priya.post(f"/people/{ref}/conditions/new", case=case, **wrong)).status_code == 422
    answer = await priya.post(f"/people/{ref}/conditions/new", case=case, words="Write a letter", due_on="2026-03-20")
    assert answer.status_code == 303
    page = (await priya.get(f"/people/{ref}/conditions")).text
    assert "Write a letter" in page
    assert "Fri 20 March 2026" in page
    assert "0 of 2 done" in page


async def test_a_condition_of_another_case_or_person_is_not_found(world: World, enter: Enter) -> None:
    _, _, number = await sam(world)
    async with world.hub.store.transaction() as session:
        other, _ = await world.person(session, name="Bea Hill", address="+447700900132")
        ref = other.ref
    priya = await enter()
    assert (await priya.get(f"/people/{ref}/conditions/{number}")).status_code == 404
    assert (await priya.post(f"/people/{ref}/conditions/{number}/decide", decision="done")).status_code == 404


async def test_providers_have_no_part_in_conditions(world: World, enter: Enter) -> None:
    ref, _, number = await sam(world)
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Provider")
    assert (await provider.get(f"/people/{ref}/conditions/{number}")).status_code == 403


async def test_what_was_sent_and_what_they_wrote_stands_beside_the_decision(world: World, enter: Enter) -> None:
    ref, _, number = await sam(world)
    await world.push(days=9, hours=2)
    await world.text("1")
    page = (await (await enter()).get(f"/people/{ref}/conditions/{number}")).text
    assert "They say it is done" in page
    assert page.count("Delivered") == 2  # a week before, and the early word
    assert "this is still open: Pay for the window" in page
    assert "“1”" in page


async def test_a_worker_decides_and_the_person_hears_why(world: World, enter: Enter) -> None:
    ref, _, number = await sam(world)
    priya = await enter()
    here = f"/people/{ref}/conditions/{number}"
    assert (await priya.post(f"{here}/decide")).status_code == 422
    answer = await priya.post(f"{here}/decide", decision="not_done")
    assert answer.status_code == 422
    assert "Write the reason: the person reads it." in answer.text
    answer = await priya.post(f"{here}/decide", decision="not_done", why="The money has not come.")
    assert answer.headers["location"] == here
    await world.settle()
    assert (await stored(world, number)).state is ConditionState.NOT_DONE
    assert "The money has not come." in world.heard()[-1]
    page = (await priya.get(here)).text
    assert "Priya Shah, Mon 2 March" in page
    assert "The money has not come." in page


async def test_longer_is_given_with_a_day_or_refused_with_a_reason(world: World, enter: Enter) -> None:
    ref, _, number = await sam(world)
    priya = await enter()
    here = f"/people/{ref}/conditions/{number}"
    await ask_longer(world, number, "2 more weeks", day(world, 28))
    assert 'value="2026-03-30"' in (await priya.get(here)).text
    assert (await priya.post(f"{here}/longer", answer="no")).status_code == 422
    assert (await priya.post(f"{here}/longer", answer="yes", until="")).status_code == 422
    await priya.post(f"{here}/longer", answer="yes", until="2026-03-27")
    await world.settle()
    assert (await stored(world, number)).due_on == day(world, 25)
    assert "until Fri 27 March" in world.heard()[-1]
    assert (await priya.post(f"{here}/longer", answer="yes", until="2026-03-28")).status_code == 404
    await ask_longer(world, number, "another week", None)
    await priya.post(f"{here}/longer", answer="no", why_not="The court fixed this day.")
    await world.settle()
    assert "The court fixed this day." in world.heard()[-1]


async def test_another_day_is_told_and_other_words_alone_are_not(world: World, enter: Enter) -> None:
    ref, _, number = await sam(world)
    priya = await enter()
    here = f"/people/{ref}/conditions/{number}/change"
    assert 'value="Pay for the window"' in (await priya.get(here)).text
    await priya.post(here, words="Pay for the big window", due_on="2026-03-16")
    await world.settle()
    assert world.heard() == []
    await priya.post(here, words="Pay for the big window", due_on="2026-03-18")
    await world.settle()
    assert "It is now Wed 18 March" in world.heard()[-1]


async def test_the_silence_of_somebody_ends_in_a_decision_that_is_recorded(world: World, enter: Enter) -> None:
    ref, _, _ = await sam(world)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        conversation = await conversation_for(session, person)
        assert conversation
        await escalate(session, conversation, "silent", world.clock.now())
    priya = await enter()
    overview = (await priya.get(f"/people/{ref}")).text
    assert f'href="/people/{ref}/silence"' in overview
    assert "They have never written to us." in (await priya.get(f"/people/{ref}/silence")).text
    assert (await priya.post(f"/people/{ref}/silence")).status_code == 422
    assert (await priya.post(f"/people/{ref}/silence", choice="wait")).status_code == 422
    answer = await priya.post(f"/people/{ref}/silence", choice="pause", note="In hospital, says his sister")
    assert answer.headers["location"] == f"/people/{ref}/pause"
    async with world.hub.store.transaction() as session:
        silent = (await session.scalars(select(Escalation).where(Escalation.reason == "silent"))).one()
        decided = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "silence_decided"))).one()
    assert (silent.state, silent.outcome) == (EscalationState.CLOSED, "silence_pause")
    assert decided.details["reason"] == "pause"
    assert world.heard() == []


async def test_why_they_missed_it_stands_on_the_appointments_page(world: World, enter: Enter) -> None:
    ref, _, _ = await sam(world)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.ref == ref))).one()
        made = await appointments.schedule(
            world.hub, session, "worker:1", person=person, starts_at=world.clock.now(), with_whom="Priya", place="x"
        )
        await appointments.set_outcome(world.hub, session, "worker:1", made, AppointmentState.MISSED)
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
        made.why_missed_sealed = key.seal("the bus never came", "words")
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment))).one()
    assert b"bus" not in (found.why_missed_sealed or b"")
    assert "“the bus never came”" in (await (await enter()).get(f"/appointments/{found.ref}")).text


async def test_the_agency_says_how_early_an_early_word_is(world: World, enter: Enter) -> None:
    admin = await enter(Side.SUPERVISION, role=WorkerRole.ADMINISTRATOR)
    known = {"name": "Northshire", "short_name": "Northshire support", "phone": "0300 000 0000"}
    assert (await admin.post("/settings/agency", **known, early_days="0")).status_code == 422
    check = await admin.post("/settings/agency", **known, early_days="5")
    assert "Early word about a condition" in check.text
    await admin.post("/settings/agency", **known, early_days="5", sure="yes")
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Agency, world.agency_id)).early_days == 5
