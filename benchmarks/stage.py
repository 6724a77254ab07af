"""What every benchmark needs: the hub on a carrier that does nothing, and one way to time."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from handrail.settings import ROOT
from hub.clock import SystemClock
from hub.core import Hub
from hub.errors import AssistantUnavailable
from hub.flows import Flows
from hub.people import add_contact, conversation_for, create_person
from hub.ports import Accepted, Channel, Decision, Inbound, Outgoing, Turn
from hub.store.engine import Store
from hub.store.tables import Agency, Line, Team, Worker
from hub.store.vault import Vault
from hub.words import ChannelKind, Role, Side, WorkerRole
from integrations.files.clean import Cleaner

LINE = "+447700900001"


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


def make_hub(url: str) -> Hub:
    return Hub(
        store=Store(url),
        vault=Vault(b"k" * 32),
        flows=Flows.read(ROOT / "flows"),
        clock=SystemClock(),
        assistant=NoAssistant(),
        channels=NullCarrier(),
        files=Cleaner(),
    )


def phone(number: int) -> str:
    return f"+447700900{100 + number:03}"


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


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began
