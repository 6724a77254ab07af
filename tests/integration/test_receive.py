"""The way in: stored once, handled in order, never lost, a human where a bot should not decide."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql

from hub import receive
from hub.commands import COMMANDS
from hub.conversations import hand_back, take_over
from hub.errors import NoChannel
from hub.ports import Command, Decision, Inbound, Turn
from hub.receive import accept, handle_next
from hub.states import Direction, EscalationState, MessageState
from hub.store.tables import Conversation, Escalation, Message, Person, TurnRecord, Worker
from hub.words import ChannelKind, Side
from tests.world import ScriptedAssistant, World, make_world

LINE = "+447700900001"
VICTIMS_LINE = "+447700900002"
SAM = "+447700900101"


def inbound(world: World, text: str, number: int = 1, *, line: str = LINE, sender: str = SAM) -> Inbound:
    return Inbound(line, ChannelKind.SMS, sender, f"SM{number:032}", text, world.clock.now())


async def messages(world: World, direction: Direction = Direction.IN) -> list[Message]:
    async with world.hub.store.transaction() as session:
        wanted = select(Message).where(Message.direction == direction).order_by(Message.id)
        return list((await session.scalars(wanted)).all())


async def reasons(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        wanted = select(Escalation.reason).where(Escalation.state != EscalationState.CLOSED)
        return sorted(await session.scalars(wanted))


async def meet_sam(world: World) -> int:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        return conversation.id


async def test_the_same_webhook_five_times_is_one_message(world: World) -> None:
    await meet_sam(world)
    stored = [await accept(world.hub, inbound(world, "hello")) for _ in range(5)]
    assert [found is not None for found in stored] == [True, False, False, False, False]
    assert len(await messages(world)) == 1


async def test_the_same_id_at_the_same_moment_is_one_message(world: World) -> None:
    await meet_sam(world)
    stored = await asyncio.gather(*(accept(world.hub, inbound(world, "hello")) for _ in range(5)))
    assert sum(found is not None for found in stored) == 1


async def test_the_twentieth_text_is_stored_like_the_first(world: World) -> None:
    """psycopg prepares a statement after five uses; PostgreSQL then plans it without seeing the parameters."""
    await meet_sam(world)
    for number in range(20):
        assert await accept(world.hub, inbound(world, "hello", number)) is not None
        assert await accept(world.hub, inbound(world, "hello", number)) is None


async def test_after_the_first_text_the_short_way_is_taken_on_both_sides(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in (LINE, VICTIMS_LINE):
        await accept(world.hub, inbound(world, "first", 1, line=line))
    monkeypatch.setattr(receive, "_accept_unusual", None)  # whoever comes here fails
    for line in (LINE, VICTIMS_LINE):
        assert await accept(world.hub, inbound(world, "second", 2, line=line)) is not None
    stored = await messages(world)
    assert len({message.conversation_id for message in stored[2:]}) == 2
    assert [message.conversation_id for message in stored[2:]] == [m.conversation_id for m in stored[:2]]


async def test_a_text_that_comes_while_its_conversation_is_let_go_still_waits(world: World) -> None:
    """The loop has looked and found nothing; the text is stored before the loop's "nothing waits" is."""
    conversation_id = await meet_sam(world)
    await accept(world.hub, inbound(world, "first", 1))
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id, with_for_update={"of": Conversation})
        conversation.waiting_since = None
        arriving = asyncio.create_task(accept(world.hub, inbound(world, "second", 2)))
        await until_somebody_waits_for_a_lock(world)
    assert await arriving is not None
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Conversation, conversation_id)).waiting_since is not None


async def until_somebody_waits_for_a_lock(world: World) -> None:
    waiting = sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
    async with asyncio.timeout(10), world.hub.store.engine.connect() as connection:
        while not await connection.scalar(waiting):
            await asyncio.sleep(0)


async def test_two_first_texts_of_an_unknown_sender_at_the_same_moment_make_one_person(world: World) -> None:
    sender = "+447700900555"
    await asyncio.gather(*(accept(world.hub, inbound(world, f"hi {n}", n, sender=sender)) for n in range(4)))
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 1
        assert await session.scalar(select(func.count()).select_from(Message)) == 4


