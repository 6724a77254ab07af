"""What a command may do while one text is handled: say, ask, escalate, record. All inside one transaction.

Every file in `hub/commands/` works through this and the tables alone. Knows no channel, no model, no page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, prompts
from hub.core import Hub
from hub.outbox import queue
from hub.store import audit
from hub.store.tables import Agency, Appointment, Conversation, Escalation, Message, Person, Prompt
from hub.store.vault import Key
from hub.texts import Texts, sentence
from hub.times import say_when
from hub.words import AppointmentState, Awaiting, Priority, Purpose

STANDING = (
    AppointmentState.PLANNED,
    AppointmentState.CONFIRMED,
    AppointmentState.ASKED_TO_MOVE,
    AppointmentState.CANNOT_ATTEND,
)


@dataclass(slots=True)
class Handling:
    """One turn being carried out. `message` is what the person wrote; None when the hub starts by itself (a nudge)."""

    hub: Hub
    session: AsyncSession
    conversation: Conversation
    message: Message | None
    text: str
    prompt: Prompt | None
    now: datetime
    quiet: bool = False  # a crisis has been answered already: carry out, but say nothing more
    purpose: Purpose = Purpose.REPLY
    said: list[Message] = field(default_factory=list)
    handed_over: bool = False
    by_machine: bool = False  # the text is what a machine heard in a voice message
    on_a_page: bool = False  # the person did it on a page of ours, without a text

    @property
    def person(self) -> Person:
        return self.conversation.person

    @property
    def agency(self) -> Agency:
        return self.person.agency

    @property
    def language(self) -> str:
        return self.person.language

    @property
    def written_at(self) -> datetime:
        """When the person sent what is handled, as well as anybody knows: it can be long on its way, and wait here."""
        if self.message is None:
            return self.now
        return min(self.message.sent_at or self.message.created_at, self.now)

    @property
    def texts(self) -> Texts:
        return self.hub.texts_for(self.person)

    @property
    def key(self) -> Key:
        if self.person.wrapped_key is None:
            raise ValueError("an erased person is not spoken with")
        return self.hub.vault.open_person_key(self.person.wrapped_key)

    def facts(self) -> dict[str, str]:
        """What every text may use."""
        key, person = self.key, self.person
        name = person.preferred_name_sealed or person.name_sealed
        full = key.open(name, "name") if name else ""
        return {
            "first_name": full.split(" ")[0] if full else "",
            "agency": self.agency.short_name,
            "phone": self.agency.phone,
            "worker": person.worker.first_name if person.worker else self.agency.short_name,
        }

    def appointment_facts(self, appointment: Appointment) -> dict[str, str]:
        """`when`, `place`, `with_whom` and what answers the questions people ask back."""
        zone = self.agency.time_zone
        return {
            "when": say_when(appointment.starts_at, zone, self.language),
            "place": appointment.place,
            "with_whom": appointment.with_whom,
            "directions": sentence(appointment.directions),
            "bring": appointment.bring,
            "minutes": str(appointment.minutes),
        }

    async def say(
        self,
        text_key: str,
        *,
        priority: Priority = Priority.REPLY,
        purpose: Purpose | None = None,
        choices: list[dict[str, str]] | None = None,
        expires_at: datetime | None = None,
        **facts: str,
    ) -> None:
        """Queue a text of `flows/`. Stale after a day by default: a late answer confuses."""
        if self.quiet:
            return
        self.said.append(
            await queue(
                self.hub,
                self.session,
                self.conversation,
                purpose=purpose or self.purpose,
                priority=priority,
                text_key=text_key,
                facts=self.facts() | facts,
                choices=choices,
                expires_at=expires_at or self.now + timedelta(days=1),
            )
        )

    async def ask(
        self,
        text_key: str,
        awaiting: Awaiting,
        *,
        subject: tuple[str, int] | None = None,
        keep: dict[str, Any] | None = None,
        lasts: timedelta | None = timedelta(days=3),
        choices: list[dict[str, str]] | None = None,
        priority: Priority = Priority.REPLY,
        purpose: Purpose | None = None,
        expires_at: datetime | None = None,
        **facts: str,
    ) -> None:
        """Say, and wait for the answer. `keep` stays with the open question (slots, counters; nothing personal)."""
        if self.quiet:
            return
        await self.say(text_key, choices=choices, priority=priority, purpose=purpose, expires_at=expires_at, **facts)
        self.prompt = await prompts.ask(
            self.session,
            self.conversation,
            awaiting,
            text_key,
            self.now,
            subject=subject,
            facts=keep,
            expires_at=self.now + lasts if lasts else None,
        )

    async def answered(self) -> None:
        """Close the open question."""
        await prompts.close(self.session, self.conversation.id, self.now)
        self.prompt = None

    async def escalate(self, reason: str, *, detail: str = "") -> Escalation:
        """Put it in front of a human; the bot goes on talking."""
        message_id = self.message.id if self.message else None
        return await escalations.escalate(
            self.session, self.conversation, reason, self.now, detail=detail, message_id=message_id
        )

    async def hand_over(self, reason: str, *, detail: str = "") -> Escalation:
        """Put it in front of a human, who answers instead of the bot."""
        self.handed_over = True
        return await self.escalate(reason, detail=detail)

    def record(self, what: str, subject: str, **details: Any) -> None:
        """A fact for the audit and the timeline; `details` hold ids and codes only."""
        actor = f"person:{self.person.id}" if self.message or self.on_a_page else "hub"
        audit.record(self.session, self.now, actor, what, subject, person_id=self.person.id, **details)

    async def appointment(self) -> Appointment | None:
        """The one that the open question is about, else the person's next one that stands."""
        if self.prompt and self.prompt.subject_kind == "appointment" and self.prompt.subject_id:
            return await self.session.get(Appointment, self.prompt.subject_id)
        wanted = (
            select(Appointment)
            .where(
                Appointment.person_id == self.person.id,
                Appointment.state.in_(STANDING),
                Appointment.starts_at > self.now - timedelta(hours=2),  # "where is it?" is asked on the way, too
            )
            .order_by(Appointment.starts_at)
            .limit(1)
        )
        found: Appointment | None = await self.session.scalar(wanted)
        return found


Carry = Callable[[Handling, dict[str, str]], Awaitable[None]]
