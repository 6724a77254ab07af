"""A small invented world for tests: one agency, both sides, a line of every kind, a worker on each side.

Numbers are from the range kept for fiction (07700 900000–900999).
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from handrail.driving import Driver
from hub.clock import FixedClock
from hub.core import Hub
from hub.errors import AssistantUnavailable, NotHeard
from hub.flows import Flows
from hub.outcomes import record_receipt
from hub.people import add_contact, conversation_for, create_person
from hub.ports import Assistant, Decision, Transcriber, Turn
from hub.receive import accept
from hub.store.engine import Store
from hub.store.tables import Agency, Conversation, Line, Person, Team, Worker
from hub.store.vault import Vault
from hub.words import ChannelKind, Role, Side, WorkerRole
from integrations.channels.registry import ChannelRegistry
from integrations.channels.simulator import Simulator
from integrations.files.clean import Cleaner

ROOT = Path(__file__).parent.parent
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)  # Europe/London is UTC then; spring forward is on 29 March
LINES = {
    (Side.SUPERVISION, ChannelKind.SMS): "+447700900001",
    (Side.VICTIMS, ChannelKind.SMS): "+447700900002",
    (Side.SUPERVISION, ChannelKind.TELEGRAM): "handrail_bot",
    (Side.VICTIMS, ChannelKind.TELEGRAM): "handrail_care_bot",
    (Side.SUPERVISION, ChannelKind.WEBCHAT): "chat-supervision",
    (Side.VICTIMS, ChannelKind.WEBCHAT): "chat-victims",
}
MASTER_KEY = b64encode(b"k" * 32).decode()
NOISE = "(noise)"  # what a scripted machine cannot write down
VAULT = Vault.from_text(MASTER_KEY)


@cache
def our_flows() -> Flows:
    """All of `flows/`, read once a process: it takes half a second."""
    return Flows.read(ROOT / "flows")


class AssistantOff:
    """Rasa is down."""

    async def decide(self, turn: Turn) -> Decision:
        raise AssistantUnavailable


class ScriptedTranscriber:
    """A machine that hears what a test says that it would; in English."""

    name, languages = "scripted", frozenset({"en"})

    def __init__(self, words: str = "") -> None:
        self.words, self.heard = words, 0

    async def transcribe(self, sound: bytes) -> str:
        self.heard += 1
        if self.words == NOISE:
            raise NotHeard
        return self.words


class ScriptedAssistant:
    """Answers what a test says that Rasa would."""

    def __init__(self, answers: dict[str, Decision]) -> None:
        self.answers, self.asked = answers, list[Turn]()

    async def decide(self, turn: Turn) -> Decision:
        self.asked.append(turn)
        return self.answers[turn.text]


@dataclass
class World:
    """The hub on a simulator, and the rows that every test needs."""

    hub: Hub
    simulator: Simulator
    clock: FixedClock
    agency_id: int
    workers: dict[Side, int]

    @property
    def driver(self) -> Driver:
        return Driver(self.hub, self.clock, self.simulator)

    async def settle(self) -> None:
        await self.driver.settle()

    async def person(
        self,
        session: AsyncSession,
        *,
        role: Role = Role.SUPERVISED,
        name: str = "Sam Carter",
        channel: ChannelKind = ChannelKind.SMS,
        address: str = "+447700900101",
        language: str = "en",
        discreet: bool = False,
        side: Side | None = None,
        safe: bool = True,
        safe_by: str = "in_person",
    ) -> tuple[Person, Conversation]:
        side = side or (Side.VICTIMS if role is Role.VICTIM else Side.SUPERVISION)
        person = await create_person(
            self.hub,
            session,
            agency_id=self.agency_id,
            side=side,
            role=role,
            name=name,
            language=language,
            worker_id=self.workers[side],
        )
        said = f"{safe_by}:{self.workers[side]}" if safe and safe_by and side is Side.VICTIMS else ""
        await add_contact(self.hub, session, person, channel, address, discreet=discreet, safe_by=said)
        conversation = await conversation_for(session, person)
        assert conversation
        return person, conversation

    async def text(self, text: str, address: str = "+447700900101", line: str = "+447700900001") -> None:
        """Somebody writes, and everything that follows happens."""
        kind = next(kind for (_, kind), found in LINES.items() if found == line)
        await self.simulator.text(address, line, text, channel=kind)
        await self.settle()

    def heard(self, address: str = "+447700900101") -> list[str]:
        """What the phone has received, oldest first."""
        return [text.text for text in self.simulator.phones.received(address)]

    async def push(self, **by: float) -> None:
        await self.driver.advance(timedelta(**by))


async def make_world(
    store: Store,
    *,
    assistant: Assistant | None = None,
    clock: FixedClock | None = None,
    flows: Flows | None = None,
    transcriber: Transcriber | None = None,
) -> World:
    clock = clock or FixedClock(MONDAY)
    simulator = Simulator(clock)
    hub = Hub(
        store=store,
        vault=VAULT,
        flows=flows or our_flows(),
        clock=clock,
        assistant=assistant or AssistantOff(),
        channels=ChannelRegistry.everywhere(simulator),
        files=Cleaner(),
        transcriber=transcriber,
    )
    simulator.connect(partial(accept, hub), partial(record_receipt, hub))
    async with store.transaction() as session:
        agency_id, workers = await _people_of_the_agency(session)
    return World(hub, simulator, clock, agency_id, workers)


async def _people_of_the_agency(session: AsyncSession) -> tuple[int, dict[Side, int]]:
    agency = Agency(name="Northshire", short_name="Northshire support", phone="0300 000 0000")
    session.add(agency)
    await session.flush()
    workers = {}
    for side, (team_name, name) in {
        Side.SUPERVISION: ("Disposals", "Priya Shah"),
        Side.VICTIMS: ("Victim care", "Ann Jones"),
    }.items():
        team = Team(agency_id=agency.id, name=team_name, side=side)
        session.add(team)
        await session.flush()
        first = name.split(" ")[0]
        worker = Worker(
            team_id=team.id,
            role=WorkerRole.WORKER,
            name=name,
            first_name=first,
            email=f"{first.lower()}@example.org",
        )
        session.add(worker)
        await session.flush()
        workers[side] = worker.id
    for (side, kind), address in LINES.items():
        session.add(Line(agency_id=agency.id, side=side, channel=kind, address=address, name=f"{side} {kind}"))
    return agency.id, workers
