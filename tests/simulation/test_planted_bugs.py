"""Bugs planted in the hub, one of each kind: the simulation must see every one, and name the promise that it breaks."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handrail.settings import load
from handrail.simulation import circles, people, town
from handrail.simulation.run import simulate
from handrail.simulation.scene import Options
from handrail.simulation.town import Habit
from hub import consent, outcomes, prompts, receive, send
from hub.commands import carry_out, person
from hub.consent import Go
from hub.core import Hub
from hub.handling import Handling
from hub.nudges import plan, queue_due
from hub.nudges.reach import Reach
from hub.ports import Outgoing
from hub.states import MessageState
from hub.store.tables import Conversation, Message, ThreadMember
from hub.threads import posts, relay, standing
from hub.understanding import carry_out_understood
from hub.words import Purpose, Sees, Side

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def broken_promises(url: str, *faults: str, people: int = 16, days: int = 8) -> set[str]:
    found = await simulate(load(), url, Options(people, days, seed=3, faults=frozenset(faults)))
    return {violation.promise for violation in found.violations}


@pytest.fixture
def everybody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town, "HABITS", (Habit.FAST,))
    monkeypatch.setattr(people, "QUESTION_ANSWERED", 1.0)


async def test_a_claim_that_claims_nothing_is_seen(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_only(hub: Hub, _by: str, **_: Any) -> list[int]:
        queued = select(Message.id).where(Message.state == MessageState.QUEUED, Message.due_at <= hub.clock.now())
        async with hub.store.transaction() as session:
            return sorted(await session.scalars(queued))

    async def prepare_whatever(hub: Hub, ids: Sequence[int]) -> Any:
        async with one_at_a_time:
            async with hub.store.transaction() as session:
                await session.execute(update(Message).where(Message.id.in_(ids)).values(state=MessageState.CLAIMED))
            return await prepare(hub, ids)

    prepare, one_at_a_time = send.prepare, asyncio.Lock()
    monkeypatch.setattr(send, "claim", look_only)
    monkeypatch.setattr(send, "prepare", prepare_whatever)
    assert "sent_once" in await broken_promises(empty_database, "crashes")


async def test_trusting_a_late_receipt_is_seen(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def believe(_session: Any, message: Message, status: str, _meaning: str, now: Any) -> None:
        message.state, message.state_at = MessageState(status), now

    monkeypatch.setattr(outcomes, "_apply", believe)
    monkeypatch.setattr(outcomes, "_BEFORE", {state: list(MessageState) for state in MessageState})
    faults = ("late_receipt", "reordered_receipts", "wrong_receipt")
    assert "states_move_forward" in await broken_promises(empty_database, *faults, people=30, days=12)


async def test_forgetting_the_quiet_hours_is_seen(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "_hours", lambda *_: Go())
    for place in (plan, queue_due):  # asked when planned, when due and when sent
        monkeypatch.setattr(place, "next_in_window", lambda moment, *_: moment)
    assert "at_permitted_hours" in await broken_promises(empty_database, people=40, days=12)


async def test_dropping_the_lease_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, everybody_answers: None
) -> None:
    async def carry_out_anyway(
        hub: Hub, situation: Any, _by: str, decision: Any, *, quiet: bool = False, last: bool = True
    ) -> int | None:
        now = hub.clock.now()
        async with hub.store.transaction() as session:
            conversation = await session.get_one(Conversation, situation.conversation_id)
            message = await session.get_one(Message, situation.message_id)
            prompt = await prompts.open_prompt(session, conversation.id, now)
            handling = Handling(hub, session, conversation, message, situation.text, prompt, now, quiet=quiet)
            await carry_out_understood(handling, decision, carry_out)
            receive._remember(session, situation, decision, now)
            if last:
                receive._finish(handling, decision)
            return await oldest(session, conversation.id) if last else None

    async def oldest(session: AsyncSession, conversation_id: int) -> int | None:
        await session.flush()
        waiting = select(func.min(Message.id)).where(
            Message.conversation_id == conversation_id, Message.state == MessageState.RECEIVED
        )
        found: int | None = await session.scalar(waiting)
        if found is None:
            mine = update(Conversation).where(Conversation.id == conversation_id)
            await session.execute(mine.values(waiting_since=None))
        return found

    anybody = """
        SELECT id, (SELECT min(m.id) FROM messages AS m WHERE conversation_id = c.id AND state = 'received')
        FROM conversations AS c
        WHERE waiting_since IS NOT NULL AND %(by)s <> '' AND %(now)s::timestamptz < %(until)s LIMIT 1
    """
    monkeypatch.setattr(receive, "_CLAIM", anybody)
    monkeypatch.setattr(receive, "_carry_out", carry_out_anyway)
    assert "handled_once" in await broken_promises(empty_database, "crashes")


@pytest.fixture
def many_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_texts", lambda *_: ["STOP"])
    monkeypatch.setattr(people, "COMES_BACK", people.COMES_BACK * 100)
    monkeypatch.setattr(people, "QUESTION_ANSWERED", 1.0)


async def test_sending_after_stop_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, many_stop: None
) -> None:
    monkeypatch.setattr(consent, "_forbidden", lambda *_: "")
    monkeypatch.setattr(Reach, "obstacle", lambda *_: "")
    assert "silent_after_stop" in await broken_promises(empty_database, days=16)


async def test_not_noting_stop_is_seen(empty_database: str, monkeypatch: pytest.MonkeyPatch, many_stop: None) -> None:
    async def shrug(handling: Handling, _entities: Any) -> None:
        await handling.say("person.help")

    monkeypatch.setattr(person, "stop_all", shrug)
    assert "stop_is_obeyed" in await broken_promises(empty_database, days=16)


async def test_a_line_of_the_other_side_is_seen(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_one_line(*arguments: Any) -> Outgoing:
        out = outgoing_of(*arguments)
        return Outgoing(out.message_id, town.LINES[Side.SUPERVISION], out.to, out.text)

    outgoing_of = send.outgoing_of
    monkeypatch.setattr(send, "outgoing_of", by_one_line)
    assert "sides_never_meet" in await broken_promises(empty_database)


async def test_a_word_of_the_other_side_is_seen(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Handling.appointment_facts
    leak = {"with_whom": "Sam Larch"}
    monkeypatch.setattr(Handling, "appointment_facts", lambda self, appointment: facts(self, appointment) | leak)
    assert "sides_never_meet" in await broken_promises(empty_database, people=30, days=20)


async def test_a_cry_that_no_human_hears_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, everybody_answers: None
) -> None:
    async def keep_quiet(_self: Handling, _reason: str, **_: Any) -> None:
        return None

    monkeypatch.setattr(people, "CRIES_FOR_HELP", 1.0)
    monkeypatch.setattr(Handling, "hand_over", keep_quiet)
    assert "cries_are_heard" in await broken_promises(empty_database)


async def test_a_text_that_nobody_reads_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, everybody_answers: None
) -> None:
    nobody = """
        UPDATE conversations SET waiting_since = NULL WHERE waiting_since IS NOT NULL AND %(by)s <> ''
        AND %(now)s::timestamptz < %(until)s RETURNING id, NULL::bigint
    """
    monkeypatch.setattr(receive, "_CLAIM", nobody)
    assert "no_text_is_lost" in await broken_promises(empty_database)


async def test_not_asking_again_before_the_sending_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def all_true(*_: Any) -> set[int]:
        return set()

    from handrail.simulation import faults, staff

    monkeypatch.setitem(faults.OF_THE_CARRIER, "throttle", 0.9)
    monkeypatch.setitem(faults.OF_THE_HOUSE, "sudden_changes", 0.25)
    monkeypatch.setattr(staff, "_bad_moment", lambda _chance, at: at.replace(hour=9, minute=0, second=20) - staff.DAY)
    monkeypatch.setattr(send, "no_longer_true", all_true)
    assert "still_true" in await broken_promises(empty_database, "throttle", "sudden_changes", days=20)


async def test_identical_words_of_not_understanding_are_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, everybody_answers: None
) -> None:
    from hub import understanding

    async def always_the_first(handling: Handling) -> None:
        await handling.say("human.again_nothing")

    async def no_last_touch(*_: Any) -> None:
        return None

    monkeypatch.setattr(people, "_texts", lambda *_: ["asdfghjkl", "asdfghjkl", "???"])
    monkeypatch.setattr(understanding, "repair", always_the_first)
    monkeypatch.setattr(understanding, "last_touch", no_last_touch)
    assert "never_misunderstood_in_the_same_words" in await broken_promises(empty_database)


@pytest.fixture
def many_stand_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town, "HABITS", (Habit.FAST,))
    monkeypatch.setattr(town, "SUPPORTERS", 0.4)
    monkeypatch.setattr(town, "SEES", (Sees.CHAT,))
    monkeypatch.setattr(circles, "EVERY", circles.DAY)


async def test_a_talk_that_goes_on_to_whoever_has_gone_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, many_stand_by: None
) -> None:
    """Neither asked when it is said nor once more when it leaves."""

    def whoever_came(_now: Any) -> ColumnElement[bool]:
        return ThreadMember.accepted_at.is_not(None)

    async def nobody(*_: Any) -> dict[int, str]:
        return {}

    monkeypatch.setattr(circles, "SENT_AWAY", 1.0)
    monkeypatch.setattr(standing, "in_force", whoever_came)
    monkeypatch.setattr(send, "withheld", nobody)
    found = await broken_promises(empty_database, days=5)
    assert found >= {"a_thread_is_for_those_in_it", "each_hears_a_post_once"}


async def test_a_post_that_somebody_hears_twice_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, many_stand_by: None
) -> None:
    async def twice(*given: Any) -> Any:
        return [*(await readers(*given)), *(await readers(*given))[:1]]

    readers = relay.readers_of
    monkeypatch.setattr(posts, "readers_of", twice)
    assert "each_hears_a_post_once" in await broken_promises(empty_database, days=3)


async def test_a_post_that_is_passed_on_by_night_is_seen(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, many_stand_by: None
) -> None:
    hours = consent._hours
    monkeypatch.setattr(consent, "_hours", lambda m, *rest: Go() if m.purpose is Purpose.THREAD else hours(m, *rest))
    assert "at_permitted_hours" in await broken_promises(empty_database, days=4)
