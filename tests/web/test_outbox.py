"""The outbox: what goes out, why and in which words; holding back, letting go, cancelling, sending now."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hub import appointments
from hub.nudges.again import plan_again
from hub.outbox import queue
from hub.states import MessageState, NudgeState
from hub.store.tables import AuditEvent, ContactPoint, Message, Nudge, Person
from hub.words import Priority, Purpose, Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


async def appoint(world: World, days: int = 9, **who: object) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, **who)  # type: ignore[arg-type]
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(days=days, hours=4),
            with_whom="Priya",
            place="1 High St",
            worker_id=person.worker_id,
        )
        return person.ref


async def planned(world: World) -> list[Nudge]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Nudge).order_by(Nudge.due_at)))


async def waits(world: World, body: str = "See you soon") -> int:
    """A message in the outbox, due in an hour."""
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, name="Amir Khan", address="+447700900111")
        facts = {"purpose": Purpose.UPDATE, "priority": Priority.BULK, "author_id": world.workers[Side.SUPERVISION]}
        due_at = world.clock.now() + timedelta(hours=1)
        message = await queue(world.hub, session, conversation, body=body, due_at=due_at, **facts)  # type: ignore[arg-type]
        return message.id


async def test_an_empty_outbox_says_so_in_a_sentence(enter: Enter) -> None:
    priya = await enter()
    for view in ("going", "held", "stopped"):
        page = await priya.get(f"/outbox?view={view}")
        assert page.status_code == 200
        assert "handrail-empty" in page.text


async def test_a_reminder_is_shown_with_its_rule_and_in_the_words_that_are_sent(world: World, enter: Enter) -> None:
    ref = await appoint(world, 9)
    page = (await (await enter()).get("/outbox")).text
    assert f"/people/{ref}/messages" in page
    assert "1 day before an appointment" in page
    shown = re.findall(r'handrail-outgoing__words">(.*?)</p>', page)
    await world.push(days=9)
    assert shown == world.heard()


async def test_the_words_are_those_of_the_persons_own_language_and_careful_where_they_must_be(
    world: World, enter: Enter
) -> None:
    await appoint(world, 9, language="cy")
    await appoint(world, 9, name="Bea Low", address="+447700900102", discreet=True)
    page = (await (await enter()).get("/outbox")).text
    assert "Atebwch 1" in page or "Ateb" in page
    assert page.count("1 High St") == 3, "the careful wording names no place"


async def test_whoever_has_stopped_stands_among_what_is_held_back_with_the_reason(world: World, enter: Enter) -> None:
    await appoint(world)
    async with world.hub.store.transaction() as session:
        await session.execute(update(ContactPoint).values(stopped_at=world.clock.now()))
    priya = await enter()
    assert "handrail-empty" in (await priya.get("/outbox")).text
    assert "they asked us to stop texts" in (await priya.get("/outbox?view=held")).text


async def test_sending_now_does_not_pretend_to_reach_somebody_who_has_stopped(world: World, enter: Enter) -> None:
    await appoint(world)
    async with world.hub.store.transaction() as session:
        await session.execute(update(ContactPoint).values(stopped_at=world.clock.now()))
    priya = await enter()
    last = (await planned(world))[-1]
    check = await priya.post("/outbox?view=held", verb="send", text=f"n{last.id}")
    assert "Goes out:</strong> not at all while this stands" in check.text
    await priya.post("/outbox?view=held", verb="send", text=f"n{last.id}", sure="yes")
    await world.settle()
    assert world.heard() == []


async def test_a_reminder_that_is_held_back_waits_until_it_is_let_go(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    priya = await enter()
    first = (await planned(world))[0]
    answer = await priya.post("/outbox", verb="hold", text=f"n{first.id}")
    assert answer.status_code == 303
    assert "1 text held back." in (await priya.get(answer.headers["location"])).text
    await world.push(days=2, hours=1)
    assert world.heard() == []
    priya = await enter()
    held = await priya.get("/outbox?view=held")
    assert "somebody holds it back" in held.text
    await priya.post("/outbox?view=held", verb="release", text=f"n{first.id}")
    await world.settle()
    assert len(world.heard()) == 1
    async with world.hub.store.transaction() as session:
        assert {"nudge_held", "nudge_released"} <= set(await session.scalars(select(AuditEvent.what)))


async def test_a_reminder_held_for_too_long_is_skipped_and_says_why(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    priya = await enter()
    first = (await planned(world))[0]
    await priya.post("/outbox", verb="hold", text=f"n{first.id}")
    await world.push(days=3)
    over = (await planned(world))[0]
    assert (over.state, over.reason) == (NudgeState.SKIPPED, "held_by_worker")
    priya = await enter()
    assert "Not sent:</strong> somebody holds it back" in (await priya.get("/outbox?view=stopped")).text


async def test_what_cannot_be_undone_shows_its_effect_first_and_a_new_plan_does_not_bring_it_back(
    world: World, enter: Enter
) -> None:
    await appoint(world, 9)
    priya = await enter()
    first = (await planned(world))[0]
    check = await priya.post("/outbox", verb="cancel", text=f"n{first.id}")
    assert check.status_code == 200
    assert "They are not sent. This cannot be undone." in check.text
    assert (await planned(world))[0].state is NudgeState.PLANNED
    await priya.post("/outbox", verb="cancel", text=f"n{first.id}", sure="yes")
    await plan_again(world.hub)
    assert (await planned(world))[0].state is NudgeState.SKIPPED
    assert "somebody has cancelled it" in (await priya.get("/outbox?view=stopped")).text


async def test_a_reminder_sent_now_arrives_now_and_not_again(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    priya = await enter()
    last = (await planned(world))[-1]
    check = await priya.post("/outbox", verb="send", text=f"n{last.id}")
    assert "Goes out:</strong> now" in check.text
    await priya.post("/outbox", verb="send", text=f"n{last.id}", sure="yes")
    await world.settle()
    assert len(world.heard()) == 1


async def test_at_night_the_page_says_when_a_text_would_go_and_it_goes_no_sooner(world: World, enter: Enter) -> None:
    message = await waits(world)
    world.clock.push(timedelta(hours=12))  # 10pm; the message has not been sent: nobody ticked
    priya = await enter()
    check = await priya.post("/outbox", verb="send", text=f"m{message}")
    assert "Tue 3 March at 8am, when their hours begin" in check.text
    await priya.post("/outbox", verb="send", text=f"m{message}", sure="yes")
    await world.settle()
    assert world.heard("+447700900111") == []


async def test_several_at_once_are_checked_and_what_has_left_meanwhile_is_passed_over(
    world: World, enter: Enter
) -> None:
    await appoint(world, 9)
    message = await waits(world)
    priya = await enter()
    keys = [f"n{nudge.id}" for nudge in await planned(world)] + [f"m{message}"]
    check = await priya.http.post("/outbox", data={"csrf": priya.csrf, "verb": "hold", "text": keys})
    assert "Hold back these 4 texts" in check.text
    await world.push(hours=2)
    priya = await enter()
    done = await priya.http.post("/outbox", data={"csrf": priya.csrf, "verb": "hold", "text": keys, "sure": "yes"})
    said = (await priya.get(done.headers["location"])).text
    assert "3 texts held back. 1 had changed before: nothing was done with it." in said


async def test_a_message_is_held_let_go_and_cancelled(world: World, enter: Enter) -> None:
    message = await waits(world)
    priya = await enter()
    for verb, state in (("hold", "held"), ("release", "queued"), ("cancel", "cancelled")):
        await priya.post("/outbox", verb=verb, text=f"m{message}", sure="yes")
        async with world.hub.store.transaction() as session:
            assert (await session.get_one(Message, message)).state is MessageState(state)
    assert "Written by Priya Shah" in (await priya.get("/outbox?view=stopped")).text


async def test_nothing_ticked_is_said_beside_the_list(world: World, enter: Enter) -> None:
    await appoint(world)
    page = await (await enter()).post("/outbox", verb="hold")
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert "Tick the texts first." in page.text


async def test_a_worker_changes_only_what_goes_to_their_own_people(world: World, enter: Enter) -> None:
    await appoint(world)
    nudge = (await planned(world))[0]
    async with world.hub.store.transaction() as session:
        await session.execute(update(Person).values(worker_id=None))
    priya = await enter()
    page = await priya.get("/outbox")
    assert "1 day before" in page.text, "whoever has no worker is seen by all"
    assert f'value="n{nudge.id}"' not in page.text
    assert (await priya.post("/outbox", verb="hold", text=f"n{nudge.id}")).status_code == 404
    tom = await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")
    assert (await tom.post("/outbox", verb="hold", text=f"n{nudge.id}")).status_code == 303
    ann = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    assert (await ann.post("/outbox", verb="hold", text=f"n{nudge.id}")).status_code == 404


async def test_the_list_is_filtered_by_rule_and_by_whose_they_are(world: World, enter: Enter) -> None:
    await appoint(world)
    await waits(world)
    priya = await enter()
    page = (await priya.get("/outbox?rule=reminder_1_day&mine=true")).text
    assert page.count("handrail-outgoing__row") == 1
    assert "My own people<span" in page
    assert (await priya.get("/outbox?mine=true")).text.count("handrail-outgoing__row") == 4


@pytest.mark.parametrize("role", [WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR, WorkerRole.PROVIDER])
async def test_the_outbox_is_for_those_who_talk_with_people(enter: Enter, role: WorkerRole) -> None:
    assert (await (await enter(role=role, name="Kit Moor")).get("/outbox")).status_code == 403
