"""What a victim is owed to be told, to whom, by when, and what became of it; and how each wants to be kept informed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import NominationState, UpdateState
from hub.store.tables.base import Id, Table
from hub.store.tables.cases import Case, CaseEvent
from hub.store.tables.people import Person
from hub.words import Side

_OWED = text("state = 'owed'")


class UpdatePlan(Table):
    """How somebody is kept informed about one case: how fast, how often, or not at all."""

    __tablename__ = "update_plans"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    enhanced_for: Mapped[list[str]] = mapped_column(default=list)  # keys of hub/update_plans.py ENHANCED; none: usual
    every_days: Mapped[int] = mapped_column(SmallInteger)  # a word at least so often; 0: only when something happens
    asked_at: Mapped[datetime | None]  # when they were asked how often
    agreed_at: Mapped[datetime | None]  # when they said it; until then it is our own rule
    unwanted_at: Mapped[datetime | None]  # since when they want no updates about this
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class Nomination(Table):
    """Somebody whom a victim has named to hear of their case, besides them or instead of them."""

    __tablename__ = "nominations"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"]),
        ForeignKeyConstraint(["contact_id", "side"], ["people.id", "people.side"], name="fk_nominations_contact_id"),
        Index("ix_nominations_person_id", "person_id"),
        Index("ix_nominations_contact_id", "contact_id"),
    )
    id: Mapped[Id]
    person_id: Mapped[int]
    contact_id: Mapped[int]
    side: Mapped[Side]
    scope: Mapped[str]  # everything, dates, news: hub/nominations.py SCOPES
    instead: Mapped[bool] = mapped_column(default=False)  # of the person: bereaved family, a parent of a child
    state: Mapped[NominationState]
    state_at: Mapped[datetime]
    agreed_how: Mapped[str] = mapped_column(default="", server_default="")  # text, page, spoken, letter
    agreed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(
        lazy="joined", innerjoin=True, primaryjoin="foreign(Nomination.person_id) == Person.id", viewonly=True
    )
    contact: Mapped[Person] = relationship(
        lazy="joined", innerjoin=True, primaryjoin="foreign(Nomination.contact_id) == Person.id", viewonly=True
    )


class Update(Table):
    """One word that is owed to one person about a case (Victims' Code, Right 6)."""

    __tablename__ = "updates"
    __table_args__ = (
        Index("ix_updates_case_id", "case_id"),
        Index("ix_updates_person_id", "person_id"),
        Index("ix_updates_event_id", "event_id"),
        Index("ix_updates_message_id", "message_id"),
        Index("ix_updates_owed", "due_at", postgresql_where=_OWED),
        Index("ix_updates_told_at", "told_at", postgresql_where=text("event_id IS NOT NULL")),
    )
    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # to whom
    nomination_id: Mapped[int | None] = mapped_column(
        ForeignKey("nominations.id")
    )  # that they hear by; None: the victim
    kind: Mapped[str]  # news, word (although nothing has happened), question (they have asked)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))  # None: nobody has written it yet
    known_at: Mapped[datetime]  # when the agency knew: the promise counts from here
    due_on: Mapped[date]  # the last working day on which it is in time
    due_at: Mapped[datetime]  # the instant at which that is over
    warn_at: Mapped[datetime]  # when a worker hears that it is due
    state: Mapped[UpdateState]
    state_at: Mapped[datetime]
    told_how: Mapped[str] = mapped_column(default="", server_default="")  # a key of hub/updates_told.py TOLD_HOW
    told_at: Mapped[datetime | None]  # when they were told, as well as anybody knows
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))  # the last text that says it, or asks
    arrived_at: Mapped[datetime | None]  # when that text did: on a phone that others may read, it said next to nothing
    heard_at: Mapped[datetime | None]  # they asked and it was said: told, once that text has arrived
    again_at: Mapped[datetime | None]  # when a worker had it sent once more
    warned_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]  # when a worker was told that it is late
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    event: Mapped[CaseEvent | None] = relationship(lazy="joined")
    nomination: Mapped[Nomination | None] = relationship(lazy="joined")
