"""A reply while 100,000 bulk texts of another agency are being sent by the same process, to a carrier that takes its
time. Target: it waits no longer than 2 s more than on an idle system.
"""

import asyncio
import time
from dataclasses import replace

from sqlalchemy import text

from benchmarks.figures import Figure
from benchmarks.stage import NullCarrier, fill, make_hub
from hub.core import Hub
from hub.outbox import queue
from hub.people import add_contact, conversation_for, create_person
from hub.ports import Accepted, Outgoing
from hub.store.tables import Agency, Conversation, Line
from hub.words import ChannelKind, Priority, Purpose, Role, Side
from scheduler.loops import run_worker

TEXTS, PEOPLE, REPLIES = 100_000, 500, 25
CALL_SECONDS = 0.1  # as Twilio's API answers on a good day
MOST = 2.0  # seconds
BETWEEN = 0.4  # from one reply to the next
HELP = {"first_name": "Sam", "agency": "Bench", "phone": "0300 000 0000", "worker": "Priya"}

# Each of the agency's people has been queued one text; the others are its copies.
_COPIES = text(
    """
    INSERT INTO messages (conversation_id, line_id, direction, state, state_at, reason, created_at, purpose, rank,
                          text_key, facts_sealed, choices, due_at, attempts)
    SELECT conversation_id, line_id, direction, state, state_at, reason, created_at, purpose, rank,
           text_key, facts_sealed, choices, due_at - interval '1 hour' + n * interval '1 second', 0
    FROM messages CROSS JOIN generate_series(2, CAST(:each AS int)) AS n
    WHERE state = 'queued'
    """
)


class UnhurriedCarrier(NullCarrier):
    """Takes everything after a moment, and remembers when it was asked about a reply."""

    def __init__(self) -> None:
        self.asked: dict[int, asyncio.Future[float]] = {}
        self.taken = 0

    def for_line(self, line_address: str, kind: ChannelKind) -> "UnhurriedCarrier":
        return self

    async def send(self, outgoing: Outgoing) -> Accepted:
        self.taken += 1
        waiting = self.asked.get(outgoing.message_id)
        if waiting and not waiting.done():
            waiting.set_result(time.perf_counter())
        await asyncio.sleep(CALL_SECONDS)
        return Accepted(f"slow-{outgoing.message_id}")


async def run(url: str) -> list[Figure]:
    carrier, stop = UnhurriedCarrier(), asyncio.Event()
    hub = replace(make_hub(url), channels=carrier)
    conversations, other = await fill(hub, PEOPLE), await _another_agency(hub)
    working = asyncio.create_task(run_worker(hub, stop))
    await _worst_wait(hub, carrier, other, 5)  # warm
    idle = await _worst_wait(hub, carrier, other, REPLIES)
    await _queue_bulk(hub, conversations)
    before, began = carrier.taken, time.perf_counter()
    busy = await _worst_wait(hub, carrier, other, REPLIES)
    speed = (carrier.taken - before) / (time.perf_counter() - began)
    stop.set()
    await working
    await hub.store.close()
    words = f"worst wait of a reply beside {TEXTS:,} bulk texts at {speed:.0f}/s, beyond {idle:.2f} s when idle"
    return [Figure("fairness", words, busy - idle, MOST, "limit", "s", 1, lower_is_better=True)]


async def _worst_wait(hub: Hub, carrier: UnhurriedCarrier, conversation_id: int, count: int) -> float:
    """Seconds from the commit of a reply to the call of the carrier, the longest of `count`."""
    waits = []
    for _ in range(count):
        async with hub.store.transaction() as session:
            conversation = await session.get_one(Conversation, conversation_id)
            message = await queue(
                hub,
                session,
                conversation,
                purpose=Purpose.SAFETY,  # goes out at any hour: the benchmark runs at any hour
                priority=Priority.REPLY,
                text_key="person.help",
                facts=HELP,
            )
            carrier.asked[message.id] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        waits.append(await asyncio.wait_for(carrier.asked[message.id], 60) - began)
        await asyncio.sleep(BETWEEN)
    return max(waits)


async def _queue_bulk(hub: Hub, conversations: list[int]) -> None:
    async with hub.store.transaction() as session:
        for conversation_id in conversations:
            conversation = await session.get_one(Conversation, conversation_id)
            await queue(
                hub,
                session,
                conversation,
                purpose=Purpose.SAFETY,
                priority=Priority.BULK,
                text_key="person.help",
                facts=HELP,
            )
        await session.execute(_COPIES, {"each": TEXTS // PEOPLE})


async def _another_agency(hub: Hub) -> int:
    """One person of an agency with a line of its own; the id of their conversation."""
    async with hub.store.transaction() as session:
        agency = Agency(name="Other", short_name="Other", phone="0300 000 0000")
        session.add(agency)
        await session.flush()
        kind, side = ChannelKind.SMS, Side.SUPERVISION
        session.add(Line(agency_id=agency.id, side=side, channel=kind, address="+447700900002", name="L"))
        person = await create_person(hub, session, agency_id=agency.id, side=side, role=Role.SUPERVISED, name="Jo Lee")
        await add_contact(hub, session, person, kind, "+447700900099")
        conversation = await conversation_for(session, person)
        return conversation.id if conversation else 0
