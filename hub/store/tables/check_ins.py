"""Rhythms: how often somebody is asked how they are, on which days whether they are back; what was answered."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import ReturnState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.people import Person

_RUNS = text("ended_at IS NULL")


class CheckInPlan(Table):
    """Every so many weeks. The check-ins of the coming weeks are ordinary ones; this row makes them."""

    __tablename__ = "check_in_plans"
    __table_args__ = (
        Index("uq_check_in_plans_person_id", "person_id", unique=True, postgresql_where=_RUNS),
        Index("ix_check_in_plans_planned_until", "planned_until", postgresql_where=_RUNS),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    weeks: Mapped[int] = mapped_column(SmallInteger)  # 1, 2, 4 or 8
    first_on: Mapped[date]  # its weekday is that of all others
    clock: Mapped[time]  # on the agency's wall
    last_on: Mapped[date | None]
    paused_until: Mapped[date | None]  # none before this day
    questions_sealed: Mapped[Sealed | None]  # the worker's own, as a JSON list
    planned_until: Mapped[date]  # the last day for which its check-ins have been made
    set_by: Mapped[str]  # an actor as the audit has them: "worker:12", "key:3"
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class CheckInAnswer(Table):
    """What was answered besides how they are and what would help, question by question."""

    __tablename__ = "check_in_answers"
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_ins.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)  # own_1 … own_3, changed, changed_what, call
    asked_sealed: Mapped[Sealed | None]  # a worker's own question, as it was asked
    code: Mapped[str]  # yes, no, said, skipped
    words_sealed: Mapped[Sealed | None]
    answered_at: Mapped[datetime]


class ReturnPlan(Table):
    """Days of the week and a time at which somebody is asked whether they are back: a curfew, a return."""

    __tablename__ = "return_plans"
    __table_args__ = (
        Index("ix_return_plans_planned_until", "planned_until", postgresql_where=_RUNS),
        Index("ix_return_plans_person_id", "person_id"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    weekdays: Mapped[list[str]]  # MO … SU, as in RFC 5545
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    clock: Mapped[time]  # on the agency's wall
    agreed_at: Mapped[datetime | None]  # when they agreed to be texted outside the agency's hours for this
    planned_until: Mapped[date]
    set_by: Mapped[str]  # an actor as the audit has them: "worker:12", "key:3"
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ReturnCheck(Table):
    """One evening's question: are you back?"""

    __tablename__ = "return_checks"
    __table_args__ = (
        UniqueConstraint("plan_id", "on"),
        Index("ix_return_checks_person_id_due_at", "person_id", "due_at"),
        Index(
            "ix_return_checks_waiting",
            "closes_at",
            postgresql_where=text("state IN ('planned', 'asked', 'not_yet', 'asked_again')"),
        ),
    )
    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("return_plans.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on: Mapped[date]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # without an answer by then, a human looks at it
    state: Mapped[ReturnState]
    asked_at: Mapped[datetime | None]  # when it was asked last
    again_at: Mapped[datetime | None]  # when it is asked once more, after "not yet"
    answered_at: Mapped[datetime | None]
