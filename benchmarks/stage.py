"""What every benchmark needs: the hub on a carrier that does nothing, and one way to time."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import text

from handrail.settings import ROOT
from hub.clock import SystemClock
from hub.core import Hub
from hub.errors import AssistantUnavailable
from hub.flows import Flows
from hub.outbox import queue
from hub.people import add_contact, conversation_for, create_person
from hub.ports import Accepted, Channel, Channels, Decision, Inbound, Outgoing, Turn
from hub.store.engine import Store
from hub.store.tables import Agency, Conversation, Line, Team, Worker
from hub.store.vault import Vault
from hub.words import ChannelKind, Priority, Purpose, Role, Side, WorkerRole
from integrations.files.clean import Cleaner

LINE = "+447700900001"
_COPIES = text(
    """
    INSERT INTO messages (conversation_id, line_id, direction, state, state_at, reason, created_at, purpose, rank,
                          text_key, facts_sealed, choices, due_at, attempts)
    SELECT conversation_id, line_id, direction, state, state_at, reason, created_at, purpose, rank,
           text_key, facts_sealed, choices, due_at, attempts
    FROM messages, generate_series(1, CAST(:count AS bigint)) AS copy
    WHERE state = 'queued' ORDER BY copy, id LIMIT :count
    """
)


class NullCarrier:
    """Takes everything at once."""

    kind = ChannelKind.SMS

    def for_line(self, line_address: str, kind: ChannelKind) -> Channel:
        return self

    async def send(self, outgoing: Outgoing) -> Accepted:
        return Accepted(f"null-{outgoing.message_id}")

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: object = ()) -> Accepted | None:
        return None

    async def received_since(self, line_address: str, since: datetime) -> list[Inbound]:
        return []


class NoAssistant:
    async def decide(self, turn: Turn) -> Decision:
        raise AssistantUnavailable


def make_hub(url: str, channels: Channels | None = None) -> Hub:
    return Hub(
        store=Store(url),
        vault=Vault(b"k" * 32),
        flows=Flows.read(ROOT / "flows"),
        clock=SystemClock(),
        assistant=NoAssistant(),
        channels=channels or NullCarrier(),
        files=Cleaner(),
    )


def phone(number: int) -> str:
    return f"+447700{900_100 + number}"


async def fill(hub: Hub, people: int) -> list[int]:
    """An agency with so many people; the ids of their conversations."""
    async with hub.store.transaction() as session:
        agency = Agency(name="Bench", short_name="Bench", phone="0300 000 0000")
        session.add(agency)
        await session.flush()
        team = Team(agency_id=agency.id, name="Bench", side=Side.SUPERVISION)
        session.add(team)
        session.add(Line(agency_id=agency.id, side=Side.SUPERVISION, channel=ChannelKind.SMS, address=LINE, name="L"))
        await session.flush()
        worker = Worker(
            team_id=team.id, role=WorkerRole.WORKER, name="Priya Shah", first_name="Priya", email="p@example.org"
        )
        session.add(worker)
        await session.flush()
        found = []
        for number in range(people):
            person = await create_person(
                hub, session, agency_id=agency.id, side=Side.SUPERVISION, role=Role.SUPERVISED, name="Sam Carter"
            )
            await add_contact(hub, session, person, ChannelKind.SMS, phone(number))
            conversation = await conversation_for(session, person)
            found.append(conversation.id if conversation else 0)
        return found


async def queue_messages(hub: Hub, conversations: list[int], count: int) -> None:
    """That many due texts, the conversations in turn: one is queued for each, the others are copies of it."""
    async with hub.store.transaction() as session:
        for conversation_id in conversations:
            await queue(
                hub,
                session,
                await session.get_one(Conversation, conversation_id),
                purpose=Purpose.SAFETY,  # goes out at any hour: the benchmark runs at any hour
                priority=Priority.REMINDER,
                text_key="person.help",
                facts={"first_name": "Sam", "agency": "Bench", "phone": "0300 000 0000", "worker": "Priya"},
            )
        await session.execute(_COPIES, {"count": count - len(conversations)})
    await settle(hub, "messages")


async def settle(hub: Hub, table: str) -> None:
    """As autovacuum does sooner or later: what is measured is the plan of a table that PostgreSQL knows."""
    async with hub.store.statements() as connection:
        await connection.execute(f"VACUUM ANALYZE {table}".encode())


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began
