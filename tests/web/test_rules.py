"""Rules in words; trying, retiming, turning off and on, with the effect shown before it is done."""

import re

import pytest
from sqlalchemy import select

from hub.nudges.queue_due import queue_due
from hub.reading.rule_words import in_words
from hub.states import MessageState, NudgeState
from hub.store.tables import AuditEvent, Message, Nudge, RuleSetting
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.test_outbox import appoint
from tests.world import World

pytestmark = pytest.mark.slow


async def nudges(world: World, rule: str) -> list[Nudge]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Nudge).where(Nudge.rule == rule).order_by(Nudge.id)))


async def supervisor(enter: Enter) -> Visitor:
    return await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")


def test_every_rule_is_a_sentence_of_plain_words(world: World) -> None:
    said = {name: in_words(rule) for name, rule in world.hub.flows.nudges.items()}
    assert said["reminder_1_day"] == "1 day before an appointment, at 10am, unless it is called off"
    assert said["condition_7_days"] == "7 days before the day of a condition, at 10am, unless it is done"
    assert said["proof_request"] == "15 minutes after an appointment begins, unless proof has come"
    assert said["check_in_reminder"] == "2 days after a check-in is asked, unless it has been answered"
    assert said["release_day"] == "On the day of a release, at midday, unless it is called off"
    assert said["safe_contact_ask"] == "When a way to reach a victim is new here, unless it is known whether it is safe"
    assert len(set(said.values())) == len(said)
    assert not [words for words in said.values() if "_" in words]


async def test_the_list_says_how_many_texts_lie_ahead_and_whose_side_a_rule_is_of(world: World, enter: Enter) -> None:
    await appoint(world)
    page = (await (await enter()).get("/rules")).text
    assert re.search(r"reminder_1_day.*?1 text to 1 person", page, re.DOTALL)
    assert "/rules/case_update" in page
    assert "/rules/victim_release" not in page
    assert "/rules/victim_release" in (await (await enter(Side.VICTIMS)).get("/rules")).text


async def test_another_time_shows_what_moves_and_then_moves_it(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    tom = await supervisor(enter)
    check = await tom.post("/rules/reminder_1_day/time", days="2", clock="12:30")
    assert "2 days before an appointment, at 12:30pm" in check.text
    assert "1 planned text moves." in check.text
    before = (await nudges(world, "reminder_1_day"))[0].due_at
    saved = await tom.post("/rules/reminder_1_day/time", days="2", clock="12:30", why="Buses", sure="yes")
    assert saved.status_code == 303
    after = (await nudges(world, "reminder_1_day"))[0].due_at
    assert (before.isoformat(), after.isoformat()) == ("2026-03-10T10:00:00+00:00", "2026-03-09T12:30:00+00:00")
    page = (await tom.get(saved.headers["location"])).text
    assert "The rule is changed." in page
    assert "Changed by Tom Field on Mon 2 March at 10am: Buses" in page
    await appoint(world, 9, name="Bea Low", address="+447700900102")
    assert {nudge.due_at for nudge in await nudges(world, "reminder_1_day")} == {after}
    async with world.hub.store.transaction() as session:
        assert "rule_set" in set(await session.scalars(select(AuditEvent.what)))


async def test_off_means_not_planned_and_not_sent_and_says_who_and_why(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    tom = await supervisor(enter)
    check = await tom.post("/rules/reminder_1_day/off", why="Strike on the buses")
    assert "1 planned text is cancelled." in check.text
    await tom.post("/rules/reminder_1_day/off", why="Strike on the buses", sure="yes")
    off = (await nudges(world, "reminder_1_day"))[0]
    assert (off.state, off.reason) == (NudgeState.CANCELLED, "rule_off")
    page = (await (await enter()).get("/rules")).text
    assert "Turned off by Tom Field on Mon 2 March at 10am: Strike on the buses" in page
    await appoint(world, 9, name="Bea Low", address="+447700900102")
    assert len(await nudges(world, "reminder_1_day")) == 1
    await world.push(days=10)
    assert len(world.heard()) == 2


async def test_a_rule_turned_on_again_plans_what_lies_ahead(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    tom = await supervisor(enter)
    await tom.post("/rules/reminder_3_days/off", why="A try", sure="yes")
    await appoint(world, 9, name="Bea Low", address="+447700900102")
    check = await tom.post("/rules/reminder_3_days/on")
    assert "2 planned texts are new." in check.text
    await tom.post("/rules/reminder_3_days/on", sure="yes")
    assert {nudge.state for nudge in await nudges(world, "reminder_3_days")} == {NudgeState.PLANNED}
    assert len(await nudges(world, "reminder_3_days")) == 2


async def test_a_rule_that_waits_to_be_wanted_is_off_until_somebody_turns_it_on(world: World, enter: Enter) -> None:
    async def row() -> RuleSetting | None:
        async with world.hub.store.transaction() as session:
            kept: RuleSetting | None = await session.scalar(select(RuleSetting))
            return kept

    tom, rule = await supervisor(enter), "/rules/supporter_call"
    page = (await tom.get(rule)).text
    assert "Turn it on<" in page
    assert "Supporters who may see how it goes, too" in page
    assert "Why is it turned off?" not in page
    await tom.post(f"{rule}/on", sure="yes")
    kept = await row()
    assert kept
    assert not kept.off
    page = (await tom.get(rule)).text
    assert "Why is it turned off?" in page
    assert "Back to how it was" not in page
    await tom.post(f"{rule}/off", why="It was guessed", sure="yes")
    assert await row() is None
    assert "Turn it on<" in (await tom.get(rule)).text


async def test_the_other_side_keeps_its_own_rules(world: World, enter: Enter) -> None:
    await appoint(world, 9, name="Vera Lind", address="+447700900202", role=Role.VICTIM)
    await (await supervisor(enter)).post("/rules/reminder_1_day/off", why="A try", sure="yes")
    assert {nudge.state for nudge in await nudges(world, "reminder_1_day")} == {NudgeState.PLANNED}


async def test_a_rule_turned_off_takes_back_what_waits_in_the_outbox(world: World, enter: Enter) -> None:
    await appoint(world, 9)
    tom = await supervisor(enter)
    world.clock.push_to((await nudges(world, "reminder_7_days"))[0].due_at)
    await queue_due(world.hub)
    tom = await enter(role=WorkerRole.SUPERVISOR, name="Una Field")
    await tom.post("/rules/reminder_7_days/off", why="A try", sure="yes")
    await world.settle()
    assert world.heard() == []
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message))).one()
    assert (message.state, message.reason) == (MessageState.CANCELLED, "rule_off")


