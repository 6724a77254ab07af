"""Check-ins in the hands of a worker: what is new, looking at them, ringing, sending them again."""

import pytest
from sqlalchemy import select

from hub import check_in_talk, check_ins
from hub.speaking import speak_to
from hub.states import CheckInState, EscalationState
from hub.store.tables import AuditEvent, CheckIn, CheckInAnswer, Escalation, Person
from hub.words import Purpose, Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


async def asked(world: World, *answers: str, name: str = "Sam Carter", number: str = "+447700900101") -> int:
    """Somebody new is asked how they are, and answers. The check-in's number."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name=name, address=number)
        made = await check_ins.schedule(world.hub, session, person, world.clock.now())
    await world.push(minutes=1)
    for answer in answers:
        await world.text(answer, number)
    return made.id


async def stored(world: World, number: int) -> CheckIn:
    async with world.hub.store.transaction() as session:
        return await session.get_one(CheckIn, number)


async def test_every_tab_has_its_own_sentence_while_it_is_empty(enter: Enter) -> None:
    priya = await enter()
    for view, sentence in (
        ("attention", "Nothing needs your attention."),
        ("reviewed", "You have not looked at any check-in yet."),
        ("awaiting", "No check-in is waiting for an answer."),
    ):
        assert sentence in (await priya.get(f"/check-ins?view={view}")).text


async def test_an_answer_that_worries_stands_first_with_why(world: World, enter: Enter) -> None:
    well = await asked(world, "1", "9", "2", "2", name="Well Doing", number="+447700900102")
    bad = await asked(world, "5", "4")
    page = (await (await enter()).get("/check-ins")).text
    assert page.index(f"/check-ins/{bad}") < page.index(f"/check-ins/{well}")
    assert "Feels very bad. Wants help with: money" in page
    assert "First answer" in page


async def test_what_is_new_since_last_time_is_said_in_words(world: World, enter: Enter) -> None:
    first = await asked(world, "2", "6")
    person_id = (await stored(world, first)).person_id
    await world.push(days=7)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        second = await check_ins.schedule(world.hub, session, person, world.clock.now())
    await world.push(minutes=1)
    await world.text("4")
    await world.text("4")
    page = (await (await enter()).get(f"/check-ins/{second.id}")).text
    assert "Worse than on Mon 2 March (well). New: money. Not named any more: work or school" in page


async def test_one_that_is_open_says_when_it_closes(world: World, enter: Enter) -> None:
    await asked(world)
    await world.push(days=2)
    page = (await (await enter()).get("/check-ins?view=awaiting")).text
    assert "Closes tomorrow at 10am" in page


async def test_looking_at_an_answer_needs_no_note_and_is_recorded(world: World, enter: Enter) -> None:
    number = await asked(world, "3", "9")
    priya = await enter()
    assert (await priya.post(f"/check-ins/{number}/review")).headers["location"] == "/check-ins?done=reviewed"
    assert (await stored(world, number)).state is CheckInState.REVIEWED
    page = (await priya.get("/check-ins?view=reviewed")).text
    assert f"/check-ins/{number}" in page
    assert "Priya Shah, Mon 2 March" in (await priya.get(f"/check-ins/{number}")).text
    async with world.hub.store.transaction() as session:
        assert {"check_in_viewed", "check_in_reviewed"} <= set(await session.scalars(select(AuditEvent.what)))
    assert (await priya.post(f"/check-ins/{number}/review")).status_code == 409


async def test_silence_needs_a_note_of_what_was_done_about_it(world: World, enter: Enter) -> None:
    number = await asked(world)
    await world.push(days=3, minutes=5)
    assert (await stored(world, number)).state is CheckInState.EXPIRED
    priya = await enter()
    refused = await priya.post(f"/check-ins/{number}/review", note=" ")
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert 'href="#note"' in refused.text
    await priya.post(f"/check-ins/{number}/review", note="Rang his mother, he is well")
    assert "Rang his mother, he is well" in (await priya.get(f"/check-ins/{number}")).text
    async with world.hub.store.transaction() as session:
        silent = await session.scalar(select(Escalation).where(Escalation.reason == "check_in_silent"))
        assert silent
        assert silent.state is EscalationState.CLOSED
        assert b"mother" not in ((await session.get_one(CheckIn, number)).note_sealed or b"")


async def test_a_call_that_reached_them_is_noted_and_ends_it(world: World, enter: Enter) -> None:
    number = await asked(world, "5", "1")
    priya = await enter()
    empty = await priya.post(f"/check-ins/{number}/call", words="Talked about sleep")
    assert empty.status_code == 422
    assert "Talked about sleep" in empty.text
    await priya.post(f"/check-ins/{number}/call", reached="spoke", words="Talked about sleep")
    assert (await stored(world, number)).state is CheckInState.REVIEWED
    page = (await priya.get(f"/check-ins/{number}")).text
    assert "Rang about the check-in: spoke to them. Talked about sleep" in page
    async with world.hub.store.transaction() as session:
        states = set(await session.scalars(select(Escalation.state).where(Escalation.reason == "struggling")))
    assert states == {EscalationState.CLOSED}


async def test_a_call_that_nobody_answered_leaves_it_open(world: World, enter: Enter) -> None:
    number = await asked(world, "5", "1")
    priya = await enter()
    await priya.post(f"/check-ins/{number}/call", reached="no_answer")
    assert (await stored(world, number)).state is CheckInState.ANSWERED
    await priya.post(f"/check-ins/{number}/call", reached="later")
    async with world.hub.store.transaction() as session:
        left = set(await session.scalars(select(Escalation.reason).where(Escalation.state != EscalationState.CLOSED)))
    assert "wants_a_call" in left


async def test_sending_again_shows_the_text_first_and_sends_just_that(world: World, enter: Enter) -> None:
    number = await asked(world)
    await world.push(hours=3)
    priya = await enter()
    words = "Hi Sam, we would still like to know how you are."
    assert words in (await priya.get(f"/check-ins/{number}/again")).text
    assert len(world.heard()) == 1
    await priya.post(f"/check-ins/{number}/again")
    await world.settle()
    assert words in world.heard()[-1]


async def test_one_that_closed_is_asked_anew_and_one_that_was_answered_is_not(world: World, enter: Enter) -> None:
    number = await asked(world)
    await world.push(days=3, minutes=5)
    priya = await enter()
    await priya.post(f"/check-ins/{number}/again")
    await world.push(minutes=1)
    async with world.hub.store.transaction() as session:
        assert set(await session.scalars(select(CheckIn.state))) == {CheckInState.EXPIRED, CheckInState.ASKED}
    answered = await asked(world, "1", "9", number="+447700900104")
    assert (await priya.post(f"/check-ins/{answered}/again")).status_code == 409


@pytest.mark.parametrize("role", [WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR])
async def test_others_than_case_workers_see_none(world: World, enter: Enter, role: WorkerRole) -> None:
    number = await asked(world, "5", "1")
    somebody = await enter(role=role, name="Kit Moor")
    for path in ("/check-ins", f"/check-ins/{number}", f"/check-ins/{number}/again"):
        assert (await somebody.get(path)).status_code == 403


async def test_the_other_side_finds_nothing_under_the_number(world: World, enter: Enter) -> None:
    number = await asked(world, "5", "1")
    ann = await enter(Side.VICTIMS)
    assert (await ann.get(f"/check-ins/{number}")).status_code == 404
    assert (await ann.post(f"/check-ins/{number}/review", note="x")).status_code == 404
    assert f"/check-ins/{number}" not in (await ann.get("/check-ins")).text


async def test_all_that_was_answered_stands_on_its_page(world: World, enter: Enter) -> None:
    number = await asked(world, "2", "9", "1")
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, (await session.get_one(CheckIn, number)).person_id)
        handling = await speak_to(world.hub, session, person, Purpose.REPLY)
        assert handling
        check_in = await check_in_talk.open_one(handling)
        assert check_in
        await check_in_talk.take_words(handling, check_in, "I have a new flat in Derby")
    await world.text("1")
    priya = await enter()
    page = (await priya.get(f"/check-ins/{number}")).text
    assert "I have a new flat in Derby" in page
    assert "Would they like a call?" in page
    listed = (await priya.get("/check-ins")).text
    assert "Something has changed. Would like a call" in listed
    async with world.hub.store.transaction() as session:
        kept = (await session.scalars(select(CheckInAnswer))).all()
    assert all(b"Derby" not in (answer.words_sealed or b"") for answer in kept)


async def test_words_of_earlier_check_ins_stay_readable(world: World, enter: Enter) -> None:
    number = await asked(world, "2", "9")
    async with world.hub.store.transaction() as session:
        (await session.get_one(CheckIn, number)).needs = ["home", "drink_or_drugs", "feelings"]
    page = (await (await enter()).get(f"/check-ins/{number}")).text
    assert "A home, Drink or drugs, How I feel" in page