async def test_a_text_to_a_line_that_is_not_ours_is_refused_and_not_stored(world: World) -> None:
    with pytest.raises(NoChannel):
        await accept(world.hub, inbound(world, "hello", line="+447700900999"))
    assert await messages(world) == []


async def test_an_unknown_sender_is_answered_once_and_lies_in_the_inbox(world: World) -> None:
    sender = "+447700900555"
    await world.text("hello?", sender)
    await world.text("anyone there", sender)
    assert len(world.heard(sender)) == 1
    assert await reasons(world) == ["unknown_sender"]


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "😀" * 30, "\x00\x01\x02", "", "   ", "￼", "a\x00b", "𝕳𝖊𝖑𝖕", "%s {first_name} {{}}"],
)
async def test_strange_texts_are_kept_whole_and_answered(world: World, text: str) -> None:
    await meet_sam(world)
    await accept(world.hub, inbound(world, text))
    await world.settle()
    (message,) = await messages(world)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.known))).one()
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
    assert key.open(message.body_sealed or b"", "body") == text
    assert message.state in {MessageState.HANDLED, MessageState.HANDED_OVER}
    assert world.heard() or await reasons(world)


async def test_texts_of_one_conversation_are_handled_in_order(world: World) -> None:
    conversation_id = await meet_sam(world)
    for number in range(8):
        await accept(world.hub, inbound(world, f"text {number}", number))
    await asyncio.gather(*(handle_next(world.hub, f"loop{n}") for n in range(4)))
    async with world.hub.store.transaction() as session:
        wanted = select(TurnRecord.message_id).order_by(TurnRecord.id)
        handled = list(await session.scalars(wanted))
        conversation = await session.get_one(Conversation, conversation_id)
    assert handled == sorted(handled)
    assert len(handled) == 8
    assert conversation.waiting_since is None


async def test_rasa_off_free_text_goes_to_a_human_with_the_reason(world: World) -> None:
    await meet_sam(world)
    await world.text("my mum is poorly so not sure about thursday")
    assert await reasons(world) == ["assistant_down"]
    assert len(world.heard()) == 1


async def test_not_understood_says_it_in_other_words_then_offers_help_then_a_human_has_it(store, flows) -> None:  # type: ignore[no-untyped-def]
    unclear = Decision((Command("not_understood"),), "assistant", "nlu_fallback", 0.2)
    world = await make_world(store, flows=flows, assistant=ScriptedAssistant({"blarg": unclear}))
    await meet_sam(world)
    await world.text("blarg")
    await world.text("blarg")
    assert await reasons(world) == []
    await world.text("blarg")
    assert await reasons(world) == ["not_understood"]
    assert len(set(world.heard())) == 3


@pytest.mark.slow
@pytest.mark.timeout(400)  # 360 texts, each handled to the end
async def test_no_command_makes_us_say_the_same_sentence_twice_in_a_row(store, flows) -> None:  # type: ignore[no-untyped-def]
    commands = sorted(COMMANDS.keys() - {"stop_messages", "wrong_person"})  # after these we say nothing at all
    said = {f"xx {name}": Decision((Command(name),), "assistant") for name in commands}
    world = await make_world(store, flows=flows, assistant=ScriptedAssistant(said))
    await meet_sam(world)
    for text in said:
        for _ in range(4):
            await world.text(text)
    heard = world.heard()
    assert len(heard) > len(commands)
    assert [text for text, after in pairwise(heard) if text == after] == []


async def test_safety_words_do_not_wait_for_the_model(store, flows) -> None:  # type: ignore[no-untyped-def]
    class Hanging:
        async def decide(self, turn: Turn) -> Decision:
            async with world.hub.store.transaction() as session:  # what is so while the model still thinks
                seen.extend(await session.scalars(select(Escalation.reason)))
            raise_unavailable()
            return Decision((), "assistant")

    def raise_unavailable() -> None:
        from hub.errors import AssistantUnavailable

        raise AssistantUnavailable

    seen: list[str] = []
    world = await make_world(store, flows=flows, assistant=Hanging())
    await meet_sam(world)
    await world.text("i want to die")
    assert seen == ["crisis_self"]
    assert len(world.heard()) == 1


