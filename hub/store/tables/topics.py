"""What people and workers do about each other: check-ins, proofs, surveys, escalations, notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import CheckInState, EscalationState, ProofState, SurveyState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.cases import Appointment
from hub.store.tables.messages import Conversation
from hub.words import Side


class CheckIn(Table):
    __tablename__ = "check_ins"
    __table_args__ = (
        Index("ix_check_ins_waiting", "due_at", postgresql_where=text("state <> 'reviewed'")),
        UniqueConstraint("plan_id", "occurrence_on"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # 72 hours later: MoJ's online check-in uses the same window
    state: Mapped[CheckInState]
    feeling: Mapped[int | None]  # 1 very well … 5 very bad
    needs: Mapped[list[str]] = mapped_column(default=list)
    answered_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    note_sealed: Mapped[Sealed | None]  # what the worker wrote when looking at it
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("check_in_plans.id"))  # whose own questions are asked
    occurrence_on: Mapped[date | None]  # which day of its plan it stands for
    step: Mapped[str] = mapped_column(default="", server_default="")  # the question that is next; none: nothing is


class Proof(Table):
    """That somebody was there. `hub/proof_kinds.py` says in which ways it can be shown."""

    __tablename__ = "proofs"
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    side: Mapped[Side]
    state: Mapped[ProofState]
    kind: Mapped[str] = mapped_column(default="")  # a key of hub/proof_kinds.py KINDS
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"))
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"code": "right", "seen_before": false, …}
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # None: a right code speaks for itself
    reason: Mapped[str] = mapped_column(default="")  # why rejected
    appointment: Mapped[Appointment] = relationship(lazy="joined", innerjoin=True)


class SurveyRun(Table):
    __tablename__ = "survey_runs"
    __table_args__ = (Index("ix_survey_runs_survey", "survey", "invited_at"),)
    id: Mapped[Id]
    survey: Mapped[str]  # the file's name in flows/surveys/definitions
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True)  # asked after it
    state: Mapped[SurveyState]
    question: Mapped[str] = mapped_column(default="")  # the one that is open
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)  # of the link to the plain pages
    invited_at: Mapped[datetime]
    state_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Answer(Table):
    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("run_id", "question"),)
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("survey_runs.id"))
    question: Mapped[str]
    code: Mapped[str | None]  # a choice, rating or yes/no: counted; None: skipped or free text
    words_sealed: Mapped[Sealed | None]  # free text
    given_on: Mapped[str] = mapped_column(default="", server_default="")  # sms, telegram, webchat, page
    answered_at: Mapped[datetime]


class Escalation(Table):
    """What a bot should not decide. `reason` is a key of hub/reasons.py REASONS."""

    __tablename__ = "escalations"
    __table_args__ = (
        Index("ix_escalations_untaken", "side", "reason", postgresql_where=text("state = 'open'")),
        Index("ix_escalations_taken_by_id", "taken_by_id", postgresql_where=text("state <> 'closed'")),
        Index("ix_escalations_open", "side", "due_at", postgresql_where=text("state <> 'closed'")),
        Index(
            "uq_escalations_open_reason",
            "conversation_id",
            "reason",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_escalations_opened_at", "opened_at"),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    side: Mapped[Side]
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")  # a word for the screen, never personal: "assistant_down", a ref
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    state: Mapped[EscalationState]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    taken_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]  # None while put aside: until they write
    escalated_at: Mapped[datetime | None]  # nobody took it in time and the supervisor was told
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    outcome: Mapped[str] = mapped_column(default="")
    conversation: Mapped[Conversation] = relationship(lazy="joined", innerjoin=True)


class Note(Table):
    """A worker's own words about a conversation; the person never sees them here."""

    __tablename__ = "notes"
    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    body_sealed: Mapped[Sealed]
    at: Mapped[datetime]