@pytest.mark.parametrize(
    ("days", "clock", "said"),
    [
        ("0", "10:00", "Enter a number of days from 1 to 14."),
        ("15", "10:00", "Enter a number of days from 1 to 14."),
        ("2", "ten", "Enter a time such as 10:00."),
        ("2", "06:00", "Enter a time from 08:00 to before 19:00."),
        ("2", "19:30", "Enter a time from 08:00 to before 19:00."),
    ],
)
async def test_what_lies_outside_the_limits_is_refused_beside_its_field(
    enter: Enter, days: str, clock: str, said: str
) -> None:
    tom = await supervisor(enter)
    page = await tom.post("/rules/reminder_1_day/time", days=days, clock=clock)
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{clock}"' in page.text
    assert (await tom.post("/rules/proof_request/time", days="", clock="10:00")).status_code == 403


async def test_a_reason_is_asked_for(enter: Enter) -> None:
    page = await (await supervisor(enter)).post("/rules/reminder_1_day/off", why=" ")
    assert page.status_code == 422
    assert "Say why the rule is turned off." in page.text


async def test_trying_shows_words_and_times_and_sends_nothing(world: World, enter: Enter) -> None:
    ref = await appoint(world, 9)
    priya = await enter()
    page = await priya.post("/rules/reminder_1_day/try", person=ref.lower())
    assert "Tue 10 March" in page.text
    assert "you see Priya on Wed 11 March at 2pm, 1 High St" in page.text
    assert world.heard() == []
    nobody = await priya.post("/rules/reminder_1_day/try", person="BBBBBBBB")
    assert nobody.status_code == 422
    ann = await enter(Side.VICTIMS)
    assert "Priya on" not in (await ann.post("/rules/reminder_1_day/try", person=ref)).text


async def test_workers_and_analysts_see_rules_and_do_not_set_them(world: World, enter: Enter) -> None:
    for visitor in (await enter(), await enter(role=WorkerRole.ANALYST, name="Kit Moor")):
        assert (await visitor.get("/rules/reminder_1_day")).status_code == 200
        assert "Turn it off" not in (await visitor.get("/rules/reminder_1_day")).text
        assert (await visitor.post("/rules/reminder_1_day/off", why="x", sure="yes")).status_code == 403
        assert (await visitor.post("/rules/reminder_1_day/off", why="x")).status_code == 403
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Moor")
    assert (await provider.get("/rules")).status_code == 403
    assert (await (await enter()).get("/rules/nothing")).status_code == 404
