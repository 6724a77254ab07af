"""People, the ways to reach them, and our own lines. What tells who somebody is, is sealed under that person's key.

A person and a line carry their side in their key, so that no row can join the two sides (DESIGN: two sides never meet).
"""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import SafeContactState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.staff import Agency, Worker
from hub.words import ChannelKind, Purpose, Role, Side


class Line(Table):
    """One of our own addresses. It serves one side, for good."""

    __tablename__ = "lines"
    __table_args__ = (UniqueConstraint("channel", "address"), UniqueConstraint("id", "side"))
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    channel: Mapped[ChannelKind]
    address: Mapped[str]  # E.164 number, bot name, chat site: ours, so not personal
    name: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=True)
    asked_provider_at: Mapped[datetime | None]  # when its list of inbound texts was last compared with ours
    standby_line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"))  # speaks for it while it fails
    stands_in: Mapped[bool] = mapped_column(default=False, server_default="false")  # is, or was, another's standby
    own_share: Mapped[float] = mapped_column(default=1.0, server_default="1")  # of its texts; the standby has the rest
    share_since: Mapped[datetime | None]  # when that share was last changed
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)


class Person(Table):
    """Somebody the hub talks with. Somebody who is on both sides is two persons."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("id", "side"),
        UniqueConstraint("agency_id", "side", "external_index"),
        # What it became is of the same side, as everything is that a row names.
        ForeignKeyConstraint(["merged_into_id", "side"], ["people.id", "people.side"]),
        Index("ix_people_caseload", "agency_id", "side", "worker_id"),
        Index("ix_people_same_name", "agency_id", "side", "name_index"),
        Index("ix_people_merged_into_id", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)  # random, for addresses and screens: says nothing
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    role: Mapped[Role]
    wrapped_key: Mapped[bytes | None]  # None: erased; nothing of this person can be read again
    name_sealed: Mapped[Sealed | None]
    name_index: Mapped[bytes | None]  # blind index of the whole name (hub/namesakes.py)
    preferred_name_sealed: Mapped[Sealed | None]  # how texts address them; may be empty for safety
    external_index: Mapped[bytes | None]  # blind index of the case system's reference
    external_sealed: Mapped[Sealed | None]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str | None]  # where they live, if it is not the agency's: their hours are those of this clock
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"), index=True)
    adult_from: Mapped[date | None]  # first of the month after the 18th birthday: says enough, and is no date of birth
    tier: Mapped[int | None] = mapped_column(SmallInteger)  # 1 to 4; set by a human, never computed
    known: Mapped[bool] = mapped_column(default=True)  # False: wrote to us from a number that nobody has entered
    created_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]  # nothing goes out by itself before then
    paused_for: Mapped[str] = mapped_column(default="", server_default="")  # a key of hub/pausing.py PAUSED_FOR
    ended_at: Mapped[datetime | None]  # our contact has ended: nothing is planned any more
    ended_for: Mapped[str] = mapped_column(default="", server_default="")  # a key of hub/pausing.py ENDED_FOR
    erased_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None]  # was the same human as that one: an empty row whose reference leads there
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    worker: Mapped[Worker | None] = relationship(lazy="joined")


class TwoPeople(Table):
    """Two records that look alike and are two people, as a worker said. Each pair stands here both ways round."""

    __tablename__ = "two_people"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"]),
        ForeignKeyConstraint(["other_id", "side"], ["people.id", "people.side"]),
    )
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    side: Mapped[Side]
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    at: Mapped[datetime]


class ContactPoint(Table):
    """A person's address on a channel, with what makes it safe to use."""

    __tablename__ = "contact_points"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"]),
        UniqueConstraint("side", "channel", "address_index"),
        Index("ix_contact_points_safe_look_at", "safe_look_at", postgresql_where=text("safe_look_at IS NOT NULL")),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(index=True)
    side: Mapped[Side]
    channel: Mapped[ChannelKind]
    address_index: Mapped[bytes]  # blind index, keyed by side: the same number differs on the two sides
    address_sealed: Mapped[Sealed]
    preferred: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]  # the person wrote from it
    stopped_at: Mapped[datetime | None]  # STOP: nothing goes there until START
    refused_code: Mapped[str | None]  # the provider will not take this address: its code
    discreet: Mapped[bool] = mapped_column(default=False)  # others may read it: the careful wording only
    safe_from: Mapped[time | None]  # safe-contact window, local; None: the agency's hours
    safe_until: Mapped[time | None]
    safe_asked_at: Mapped[datetime | None]  # when "is this number safe?" was last answered
    safe_state: Mapped[SafeContactState] = mapped_column(default=SafeContactState.UNASKED, server_default="unasked")
    safe_since: Mapped[datetime | None]  # since when it is in that state; None: since it was entered
    safe_look_at: Mapped[datetime | None]  # when a worker is to be told that no answer has come
    safe_said_by: Mapped[str] = mapped_column(default="", server_default="")  # a key of hub/safe_contact.py SAID_BY
    ask_first: Mapped[bool] = mapped_column(default=False, server_default="false")  # "is now a good time?" first
    code_word_sealed: Mapped[Sealed | None]  # our texts begin with it
    marked_safe: Mapped[bool] = mapped_column(default=False, server_default="false")  # may stand in for another way


class Consent(Table):
    """A choice about one purpose. No row: the agency's lawful basis decides (`hub/consent.py`)."""

    __tablename__ = "consents"
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_points.id"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(primary_key=True)
    given: Mapped[bool]
    at: Mapped[datetime]
    source: Mapped[str]  # "person", "worker" or "import"
