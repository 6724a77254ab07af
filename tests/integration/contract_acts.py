"""What a person, a worker and a provider do in the story of a contract. Knows nothing of the order."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import (
    appointments,
    case_closing,
    check_ins,
    conditions,
    conversations,
    extensions,
    proofs,
    recurring,
    repeats,
    venue_codes,
)
from hub.ports import Command, Decision, Media
from hub.recurring import Pattern
from hub.states import ConditionState
from hub.store import audit
from hub.store.tables import Appointment, AppointmentSeries, Case, Condition, Conversation, Person, Proof, Worker
from hub.times import at_local
from hub.words import AppointmentState, ChannelKind, Side, WorkerRole
from scheduler.upkeep import ahead, seal_audit
from tests.world import LINES, ScriptedAssistant, World

ZONE = "Europe/London"
PHONE = "+447700900101"
REASON = "no money for the bus until friday sorry"
UNDERSTOOD = {
    REASON: ("cannot_attend", "appointments"),
    "ive done the letter": ("report_condition_done", "conditions"),
    "all paid now": ("report_condition_done", "conditions"),
    "finished the course today": ("report_condition_done", "conditions"),
    "can i have 2 more weeks for the course": ("ask_extension", "conditions"),
}


def assistant() -> ScriptedAssistant:
    """Takes these texts for what Rasa takes them for."""
    decisions = {
        text: Decision((Command(command),), "assistant", command, 0.95) for text, (command, _) in UNDERSTOOD.items()
    }
    return ScriptedAssistant(decisions)


@dataclass
class Contract:
    """One person, one worker, one provider, one case."""

    world: World
    person_id: int = 0
    case_id: int = 0
    provider_id: int = 0
    conditions: dict[str, int] = field(default_factory=dict)

    @property
    def worker_id(self) -> int:
        return self.world.workers[Side.SUPERVISION]

    @property
    def actor(self) -> str:
        return f"worker:{self.worker_id}"

    async def until(self, day: date, clock: str) -> None:
        """Everything that is due before happens; the hourly work of the house is done once a week, with the seal."""
        wanted = at_local(day, time.fromisoformat(clock), ZONE)
        while wanted - self.world.clock.now() > timedelta(days=7):
            await self.world.driver.advance(timedelta(days=7))
            await ahead(self.world.hub)
        await self.world.driver.advance_to(wanted)
        await ahead(self.world.hub)
        await seal_audit(self.world.hub)

    async def text(self, words: str) -> None:
        await self.world.text(words, PHONE)

    async def photo(self) -> None:
        content = BytesIO()
        Image.new("RGB", (64, 48), "darkgreen").save(content, "JPEG")
        media = (Media(content.getvalue(), "image/jpeg", "photo.jpg"),)
        line = LINES[Side.SUPERVISION, ChannelKind.SMS]
        await self.world.simulator.text(PHONE, line, "", channel=ChannelKind.SMS, media=media)
        await self.world.settle()

    async def sign(self) -> None:
        """The case is opened, with whoever is part of it."""
        hub = self.world.hub
        async with hub.store.transaction() as session:
            worker = await session.get_one(Worker, self.worker_id)
            provider = Worker(
                team_id=worker.team_id, role=WorkerRole.PROVIDER, name="Ola Byrne", first_name="Ola",
                email="ola@example.org",
            )  # fmt: skip
            session.add(provider)
            person, _ = await self.world.person(session, address=PHONE)
            case = Case(
                agency_id=person.agency_id, side=person.side, person=person, kind="deferred_prosecution",
                reference="NS/2026/17", worker_id=worker.id, opened_at=hub.clock.now(),
            )  # fmt: skip
            session.add(case)
            await session.flush()
            self.person_id, self.case_id, self.provider_id = person.id, case.id, provider.id
            subject = f"case:{case.id}"
            audit.record(session, hub.clock.now(), self.actor, "case_opened", subject, person_id=person.id)

    async def agree(self, words: str, due_on: date) -> None:
        hub = self.world.hub
        async with hub.store.transaction() as session:
            case = await session.get_one(Case, self.case_id)
            made = await conditions.add(hub, session, self.actor, case, words, due_on)
            self.conditions[words] = made.id

    async def weekly(self, first_on: date, clock: time) -> None:
        hub = self.world.hub
        pattern = Pattern(repeats.read("every Tuesday", first_on, clock, ZONE), first_on, clock)
        async with hub.store.transaction() as session:
            person = await session.get_one(Person, self.person_id)
            await recurring.start(
                hub, session, self.actor, person=person, pattern=pattern, with_whom="Ola at Turning Corners",
                place="2 Mill Road", minutes=60, worker_id=self.provider_id, case_id=self.case_id, proof_wanted=True,
            )  # fmt: skip
        await self.world.settle()

    async def code(self) -> str:
        """What the provider's screen shows."""
        async with self.world.hub.store.transaction() as session:
            return venue_codes.shown(self.world.hub, await self._session(session), self.world.clock.now())

    async def outcome(self, state: AppointmentState, *, by: int) -> None:
        hub = self.world.hub
        async with hub.store.transaction() as session:
            await appointments.set_outcome(hub, session, f"worker:{by}", await self._session(session), state)
        await self.world.settle()

    async def move(self, to: datetime) -> None:
        hub = self.world.hub
        async with hub.store.transaction() as session:
            await appointments.move(hub, session, self.actor, await self._session(session), to)
        await self.world.settle()

    async def accept_proof(self) -> None:
        hub = self.world.hub
        async with hub.store.transaction() as session:
            proof = (await session.scalars(select(Proof).order_by(Proof.id.desc()).limit(1))).one()
            await proofs.accept(hub, session, await session.get_one(Worker, self.worker_id), proof)
        await self.world.settle()

    async def check_in(self) -> None:
        hub = self.world.hub
        async with hub.store.transaction() as session:
            await check_ins.schedule(hub, session, await session.get_one(Person, self.person_id), hub.clock.now())
        await self.world.settle()

    async def give_longer(self, words: str, until: date) -> None:
        """The worker says yes to what was asked for, and writes it in their own words, too."""
        hub = self.world.hub
        async with hub.store.transaction() as session:
            condition = await session.get_one(Condition, self.conditions[words])
            request = await extensions.open_request(session, condition)
            assert request, "longer was asked for"
            await extensions.accept(hub, session, await session.get_one(Worker, self.worker_id), request, until)
            await self._write(session, f"Yes, you have until {until.day} {until:%B}.")
        await self.world.settle()

    async def check(self, words: str) -> None:
        """The worker has seen that it is done."""
        hub = self.world.hub
        async with hub.store.transaction() as session:
            condition = await session.get_one(Condition, self.conditions[words])
            worker = await session.get_one(Worker, self.worker_id)
            await conditions.decide(hub, session, worker, condition, ConditionState.DONE, "")
        await self.world.settle()

    async def complete(self) -> None:
        hub = self.world.hub
        async with hub.store.transaction() as session:
            case = await session.get_one(Case, self.case_id)
            await case_closing.close(hub, session, self.actor, case, case_closing.COMPLETED)
        await self.world.settle()

    async def _write(self, session: AsyncSession, words: str) -> None:
        wanted = select(Conversation).where(Conversation.person_id == self.person_id)
        conversation = (await session.scalars(wanted)).one()
        worker = await session.get_one(Worker, self.worker_id)
        await conversations.worker_reply(self.world.hub, session, worker, conversation, words)
        await conversations.hand_back(self.world.hub, session, worker, conversation)

    async def _session(self, session: AsyncSession) -> Appointment:
        """The nearest one."""
        near = self.world.clock.now() + timedelta(hours=30)
        wanted = select(Appointment).where(Appointment.person_id == self.person_id, Appointment.starts_at <= near)
        return (await session.scalars(wanted.order_by(Appointment.starts_at.desc()).limit(1))).one()


async def end_of_series(contract: Contract) -> date | None:
    async with contract.world.hub.store.transaction() as session:
        return (await session.scalars(select(AppointmentSeries.ended_on))).one()
