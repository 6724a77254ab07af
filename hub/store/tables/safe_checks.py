"""“Are you safe?” at a time that a person on the victims' side sets: when, in which words, who is told of silence."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import SafeState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.people import Person

_RUNS = text("ended_at IS NULL")


class SafeWish(Table):
    """How somebody wants to be asked. Without a row: in our words, a quarter of an hour of patience, the worker."""

    __tablename__ = "safe_wishes"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    question_sealed: Mapped[Sealed | None]  # their own words in place of ours
    duress_sealed: Mapped[Sealed | None]  # the word that reads like a yes and means no
    patience: Mapped[int] = mapped_column(SmallInteger)  # minutes
    tells_contacts: Mapped[bool]
    set_at: Mapped[datetime]


class SafePlan(Table):
    """Days of the week and a time. The checks of the coming days are ordinary ones; this row makes them."""

    __tablename__ = "safe_plans"
    __table_args__ = (
        Index("ix_safe_plans_planned_until", "planned_until", postgresql_where=_RUNS),
        Index("ix_safe_plans_person_id", "person_id"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    weekdays: Mapped[list[str]]  # MO … SU, as in RFC 5545
    clock: Mapped[time]  # on their own wall
    first_on: Mapped[date]
    planned_until: Mapped[date]  # the last day for which its checks have been made
    set_by: Mapped[str]  # an actor as the audit has them: "person:7", "worker:12"
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class SafeCheck(Table):
    """One question at one time. `closes_at` is the one moment that counts: silence until then goes to a human."""

    __tablename__ = "safe_checks"
    __table_args__ = (
        UniqueConstraint("plan_id", "on"),
        Index("ix_safe_checks_person_id_due_at", "person_id", "due_at"),
        Index("ix_safe_checks_to_ask", "due_at", postgresql_where=text("state IN ('planned', 'later')")),
        Index("ix_safe_checks_waiting", "closes_at", postgresql_where=text("state IN ('planned', 'asked', 'later')")),
    )
    id: Mapped[Id]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("safe_plans.id"))  # None: once
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on: Mapped[date | None]  # which day of its plan it stands for
    due_at: Mapped[datetime]  # when it is asked, or asked again
    closes_at: Mapped[datetime]
    state: Mapped[SafeState]
    asked_at: Mapped[datetime | None]  # when it was asked last
    postponed: Mapped[int] = mapped_column(SmallInteger, default=0)  # how often they wanted more time
    unclear: Mapped[int] = mapped_column(SmallInteger, default=0)  # answers that were neither yes nor no
    answered_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # when a human was told of silence or of a no
    contacts_told_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))  # the newest question
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ChosenContact(Table):
    """Somebody whom a person wants told when they do not answer, and who has agreed to it."""

    __tablename__ = "chosen_contacts"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    supporter_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    asked_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # said no, or one of the two wants it no more
