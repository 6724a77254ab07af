"""One agency's thousands of bulk texts: who overtakes them, in order of what the carrier sees, not by the clock."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from hub.claims import BATCH, claim
from hub.core import Hub
from hub.outbox import queue
from hub.people import add_contact, conversation_for, create_person
from hub.ports import Accepted, Outgoing
from hub.store.tables import Agency, Conversation, Line, Message
from hub.words import ChannelKind, Priority, Purpose, Role, Side
from scheduler.loops import run_worker
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PEOPLE, EACH = 200, 25  # of so many conversations most are free: who goes first is a choice
SENDERS = 2
SOONEST = BATCH * 4  # texts between one that comes and the next


@dataclass
class Claimed:
    """One claim of one sender. `began` and `ended` count what happened, not seconds."""

    by: str
    began: int
    ended: int = 0
    ids: list[int] = field(default_factory=list)


class Claims:
    """Watches the claims: a machine that is busy makes a sender slow, yet never lets a worse text be chosen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.all: list[Claimed] = []
        self.happened = 0
        monkeypatch.setattr("hub.send.claim", self._claim)

    def now(self) -> int:
        self.happened += 1
        return self.happened

    async def _claim(self, hub: Hub, by: str, *, lowest: Priority = Priority.BULK) -> list[int]:
        self.all.append(claimed := Claimed(by, self.now()))
        claimed.ids = await claim(hub, by, lowest=lowest)
        claimed.ended = self.now()
        return claimed.ids

    def passed_over(self, message_id: int, after: int, conversation: set[int]) -> list[Claimed]:
        """Those that began when the text could be had, and took others before anybody took this one.

        It can be had when it is there (`after`) and nobody holds a text of the same `conversation`: whoever held one
        has begun a next claim since, for a sender first writes down what came of a batch.
        """
        taken = next((each for each in self.all if message_id in each.ids), None)
        assert taken, "nobody took it"
        held = [each for each in self.all if each is not taken and conversation & set(each.ids)]
        free = max([after, *(self._next_of(each) for each in held if each.began < taken.began)])
        return [each for each in self.all if free <= each.began and each.ended < taken.began and each.ids]

    def _next_of(self, claimed: Claimed) -> int:
        return next(
            (each.began for each in self.all if each.by == claimed.by and each.began > claimed.began), self.happened
        )


class Carrier:
    """Takes everything after a turn of the loop; lets others know when so many have come."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self.reached: dict[int, asyncio.Event] = {}

    def for_line(self, line_address: str, kind: ChannelKind) -> "Carrier":
        return self

    async def send(self, outgoing: Outgoing) -> Accepted:
        self.order.append(outgoing.message_id)
        if event := self.reached.get(len(self.order)):
            event.set()
        await asyncio.sleep(0)
        return Accepted(f"P{outgoing.message_id}")

    async def until(self, count: int) -> None:
        await self.reached.setdefault(count, asyncio.Event()).wait()


async def put(world: World, conversation_id: int, priority: Priority) -> Message:
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        # Safety goes out at any hour and counts for no limit: here only the order matters.
        return await queue(
            world.hub, session, conversation, purpose=Purpose.SAFETY, priority=priority, body=f"{priority}"
        )


async def fill(world: World) -> list[int]:
    """Two hundred people of the world's own agency, with 25 bulk texts each."""
    found = []
    for number in range(PEOPLE):
        async with world.hub.store.transaction() as session:
            _, conversation = await world.person(session, address=f"+447700900{100 + number}")
            found.append(conversation.id)
        first = await put(world, conversation.id, Priority.BULK)
        same = ("conversation_id", "line_id", "direction", "state", "state_at", "created_at", "purpose", "rank")
        copied = {name: getattr(first, name) for name in (*same, "due_at", "body_sealed")}
        async with world.hub.store.transaction() as session:
            session.add_all(Message(**copied) for _ in range(EACH - 1))
    return found


async def somebody_elsewhere(world: World) -> int:
    """A conversation of another agency."""
    async with world.hub.store.transaction() as session:
        agency = Agency(name="Elsewhere", short_name="Elsewhere", phone="0300 000 0001")
        session.add(agency)
        await session.flush()
        kind, side = ChannelKind.SMS, Side.SUPERVISION
        session.add(Line(agency_id=agency.id, side=side, channel=kind, address="+447700900008", name="Elsewhere"))
        person = await create_person(
            world.hub, session, agency_id=agency.id, side=side, role=Role.SUPERVISED, name="Jo Lee"
        )
        await add_contact(world.hub, session, person, kind, "+447700900777")
        conversation = await conversation_for(session, person)
        assert conversation
        return conversation.id


async def texts_of(world: World, conversation_id: int) -> set[int]:
    async with world.hub.store.transaction() as session:
        theirs = select(Message.id).where(Message.conversation_id == conversation_id)
        return set(await session.scalars(theirs))


async def test_answers_reminders_and_other_agencies_overtake_thousands_of_bulk_texts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier, claims, stop = Carrier(), Claims(monkeypatch), asyncio.Event()
    monkeypatch.setattr(world.hub.channels, "for_line", carrier.for_line)
    people, elsewhere = await fill(world), await somebody_elsewhere(world)
    async with asyncio.TaskGroup() as group:
        group.create_task(run_worker(world.hub, stop, handlers=0, senders=SENDERS))
        came: dict[int, tuple[int, int]] = {}
        for nth, (conversation_id, priority) in enumerate(
            [
                (elsewhere, Priority.REPLY),
                (people[-1], Priority.REPLY),  # behind no more than one text of the same conversation
                (people[-1], Priority.REMINDER),
                (elsewhere, Priority.BULK),
            ]
        ):
            await carrier.until(SOONEST * (nth + 1))
            message = await put(world, conversation_id, priority)
            came[message.id] = (conversation_id, claims.now())
        await carrier.until(1500)
        stop.set()
    for number, (conversation_id, after) in came.items():
        assert not claims.passed_over(number, after, await texts_of(world, conversation_id))
    assert set(came) <= set(carrier.order)  # of five thousand the first fifteen hundred
    assert len(carrier.order) == len(set(carrier.order))


async def test_when_a_worker_is_asked_to_stop_it_leaves_nothing_in_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier, stop = Carrier(), asyncio.Event()
    monkeypatch.setattr(world.hub.channels, "for_line", carrier.for_line)
    await fill(world)
    async with asyncio.TaskGroup() as group:
        group.create_task(run_worker(world.hub, stop, handlers=0, senders=SENDERS))
        await carrier.until(120)
        stop.set()
    async with world.hub.store.transaction() as session:
        states = Counter(await session.scalars(select(Message.state)))
    assert states == {"sent": len(carrier.order), "queued": PEOPLE * EACH - len(carrier.order)}
