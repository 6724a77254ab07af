"""Cases, their conditions, days and news, and appointments, also such as repeat."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import ConditionState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.people import Person
from hub.store.tables.staff import Worker
from hub.words import AppointmentState, Side


class Case(Table):
    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("agency_id", "side", "reference"),)
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]  # conditional_caution, community_resolution, bail, victim_care, …: configurable
    reference: Mapped[str]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_for: Mapped[str] = mapped_column(default="", server_default="")  # a key of hub/case_closing.py CLOSED_FOR
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Condition(Table):
    __tablename__ = "conditions"
    __table_args__ = (Index("ix_conditions_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),)
    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    words_sealed: Mapped[Sealed]
    due_on: Mapped[date | None]
    agreed_at: Mapped[datetime]  # when it was entered: half of the time is counted from here
    state: Mapped[ConditionState] = mapped_column(default=ConditionState.OPEN)
    state_at: Mapped[datetime]
    done_at: Mapped[datetime | None]  # said by the person; the worker checks
    checked_at: Mapped[datetime | None]  # a worker decided
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    reason_sealed: Mapped[Sealed | None]  # why it is not done, or need not be, in the worker's words
    look_at: Mapped[datetime | None]  # if nothing has been said by then, a worker is told (hub/early_words.py)
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class ConditionPhoto(Table):
    """A photo or document that the person sent to show that a condition is done."""

    __tablename__ = "condition_photos"
    id: Mapped[Id]
    condition_id: Mapped[int] = mapped_column(ForeignKey("conditions.id"), index=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media_files.id"))
    given_at: Mapped[datetime]


class Extension(Table):
    """A person asks for longer; a worker decides, with a new day or with a reason."""

    __tablename__ = "extensions"
    __table_args__ = (
        Index("uq_extensions_open", "condition_id", unique=True, postgresql_where=text("state = 'open'")),
    )
    id: Mapped[Id]
    condition_id: Mapped[int] = mapped_column(ForeignKey("conditions.id"), index=True)
    asked_at: Mapped[datetime]
    words_sealed: Mapped[Sealed]  # what the person wrote, e.g. "2 more weeks"
    wanted_on: Mapped[date | None]  # what was understood; None: a human reads the words
    state: Mapped[str] = mapped_column(default="open")  # open, accepted, declined, withdrawn
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    until: Mapped[date | None]  # the new day
    reason_sealed: Mapped[Sealed | None]  # why not, in the worker's words, as the person was told
    condition: Mapped[Condition] = relationship(lazy="joined", innerjoin=True)


class CaseDate(Table):
    """A day of a case that lies ahead: a bail return, a hearing, the end of a service, a release."""

    __tablename__ = "case_dates"
    __table_args__ = (UniqueConstraint("case_id", "kind", "on"),)
    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]  # a word of hub/case_dates.py KINDS
    on: Mapped[date]
    clock: Mapped[time | None]  # on the agency's wall; None: a whole day
    place: Mapped[str] = mapped_column(default="")  # in words, one line
    called_off_at: Mapped[datetime | None]
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class CaseEvent(Table):
    """News of a case that a victim is owed (Victims' Code, Right 6). Whom, by when, is in tables/updates.py."""

    __tablename__ = "case_events"
    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    milestone: Mapped[str]  # a name of flows/victims/milestones.yml
    reason_sealed: Mapped[Sealed | None]  # why, in the worker's plain words
    happened_at: Mapped[datetime]
    known_at: Mapped[datetime]  # when the agency knew: a promise counts from here
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class AppointmentSeries(Table):
    """Appointments that repeat. Those of the coming weeks are ordinary appointments; this row makes them."""

    __tablename__ = "appointment_series"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"]),
        UniqueConstraint("agency_id", "side", "external_id"),
        Index("ix_appointment_series_planned", "planned_until", postgresql_where=text("ended_on IS NULL")),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    person_id: Mapped[int] = mapped_column(index=True)
    side: Mapped[Side]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    external_id: Mapped[str | None]
    rule: Mapped[str]  # RRULE of RFC 5545, in days: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    left_out: Mapped[list[str]] = mapped_column(default=list)  # EXDATE: ISO days on which there is none
    first_on: Mapped[date]
    clock: Mapped[time]  # on the agency's wall: 14:00 stays 14:00 when the clocks change
    planned_until: Mapped[date]  # the last day for which its appointments have been made
    ended_on: Mapped[date | None]  # none after this day
    minutes: Mapped[int] = mapped_column(default=30)
    how: Mapped[str] = mapped_column(default="in_person")
    with_whom: Mapped[str]
    place: Mapped[str]
    directions: Mapped[str] = mapped_column(default="")
    bring: Mapped[str] = mapped_column(default="")
    proof_wanted: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Appointment(Table):
    __tablename__ = "appointments"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"]),
        UniqueConstraint("agency_id", "side", "external_id"),
        Index("ix_appointments_person_id_starts_at", "person_id", "starts_at"),
        UniqueConstraint("series_id", "occurrence_on"),
        Index("ix_appointments_starts_at", "starts_at"),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    person_id: Mapped[int]
    side: Mapped[Side]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"), index=True)
    external_id: Mapped[str | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_series.id"))
    occurrence_on: Mapped[date | None]  # which day of its series it stands for, also when it has been moved to another
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=30)
    how: Mapped[str] = mapped_column(default="in_person")  # in_person, phone, video
    with_whom: Mapped[str]  # first name or service, as texts say it
    place: Mapped[str]  # in words, one line: "1 High St, DE1 1AA"
    directions: Mapped[str] = mapped_column(default="")  # answers "how do I get there?"
    bring: Mapped[str] = mapped_column(default="")
    state: Mapped[AppointmentState] = mapped_column(default=AppointmentState.PLANNED)
    state_at: Mapped[datetime]
    proof_wanted: Mapped[bool] = mapped_column(default=False)
    why_missed_sealed: Mapped[Sealed | None]  # the person's own words
    venue_secret_sealed: Mapped[Sealed | None]  # TOTP secret of the code on the provider's screen (master key)
    roll_asked_at: Mapped[datetime | None]  # when the provider was asked by text who came
    meeting_sealed: Mapped[Sealed | None]  # where a video appointment is held: an https address (person's key)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    worker: Mapped[Worker | None] = relationship(lazy="joined")


class MoveRequest(Table):
    """A person asks for another time; a worker confirms. `slots` are offered UTC times in ISO 8601."""

    __tablename__ = "move_requests"
    id: Mapped[Id]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    asked_at: Mapped[datetime]
    words_sealed: Mapped[Sealed | None]  # what the person wrote, e.g. "thurs arvo"
    slots: Mapped[list[str]] = mapped_column(default=list)
    wanted_at: Mapped[datetime | None]  # what was picked or understood
    state: Mapped[str] = mapped_column(default="open")  # open, accepted, declined, withdrawn
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    appointment: Mapped[Appointment] = relationship(lazy="joined", innerjoin=True)
