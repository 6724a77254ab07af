"""The weeks before the demo's story, as plain rows: people whom nobody opens, so that figures have something to say.

Unlike the story, none of it happens in the hub. What became of whom is drawn by a lot that is always the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.people import add_contact, conversation_for, create_person
from hub.states import Direction, EscalationState, MessageState, NudgeState, SurveyState
from hub.store.refs import new_ref
from hub.store.tables import (
    Answer,
    Appointment,
    Arm,
    Assignment,
    Conversation,
    Escalation,
    Experiment,
    Message,
    Nudge,
    Person,
    SurveyRun,
    Table,
)
from hub.words import AppointmentState, ChannelKind, Purpose, Role, Side

WEEKS = 10
SUPERVISED, VICTIMS = 60, 36
FIRST_NUMBER = {Side.SUPERVISION: 200, Side.VICTIMS: 300}  # of those kept for fiction
FIRST = ("Ada", "Ben", "Cora", "Dan", "Eve", "Finn", "Gwen", "Hugo", "Isla", "Jack", "Kit", "Lena")
LAST = ("Archer", "Brook", "Croft", "Dale", "Field")
COURSES = ("the driving course", "the drug service", "the anger course", "Una")
FEEDBACK = (
    "More time with the same person would help.",
    "It starts too early for me, I bring the kids to school.",
    "Nothing, it was good.",
    "The room was cold and too small for all of us.",
    "I would like to know the week before what it is about.",
    "They listened. Keep that.",
    "Help with the bus fare, it is two buses each way.",
)
TOLD = (
    "Somebody could have rung me sooner.",
    "I had to tell it all again each time that I rang.",
    "They were kind and always rang back.",
    "Tell me when nothing happens as well, not knowing is the worst.",
    "I did not know that I could ask for someone to come with me.",
)
REASONS = ("cannot_attend", "wants_to_move", "wants_a_person", "struggling", "wants_a_call", "not_understood")


def chance(*about: object) -> int:
    """0 to 99, the same again for the same things."""
    return int.from_bytes(sha256(repr(about).encode()).digest()[:4]) % 100


@dataclass(slots=True)
class Earlier:
    """Rows in the making. `until`: when the story begins; `workers`: who looks after these people, by side."""

    hub: Hub
    session: AsyncSession
    agency_id: int
    workers: Mapping[Side, Sequence[int]]
    until: datetime
    rows: list[Table] = field(default_factory=list)

    async def fill(self) -> None:
        arms = await self._draw_lots()
        for number in range(SUPERVISED):
            person, conversation = await self._somebody(number, Role.SUPERVISED)
            arm = arms[number % 2]
            self.rows.append(
                Assignment(experiment_id=arm.experiment_id, person_id=person.id, arm_id=arm.id, at=self._ago(WEEKS + 1))
            )
            for week in range(number % 2, WEEKS, 2):
                await self._appointment(
                    person, conversation, number, week, reminded=arm.sends or chance(number, week) < 45
                )
        for number in range(VICTIMS):
            person, conversation = await self._somebody(number, Role.VICTIM)
            await self._told(conversation, number)
            await self._victim_survey(person, number)
        self.session.add_all(self.rows)
        await self.session.flush()

    def _ago(self, weeks: float, hours: float = 0) -> datetime:
        return self.until - timedelta(weeks=weeks, hours=hours)

    async def _draw_lots(self) -> list[Arm]:
        """A fair comparison that has ended: the first reminder, a week before."""
        experiment = Experiment(rule="reminder_7_days", started_at=self._ago(WEEKS + 2), ended_at=self._ago(0.2))
        self.session.add(experiment)
        await self.session.flush()
        arms = [
            Arm(experiment_id=experiment.id, name=name, sends=sends, share=1)
            for name, sends in (("reminder", True), ("no reminder", False))
        ]
        self.session.add_all(arms)
        await self.session.flush()
        return arms

    async def _somebody(self, number: int, role: Role) -> tuple[Person, Conversation]:
        side = Side.VICTIMS if role is Role.VICTIM else Side.SUPERVISION
        workers = self.workers[side]
        person = await create_person(
            self.hub,
            self.session,
            agency_id=self.agency_id,
            side=side,
            role=role,
            name=f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
            worker_id=workers[number % len(workers)],
            external_ref=f"demo-{side}-{number}",
        )
        phone = ChannelKind.TELEGRAM if side is Side.SUPERVISION and number % 5 == 4 else ChannelKind.SMS
        address = FIRST_NUMBER[side] + number
        await add_contact(
            self.hub,
            self.session,
            person,
            phone,
            f"+447700900{address}" if phone is ChannelKind.SMS else f"900{address}",
            safe_by=f"phone:{workers[number % len(workers)]}" if side is Side.VICTIMS else "",
        )
        conversation = await conversation_for(self.session, person)
        assert conversation  # noqa: S101  # it has just been given a way
        return person, conversation

    # --- what happened ----------------------------------------------------------------------------

    async def _appointment(
        self, person: Person, conversation: Conversation, number: int, week: int, *, reminded: bool
    ) -> None:
        at = self._ago(week, hours=24 * (number % 4) + number % 5)
        drawn = chance("came", number, week)
        came = drawn < (80 if reminded else 62)
        state = AppointmentState.ATTENDED if came else AppointmentState.MISSED
        row = Appointment(
            ref=new_ref(), agency_id=self.agency_id, person_id=person.id, side=person.side, worker_id=person.worker_id,
            starts_at=at, with_whom=COURSES[number % len(COURSES)], place="1 High St, Northtown",
            state=AppointmentState.UNKNOWN if chance("known", number, week) < 7 else state, state_at=at,
        )  # fmt: skip
        self.session.add(row)
        await self.session.flush()
        if reminded:
            await self._reminder(row, conversation, number, week)
        if chance("needs", number, week) < 30:
            await self._needed(conversation, REASONS[chance("why", number, week) % len(REASONS)], at, number)
        if came and chance("asked", number, week) < 70:
            await self._feedback(person, number, at)
        if chance("stop", number, week) < 4:
            await self._needed(conversation, "stopped", at, number)

    async def _reminder(self, row: Appointment, conversation: Conversation, number: int, week: int) -> None:
        at = row.starts_at - timedelta(days=1)
        state = MessageState.UNDELIVERED if chance("net", number, week) < 4 else MessageState.DELIVERED
        said = await self._say(conversation, at, "See you tomorrow. Reply 1 if you will come.", state=state)
        self.rows.append(
            Nudge(
                rule="reminder_1_day", subject_kind="appointment", subject_id=row.id, person_id=row.person_id,
                occurrence=row.starts_at, due_at=at, expires_at=row.starts_at, state=NudgeState.QUEUED, state_at=at,
                message_id=said.id,
            )
        )  # fmt: skip
        if state is MessageState.DELIVERED and chance("answers", number, week) < 68:
            await self._hear(conversation, at + timedelta(minutes=7 + number), "1")

    async def _needed(self, conversation: Conversation, reason: str, at: datetime, number: int) -> None:
        """In working hours; a worker takes it after a while and, mostly, writes."""
        opened = at.replace(hour=9 + number % 7, minute=5)
        after = timedelta(minutes=8 + chance("wait", number, reason) * 3)
        worker = conversation.person.worker_id
        self.rows.append(
            Escalation(
                ref=new_ref(), conversation_id=conversation.id, side=conversation.side, reason=reason, opened_at=opened,
                due_at=opened + timedelta(hours=4), taken_by_id=worker, taken_at=opened + after, closed_by_id=worker,
                closed_at=opened + after * 2, outcome="answered", state=EscalationState.CLOSED,
            )
        )  # fmt: skip
        if reason != "wants_a_call":
            await self._say(
                conversation, opened + after, "Thank you for telling me. I will sort it out.", author=worker
            )

    async def _told(self, conversation: Conversation, number: int) -> None:
        for week in range(number % 3, WEEKS, 3):
            await self._say(conversation, self._ago(week, hours=number), "There is news of your case.")
            if chance("asks", number, week) < 40:
                await self._needed(conversation, "case_question", self._ago(week), number)

    async def _feedback(self, person: Person, number: int, at: datetime) -> None:
        answers = {"useful": str(1 + min(4, chance("useful", number, at) // 18)), "respected": "yes"}
        if chance("respect", number, at) < 18:
            answers["respected"] = "no"
        words = FEEDBACK[number % len(FEEDBACK)] if chance("words", number, at) < 25 else ""
        await self._run(person, "session_feedback", at + timedelta(hours=1), answers, words, number)

    async def _victim_survey(self, person: Person, number: int) -> None:
        answers = {name: str(1 + min(4, 1 + chance(name, number) // 22)) for name in ("fair_treatment", "overall")}
        answers["repeat_story"] = str(1 + number % 4)
        answers["kept_informed"] = "yes" if chance("informed", number) < 60 else "no"
        if answers["kept_informed"] == "no":
            answers["how_informed"] = "call" if number % 2 else "text_message"
        words = TOLD[number % len(TOLD)] if number % 3 else ""
        await self._run(person, "victim_satisfaction", self._ago(number % WEEKS, hours=5), answers, words, number)

    async def _run(
        self, person: Person, survey: str, at: datetime, answers: dict[str, str], words: str, number: int
    ) -> None:
        lot = chance("part", number, at)
        state = SurveyState.COMPLETED if lot < 62 else SurveyState.DECLINED if lot < 76 else SurveyState.EXPIRED
        ends = at + timedelta(days=14)
        run = SurveyRun(survey=survey, person_id=person.id, state=state, invited_at=at, state_at=at, expires_at=ends)
        self.session.add(run)
        await self.session.flush()
        if state is not SurveyState.COMPLETED:
            return
        key = self.hub.vault.open_person_key(person.wrapped_key or b"")
        self.rows += [Answer(run_id=run.id, question=name, code=code, answered_at=at) for name, code in answers.items()]
        if words:
            sealed = key.seal(words, "answer")
            self.rows.append(Answer(run_id=run.id, question="own_words", words_sealed=sealed, answered_at=at))

    # --- what was said ----------------------------------------------------------------------------

    async def _say(
        self,
        conversation: Conversation,
        at: datetime,
        words: str,
        *,
        state: MessageState = MessageState.DELIVERED,
        author: int | None = None,
    ) -> Message:
        purpose = Purpose.REPLY if author else Purpose.REMINDER
        return await self._message(
            conversation, at, words, direction=Direction.OUT, state=state, author_id=author, purpose=purpose, left_at=at
        )

    async def _hear(self, conversation: Conversation, at: datetime, words: str) -> None:
        await self._message(conversation, at, words, direction=Direction.IN, state=MessageState.HANDLED)

    async def _message(
        self, conversation: Conversation, at: datetime, words: str, *, state: MessageState, **parts: Any
    ) -> Message:
        key = self.hub.vault.open_person_key(conversation.person.wrapped_key or b"")
        message = Message(
            conversation_id=conversation.id, line_id=conversation.line_id, state=state, state_at=at, created_at=at,
            body_sealed=key.seal(words, "body"), provider_message_id=f"earlier-{new_ref()}", **parts,
        )  # fmt: skip
        self.session.add(message)
        conversation.last_at = max(at, conversation.last_at or at)
        await self.session.flush()
        return message
