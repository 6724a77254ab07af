"""What comes of a provider that fails: the line waits with its message, waits are spread, another line stands in."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub import claims, failover, reconcile, send
from hub.errors import MoveNotAllowed, NoChannel, TryLater, Uncertain
from hub.failover import ENOUGH, SILENCE, STEP, STEPS, Seen, share_after
from hub.outbox import queue
from hub.outcomes import FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS, wait_before_next
from hub.ports import Accepted, Inbound, Outgoing
from hub.receive import accept
from hub.states import MessageState
from hub.store.tables import Attempt, Conversation, Line, Message
from hub.words import ChannelKind, Priority, Purpose, Role, Side
from tests.world import LINES, World

STANDBY = "+447700900009"
SUPERVISION, VICTIMS = LINES[Side.SUPERVISION, ChannelKind.SMS], LINES[Side.VICTIMS, ChannelKind.SMS]


class Carrier:
    """Fails on some of our lines in one way, takes everything from the others."""

    def __init__(self, failing: Collection[str] = (), problem: Exception | None = None) -> None:
        self.failing, self.problem = failing, problem or TryLater()
        self.taken: list[Outgoing] = []
        self.asked: list[str] = []

    def for_line(self, line_address: str, kind: ChannelKind) -> "Carrier":
        return self

    async def send(self, outgoing: Outgoing) -> Accepted:
        if outgoing.line_address in self.failing:
            raise self.problem
        self.taken.append(outgoing)
        return Accepted(f"P{outgoing.message_id}")

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: object = ()) -> Accepted | None:
        self.asked.append(outgoing.line_address)
        return None

    @property
    def lines(self) -> list[str]:
        return [outgoing.line_address for outgoing in self.taken]


def carried_by(world: World, monkeypatch: pytest.MonkeyPatch, carrier: Carrier) -> Carrier:
    monkeypatch.setattr(world.hub.channels, "for_line", carrier.for_line)
    return carrier


async def meet(world: World, number: int = 101, role: Role = Role.SUPERVISED) -> int:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, role=role, address=f"+447700900{number}")
        return conversation.id


async def put(world: World, conversation_id: int, priority: Priority = Priority.REMINDER) -> int:
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        message = await queue(
            world.hub, session, conversation, purpose=Purpose.REMINDER, priority=priority, body=f"To {conversation_id}"
        )
        return message.id


async def message(world: World, message_id: int) -> Message:
    async with world.hub.store.transaction() as session:
        return await session.get_one(Message, message_id)


async def with_standby(world: World, share: float = STEPS[0], address: str = SUPERVISION) -> None:
    async with world.hub.store.transaction() as session:
        line = (await session.scalars(select(Line).where(Line.address == address))).one()
        standby = Line(agency_id=line.agency_id, side=line.side, channel=line.channel, address=STANDBY, name="Standby")
        session.add(standby)
        await session.flush()
        failover.appoint(line, standby)
        line.own_share = share


async def share(world: World) -> float:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Line.own_share).where(Line.address == SUPERVISION))).one()


@given(st.integers(1, 10**9), st.integers(1, MOST_ATTEMPTS))
def test_waits_grow_fourfold_and_are_spread_by_a_quarter_the_same_each_time(message_id: int, attempts: int) -> None:
    middle = min(FIRST_WAIT * 4 ** (attempts - 1), LONGEST_WAIT)
    wait = wait_before_next(message_id, attempts)
    assert middle * 0.75 <= wait <= middle * 1.25
    assert wait == wait_before_next(message_id, attempts)


def test_what_failed_together_does_not_come_back_together() -> None:
    assert len({wait_before_next(message_id, 1) for message_id in range(100)}) == 100


def test_a_provider_is_never_asked_again_sooner_than_it_said() -> None:
    asked = timedelta(seconds=40)
    assert all(asked <= wait_before_next(number, 1, asked) <= asked * 1.25 for number in range(100))


async def test_a_line_that_was_told_to_wait_waits_with_all_its_texts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_by(world, monkeypatch, Carrier({SUPERVISION}, TryLater(code="20429", after=timedelta(seconds=90))))
    sam, vera = await meet(world), await meet(world, 102, Role.VICTIM)
    await put(world, sam)
    await send.send_due(world.hub, "w")
    carrier = carried_by(world, monkeypatch, Carrier())
    other = await meet(world, 103)
    waiting, on_another_line = await put(world, other), await put(world, vera)
    assert await claims.claim(world.hub, "w") == [on_another_line]
    world.clock.push(timedelta(seconds=89))
    assert await claims.claim(world.hub, "w") == []
    world.clock.push(timedelta(seconds=1))
    assert await send.send_due(world.hub, "w")
    assert [outgoing.message_id for outgoing in carrier.taken] == [waiting]


async def test_without_a_channel_a_text_fails_in_words_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_by(world, monkeypatch, Carrier({SUPERVISION}, NoChannel()))
    message_id = await put(world, await meet(world))
    await world.push(days=2)
    failed = await message(world, message_id)
    assert (failed.state, failed.reason) == (MessageState.FAILED, "no_channel")


# --- the standby ----------------------------------------------------------------------------------


def test_a_line_is_failing_when_more_than_half_of_enough_attempts_failed() -> None:
    assert share_after(1, timedelta(0), Seen(ENOUGH, ENOUGH // 2)) == 1
    assert share_after(1, timedelta(0), Seen(ENOUGH - 1, ENOUGH - 1)) == 1
    assert share_after(1, timedelta(0), Seen(ENOUGH, ENOUGH // 2 + 1)) == STEPS[0]


def test_it_comes_back_step_by_step_and_falls_back_at_once() -> None:
    assert share_after(0.05, STEP, Seen(3, 1)) == 0.25
    assert share_after(0.05, STEP / 2, Seen(3, 0)) == 0.05
    assert share_after(0.05, STEP, Seen(2, 0)) == 0.05
    assert share_after(0.25, STEP, Seen(3, 0)) == 1
    assert share_after(0.25, STEP, Seen(3, 2)) == 0.05


def test_when_too_little_is_sent_to_tell_it_is_tried_all_the_same() -> None:
    assert share_after(0.05, SILENCE, Seen(0, 0)) == 0.25


@given(st.sampled_from(STEPS), st.integers(0, 3600), st.integers(0, 50), st.integers(0, 50))
def test_a_share_is_always_one_of_the_steps(share: float, seconds: int, attempts: int, bad: int) -> None:
    assert share_after(share, timedelta(seconds=seconds), Seen(attempts, min(bad, attempts))) in STEPS


async def test_while_a_line_fails_its_standby_speaks_and_the_line_comes_back_slowly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_standby(world, share=1.0)
    carried_by(world, monkeypatch, Carrier({SUPERVISION}))
    people = [await meet(world, 110 + number) for number in range(ENOUGH)]
    for conversation_id in people:
        await put(world, conversation_id)
    await send.send_due(world.hub, "w")
    await failover.watch(world.hub)
    assert await share(world) == STEPS[0]
    carrier = carried_by(world, monkeypatch, Carrier())
    world.clock.push(timedelta(minutes=1))
    await send.send_due(world.hub, "w")
    assert carrier.lines.count(STANDBY) >= ENOUGH - 2  # one in twenty tries the line itself
    for step in STEPS[1:]:
        world.clock.push(SILENCE)
        await failover.watch(world.hub)
        assert await share(world) == step


async def test_an_answer_to_the_standby_belongs_to_the_same_conversation(world: World) -> None:
    await with_standby(world)
    conversation_id = await meet(world)
    message_id = await accept(
        world.hub,
        Inbound(STANDBY, ChannelKind.SMS, "+447700900101", "IN1", "1", world.clock.now()),
    )
    assert (await message(world, message_id or 0)).conversation_id == conversation_id


async def test_surveys_wait_for_their_own_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_standby(world, share=0.0)
    carrier = carried_by(world, monkeypatch, Carrier())
    await put(world, await meet(world), Priority.BULK)
    await send.send_due(world.hub, "w")
    assert carrier.lines == [SUPERVISION]


@pytest.mark.parametrize("care", [{"discreet": True}, {"safe_from": time(9)}, {"safe_until": time(12)}, {}])
async def test_nobody_who_asked_for_care_hears_from_a_number_that_they_do_not_know(
    world: World, monkeypatch: pytest.MonkeyPatch, care: dict[str, object]
) -> None:
    await with_standby(world, share=0.0, address=VICTIMS)
    carrier = carried_by(world, monkeypatch, Carrier())
    vera = await meet(world, 101, Role.VICTIM)
    async with world.hub.store.transaction() as session:
        contact = (await session.get_one(Conversation, vera)).contact_point
        for name, value in care.items():
            setattr(contact, name, value)
    await put(world, vera)
    await send.send_due(world.hub, "w")
    assert carrier.lines == [VICTIMS if care else STANDBY]


async def test_an_uncertain_text_is_asked_about_on_the_line_that_it_left_from(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_standby(world, share=0.0)
    carrier = carried_by(world, monkeypatch, Carrier({STANDBY}, Uncertain()))
    await put(world, await meet(world))
    await send.send_due(world.hub, "w")
    world.clock.push(timedelta(minutes=1))
    await reconcile.settle_uncertain(world.hub)
    assert carrier.asked == [STANDBY]
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(Line.address).join(Attempt, Attempt.line_id == Line.id)) == STANDBY


async def test_a_standby_is_of_the_same_agency_side_and_kind(world: World) -> None:
    async with world.hub.store.transaction() as session:
        ours, theirs = [
            (await session.scalars(select(Line).where(Line.address == address))).one()
            for address in (SUPERVISION, VICTIMS)
        ]
        for standby in (theirs, ours):
            with pytest.raises(MoveNotAllowed):
                failover.appoint(ours, standby)
