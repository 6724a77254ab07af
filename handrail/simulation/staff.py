"""The workers of a simulation: they make appointments and note who came, move and call off, decide, answer, close.

They work through the same functions of the hub as the inbox does, in working hours; for a cry for help at any hour.
What the hub forbids them they leave be, as a worker reads the message and goes on. Knows nothing of people's habits.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handrail.simulation.agenda import Agenda
from handrail.simulation.town import MARKS, Somebody
from hub import appointments, case_events, check_ins, conversations, escalations, move_requests, venue_codes
from hub.core import Hub
from hub.errors import MoveNotAllowed, NotAllowed
from hub.reasons import REASONS
from hub.states import EscalationState
from hub.store.tables import Agency, Appointment, Case, Escalation, MoveRequest, Person, Worker
from hub.surveys import inviting
from hub.words import AppointmentState, Side
from hub.working_time import add_working_minutes

EVERY = timedelta(days=28)  # one appointment after the other
AT_ONCE = 15  # minutes at most until somebody looks at a cry for help
DAY = timedelta(days=1)
LONGEST = 240  # working minutes at most until somebody looks at anything else
OUTCOMES = (AppointmentState.ATTENDED,) * 15 + (AppointmentState.MISSED,) * 4 + (None,)  # None: nobody notes it
WRITES_BACK = frozenset({"wants_a_person", "wants_a_call", "complaint", "not_understood"})
MILESTONES = ("arrested", "charged", "hearing", "outcome")


@dataclass(slots=True)
class Staff:
    """`ids`: the person of each number. `sudden`: the share of appointments that change at a bad moment."""

    hub: Hub
    agenda: Agenda
    end: datetime
    seed: int
    workers: dict[Side, int]
    ids: dict[int, int]
    sudden: float = 0.0
    to_human: list[timedelta] = field(default_factory=list)  # from opening to being taken
    hand_written: int = 0

    # --- what is planned for people ---------------------------------------------------------------

    async def make_appointment(self, who: Somebody, starts_at: datetime) -> None:
        chance = self._chance("appointment", who.number, starts_at)
        mark = MARKS[who.side]
        async with self.hub.store.transaction() as session:
            person = await session.get_one(Person, self.ids[who.number])
            made = await appointments.schedule(
                self.hub,
                session,
                f"worker:{self.workers[who.side]}",
                person=person,
                starts_at=starts_at,
                with_whom=f"Sam {mark}",
                place=f"{chance.randint(1, 90)} {mark} Street",
                directions=f"Bus 7 to {mark} Square." if chance.random() < 0.5 else "",
                bring=f"your {mark} letter" if chance.random() < 0.3 else "",
                proof_wanted=chance.random() < 0.3 and who.side is Side.SUPERVISION,
                worker_id=self.workers[who.side],
            )
        self.agenda.add(starts_at + timedelta(hours=2), partial(self._after, who, made.id, starts_at))
        if chance.random() < self.sudden * 4:
            self.agenda.add(_bad_moment(chance, starts_at), partial(self._change_suddenly, made.id))

    async def _after(self, who: Somebody, appointment_id: int, starts_at: datetime) -> None:
        """Note who came, perhaps ask how it was, make the next one."""
        outcome = self._chance("outcome", appointment_id).choice(OUTCOMES)
        if outcome:
            await self._with(Appointment, appointment_id, partial(self._note, outcome))
        if starts_at + EVERY < self.end + timedelta(days=10):
            await self.make_appointment(who, starts_at + EVERY)
        if outcome is AppointmentState.ATTENDED and self._chance("survey", appointment_id).random() < 0.3:
            await self.ask_survey(who)

    async def _note(self, outcome: AppointmentState, session: AsyncSession, found: Appointment) -> None:
        if found.starts_at <= self.hub.clock.now():  # else it was moved meanwhile
            await appointments.set_outcome(self.hub, session, f"worker:{found.worker_id}", found, outcome)

    async def _change_suddenly(self, appointment_id: int) -> None:
        await self._with(Appointment, appointment_id, self._move_or_cancel)

    async def _move_or_cancel(self, session: AsyncSession, found: Appointment) -> None:
        chance, actor = self._chance("sudden", found.id), f"worker:{found.worker_id}"
        if chance.random() < 0.4:
            await appointments.cancel(self.hub, session, actor, found)
        else:
            by = timedelta(days=chance.randint(-3, 9), hours=chance.randint(-2, 2))
            starts_at = max(found.starts_at + by, self.hub.clock.now() + timedelta(hours=3))
            await appointments.move(self.hub, session, actor, found, starts_at)

    async def ask_survey(self, who: Somebody) -> None:
        survey = "session_feedback" if who.side is Side.SUPERVISION else "victim_satisfaction"
        await self._with(Person, self.ids[who.number], partial(self._invite, survey))

    async def _invite(self, survey: str, session: AsyncSession, person: Person) -> None:
        await inviting.invite(self.hub, session, f"worker:{person.worker_id}", person, survey)

    async def check_in(self, who: Somebody) -> None:
        now = self.hub.clock.now()
        await self._with(Person, self.ids[who.number], lambda s, person: check_ins.schedule(self.hub, s, person, now))
        if now + EVERY < self.end:
            self.agenda.add(now + EVERY, partial(self.check_in, who))

    async def tell_news(self, who: Somebody, milestone: str) -> None:
        await self._with(Person, self.ids[who.number], partial(self._record_news, milestone, MARKS[who.side]))

    async def _record_news(self, milestone: str, mark: str, session: AsyncSession, person: Person) -> None:
        case = (await session.scalars(select(Case).where(Case.person_id == person.id))).one()
        reason, now = f"The {mark} court has said so.", self.hub.clock.now()
        await case_events.record_event(self.hub, session, "hub", case, milestone, reason, now)

    # --- the inbox --------------------------------------------------------------------------------

    async def called(self, escalation_id: int, reason: str, now: datetime, agency: Agency) -> None:
        """Something lies in the inbox: somebody looks at it when they get to it."""
        chance = self._chance("escalation", escalation_id, now)
        if REASONS[reason].at_once:
            when = now + timedelta(minutes=chance.randint(2, AT_ONCE))
        else:
            when = add_working_minutes(now, chance.randint(10, LONGEST), agency)
        self.agenda.add(self.agenda.on_grid(when), partial(self._with, Escalation, escalation_id, self._look))

    async def _look(self, session: AsyncSession, found: Escalation) -> None:
        """Take it, do what it asks for, close it."""
        if _is_closed(found):
            return
        now, worker_id = self.hub.clock.now(), self.workers[found.side]
        self.to_human.append(now - found.opened_at)
        if found.state is not EscalationState.TAKEN:
            await escalations.take(session, found, worker_id, now)
        await self._decide(session, found)
        if found.reason in WRITES_BACK and self._chance("writes", found.id).random() < 0.5:
            await self._write_back(session, found)
        if not _is_closed(found):  # deciding may have closed it
            await escalations.close(session, found, worker_id, "answered", now)

    async def _decide(self, session: AsyncSession, found: Escalation) -> None:
        person_id, worker = found.conversation.person_id, await session.get_one(Worker, self.workers[found.side])
        wanted = (
            select(MoveRequest)
            .join(Appointment, Appointment.id == MoveRequest.appointment_id)
            .where(Appointment.person_id == person_id, MoveRequest.state == "open")
            .order_by(MoveRequest.id)
        )
        for request in (await session.scalars(wanted)).all() if found.reason == "wants_to_move" else ():
            agreed = self._chance("move", request.id).random() < 0.7
            with suppress(MoveNotAllowed, NotAllowed):
                await move_requests.decide(
                    self.hub, session, worker, request, starts_at=request.wanted_at if agreed else None
                )

    async def _write_back(self, session: AsyncSession, found: Escalation) -> None:
        """In their own words, and hand the conversation back an hour later."""
        worker = await session.get_one(Worker, self.workers[found.side])
        words = f"Hi, this is {worker.first_name}. I have read your text and will call you."
        await conversations.worker_reply(self.hub, session, worker, found.conversation, words)
        self.hand_written += 1
        back = self.hub.clock.now() + timedelta(hours=1)
        self.agenda.add(back, partial(self._with, Escalation, found.id, self._hand_back))

    async def _hand_back(self, session: AsyncSession, found: Escalation) -> None:
        worker = await session.get_one(Worker, self.workers[found.side])
        if found.conversation.holder_id:
            await conversations.hand_back(self.hub, session, worker, found.conversation)

    async def venue_code(self, who: Somebody) -> str:
        """What the screen at the venue shows to somebody who is there now; empty for anybody else."""
        now = self.hub.clock.now()
        async with self.hub.store.transaction() as session:
            there = (
                select(Appointment)
                .where(
                    Appointment.person_id == self.ids[who.number],
                    Appointment.starts_at.between(now - timedelta(hours=3), now + timedelta(minutes=30)),
                )
                .order_by(Appointment.id)
                .limit(1)
            )
            found = await session.scalar(there)
            return venue_codes.shown(self.hub, found, now) if found else ""

    # --- how ---------------------------------------------------------------------------------------

    async def _with(self, table: type, row_id: int, act: Callable[..., Awaitable[object]]) -> None:
        with suppress(MoveNotAllowed, NotAllowed):
            async with self.hub.store.transaction() as session:
                await act(session, await session.get_one(table, row_id))

    def _chance(self, *words: object) -> Random:
        return Random(f"{self.seed}/{words}")  # noqa: S311 - not a secret


def _is_closed(escalation: Escalation) -> bool:
    return escalation.state is EscalationState.CLOSED


def _bad_moment(chance: Random, starts_at: datetime) -> datetime:
    """While its reminders are about to leave, or have just left."""
    morning = starts_at.replace(hour=chance.choice([9, 10]), minute=0) - timedelta(days=chance.choice([1, 1, 3]))
    return morning + timedelta(seconds=chance.choice([0, 10, 20, 60, 1800]))