async def test_safety_comes_first_and_the_rest_is_carried_out_quietly(store, flows) -> None:  # type: ignore[no-untyped-def]
    text = "cant come my ex is outside with a knife"
    rest = Decision((Command("speak_to_person"), Command("ask_for_call")), "assistant", "ask_for_call", 0.9)
    world = await make_world(store, flows=flows, assistant=ScriptedAssistant({"cant come": rest}))
    await meet_sam(world)
    await world.text(text)
    assert "danger_now" in await reasons(world)
    assert "wants_a_call" in await reasons(world)
    assert "wants_a_person" not in await reasons(world)  # a person has it already
    assert len(world.heard()) == 1


async def test_while_a_human_holds_the_bot_is_silent(world: World) -> None:
    conversation_id = await meet_sam(world)
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await take_over(world.hub, session, worker, await session.get_one(Conversation, conversation_id))
    await world.text("hello")
    assert world.heard() == []
    (message,) = await messages(world)
    assert message.state is MessageState.HANDED_OVER
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await hand_back(world.hub, session, worker, await session.get_one(Conversation, conversation_id))
    await world.text("hello again")
    assert len(world.heard()) == 1


async def test_a_command_that_breaks_gives_the_text_to_a_human_and_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    await meet_sam(world)
    monkeypatch.setattr(receive, "carry_out_understood", broken)
    await world.text("hello")
    assert await reasons(world) == ["not_handled"]
    (message,) = await messages(world)
    assert message.state is MessageState.HANDED_OVER
    monkeypatch.undo()
    await world.text("HELP")
    assert len(world.heard()) == 1


async def test_a_worker_that_dies_while_handling_is_replaced_after_its_lease(world: World) -> None:
    conversation_id = await meet_sam(world)
    await accept(world.hub, inbound(world, "HELP"))
    async with world.hub.store.transaction() as session:  # as `kill -9` leaves it
        conversation = await session.get_one(Conversation, conversation_id)
        conversation.handling_by, conversation.handling_until = "dead", world.clock.now() + receive.LEASE
    await world.settle()
    assert world.heard() == []
    await world.push(seconds=31)
    assert len(world.heard()) == 1


async def test_a_lost_lease_changes_nothing(world: World) -> None:
    """A loop that was taken for dead and wakes up again finds that the conversation is another's."""
    conversation_id = await meet_sam(world)
    message_id = await accept(world.hub, inbound(world, "HELP"))
    async with world.hub.store.transaction() as session:
        (await session.get_one(Conversation, conversation_id)).handling_by = "other"
    await receive.handle(world.hub, message_id or 0, "slow")
    (message,) = await messages(world)
    assert message.state is MessageState.RECEIVED
    assert await messages(world, Direction.OUT) == []


async def test_the_same_number_on_both_sides_is_two_people(world: World) -> None:
    await world.text("hello", SAM, LINE)
    await world.text("hello", SAM, VICTIMS_LINE)
    async with world.hub.store.transaction() as session:
        people = (await session.scalars(select(Person).order_by(Person.id))).all()
    assert [person.side for person in people] == [Side.SUPERVISION, Side.VICTIMS]


async def test_what_a_webhook_missed_is_found_at_the_provider(world: World) -> None:
    from hub.catch_up import ask_providers
    from integrations.channels.simulator import Faults

    await meet_sam(world)
    world.simulator.set_faults(Faults(seed=1, lost_inbound=1.0))
    await world.text("HELP")
    assert await messages(world) == []
    assert await ask_providers(world.hub) == 1
    await world.settle()
    assert len(world.heard()) == 1
    world.clock.push(timedelta(minutes=5))
    assert await ask_providers(world.hub) == 0
