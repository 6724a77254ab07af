"""Planned messages, and who was put in which arm of an experiment."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.states import NudgeState
from hub.store.tables.base import Id, Table


class Nudge(Table):
    """Rule × subject × occurrence, once. The occurrence is the time that the subject stood at when it was planned."""

    __tablename__ = "nudges"
    __table_args__ = (
        UniqueConstraint("rule", "subject_kind", "subject_id", "person_id", "occurrence"),
        Index("ix_nudges_due", "due_at", postgresql_where=text("state = 'planned'")),
        Index("ix_nudges_subject", "subject_kind", "subject_id"),
    )
    id: Mapped[Id]
    rule: Mapped[str]
    subject_kind: Mapped[str]  # appointment, check_in, survey_run, update
    subject_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who it goes to
    occurrence: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[NudgeState]
    state_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    held_at: Mapped[datetime | None]  # a worker holds it back: it is not queued until it is released
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))


class Experiment(Table):
    """A fair comparison: some people get a nudge, some do not, by lot."""

    __tablename__ = "experiments"
    id: Mapped[Id]
    rule: Mapped[str] = mapped_column(unique=True)  # the nudge rule that it is about
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Arm(Table):
    __tablename__ = "arms"
    __table_args__ = (UniqueConstraint("experiment_id", "name"),)
    id: Mapped[Id]
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"))
    name: Mapped[str]
    sends: Mapped[bool]  # False: the control group, which gets no nudge of this rule
    share: Mapped[int]  # of all arms' shares


class Assignment(Table):
    __tablename__ = "assignments"
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    arm_id: Mapped[int] = mapped_column(ForeignKey("arms.id"))
    at: Mapped[datetime]
