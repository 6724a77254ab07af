"""Conversations and everything said in them. The message row is the queue: no second ledger exists."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states import CorrectionState, Direction, MessageState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.people import ContactPoint, Line, Person
from hub.words import Awaiting, Purpose, Side


class Conversation(Table):
    """Person × line. The side is in both foreign keys: a row cannot join two sides."""

    __tablename__ = "conversations"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "side"], ["people.id", "people.side"]),
        ForeignKeyConstraint(["line_id", "side"], ["lines.id", "lines.side"]),
        UniqueConstraint("person_id", "line_id"),
        Index("ix_conversations_holder_id", "holder_id", postgresql_where=text("holder_id IS NOT NULL")),
        Index("ix_conversations_waiting", "waiting_since", postgresql_where=text("waiting_since IS NOT NULL")),
    )
    id: Mapped[Id]
    person_id: Mapped[int]
    line_id: Mapped[int] = mapped_column(index=True)
    side: Mapped[Side]
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_points.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # while a worker holds, the bot is silent
    misunderstood: Mapped[int] = mapped_column(SmallInteger, default=0)  # in a row; the third hands over
    unread: Mapped[bool] = mapped_column(default=False)
    last_in_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]  # a `received` message waits to be handled
    handling_by: Mapped[str | None]  # the worker loop that handles it now
    handling_until: Mapped[datetime | None]  # its lease
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    line: Mapped[Line] = relationship(lazy="joined", innerjoin=True, overlaps="person")  # both carry the side
    contact_point: Mapped[ContactPoint] = relationship(lazy="joined", innerjoin=True)


class Message(Table):
    __tablename__ = "messages"
    __table_args__ = (
        # Accepted once: the provider's own id is unique on the line that it came to.
        Index(
            "uq_messages_inbound",
            "line_id",
            "provider_message_id",
            unique=True,
            postgresql_where=text("direction = 'in'"),
        ),
        Index("ix_messages_provider", "provider_message_id", postgresql_where=text("direction = 'out'")),
        Index("ix_messages_conversation_id_id", "conversation_id", "id"),
        Index("ix_messages_received", "conversation_id", "id", postgresql_where=text("state = 'received'")),
        # A lane is a rank and a line: claims go from lane to lane and take the oldest of each (hub/claims.py).
        Index("ix_messages_due", "rank", "line_id", "due_at", "id", postgresql_where=text("state = 'queued'")),
        # Of the same conversation: which text is next, and whether one is under way.
        Index(
            "ix_messages_next",
            *("conversation_id", "rank", "due_at", "id"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_messages_under_way", "conversation_id", postgresql_where=text("state IN ('claimed', 'sending')")),
        Index("ix_messages_held", "due_at", postgresql_where=text("state = 'held'")),
        Index("ix_messages_hold_id", "hold_id", postgresql_where=text("hold_id IS NOT NULL")),
        Index("ix_messages_mailing_id", "mailing_id", postgresql_where=text("mailing_id IS NOT NULL")),
        Index("ix_messages_left", "conversation_id", "left_at", postgresql_where=text("left_at IS NOT NULL")),
        Index("ix_messages_leased", "lease_until", postgresql_where=text("state IN ('claimed', 'sending')")),
        Index("ix_messages_uncertain", "id", postgresql_where=text("state = 'uncertain'")),
        # For figures over months. In blocks: rows come in the order of time, and writing costs next to nothing.
        Index("ix_messages_created_at", "created_at", postgresql_using="brin"),
        Index("ix_messages_written", "conversation_id", "created_at", postgresql_where=text("author_id IS NOT NULL")),
    )
    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    direction: Mapped[Direction]
    state: Mapped[MessageState]
    state_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(
        default=""
    )  # why it is held, expired, blocked or failed: a key of delivery words
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # in: by the provider's own clock; a text can be long on its way
    provider_message_id: Mapped[str | None]
    body_sealed: Mapped[Sealed | None]  # in: as received; out: as written by a worker, or as rendered once it left
    # Outgoing only ------------------------------------------------------------------------------
    purpose: Mapped[Purpose | None]
    rank: Mapped[int] = mapped_column(SmallInteger, default=0)  # Priority.rank
    text_key: Mapped[str | None]  # which text of flows/; None: a worker's own words
    facts_sealed: Mapped[Sealed | None]  # JSON: what fills the text in
    choices: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # [{"reply": "1", "label": "Yes"}]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    due_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # after this it is stale and never goes out
    encoding: Mapped[str | None]  # "GSM-7" or "UCS-2"
    segments: Mapped[int | None] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"))  # which hold keeps it back
    left_at: Mapped[datetime | None]  # when a provider was first called for it
    text_index: Mapped[bytes | None]  # blind index of person and text as it left: finds repeats without opening
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))  # the one that could not be delivered
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))  # sent to several
    conversation: Mapped[Conversation] = relationship(lazy="raise")


class Attempt(Table):
    """One call of a provider, recorded before it is made."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_finished", "finished_at"),)  # what monitoring has not counted yet
    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"))  # that it left from: maybe a standby
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # accepted, try_later, refused, uncertain, not_sent; None: under way or crashed
    code: Mapped[str] = mapped_column(default="")
    provider_message_id: Mapped[str | None]


class StoredReceipt(Table):
    """What a provider told us later; kept even when it comes before our own record of the send."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_at", "at", postgresql_where=text("meaning <> ''")),)  # those with bad news
    id: Mapped[Id]
    provider_message_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    meaning: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class MediaFile(Table):
    """A photo, document or voice message, sealed. `refused` names the error when it could not be used.

    `content_sealed` is what is shown or played. Of a voice message what came is kept beside it, since it is evidence.
    """

    __tablename__ = "media_files"
    id: Mapped[Id]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    content_type: Mapped[str]
    content_sealed: Mapped[Sealed | None]
    sha256: Mapped[bytes | None] = mapped_column(index=True)  # of the file as received: evidence, and finds repeats
    refused: Mapped[str] = mapped_column(default="")
    scans: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")  # without an answer of the scanner
    likeness: Mapped[int | None]  # of a picture, 64 bits: finds the same one after it was made smaller
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # its place and time, in bands
    point_sealed: Mapped[Sealed | None]  # where it was taken; only for an agency that has said it needs the point
    original_sealed: Mapped[Sealed | None]  # of a voice message: as it came, to the byte
    original_type: Mapped[str] = mapped_column(default="", server_default="")  # the sender's word for it
    seconds: Mapped[float | None]  # how long a voice message is
    # For a statement, on a page: it belongs to no message then.
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statements.id"), index=True)
    created_at: Mapped[datetime]


class Prompt(Table):
    """The question that a conversation is waiting on. At most one open per conversation."""

    __tablename__ = "prompts"
    __table_args__ = (
        Index("uq_prompts_open", "conversation_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_prompts_unanswered", "asked_at", postgresql_where=text("closed_at IS NULL AND chased_at IS NULL")),
    )
    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    awaiting: Mapped[Awaiting]
    text_key: Mapped[str]  # asked again when the answer was not understood
    subject_kind: Mapped[str] = mapped_column(default="")  # appointment, check_in, survey_run, proof, thread, …
    subject_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # nothing personal: slots, choices, counters
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    chased_at: Mapped[datetime | None]  # a worker was told that no answer came


class TurnRecord(Table):
    """What was made of one inbound text; shown to the worker, who can correct it."""

    __tablename__ = "turns"
    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    decided_by: Mapped[str]
    awaiting: Mapped[Awaiting]
    intent: Mapped[str] = mapped_column(default="")
    confidence: Mapped[float] = mapped_column(default=1.0)
    runners_up: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    commands: Mapped[list[str]] = mapped_column(default=list)
    at: Mapped[datetime]


class Correction(Table):
    """What a worker says that a text meant. It teaches and runs nothing again; the last word on a text counts."""

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_new", "id", postgresql_where=text("state = 'new'")),)
    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    understood: Mapped[list[str]]  # the commands that the bot made of it
    meant: Mapped[str]  # the command that it should have been
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.NEW)
    reason: Mapped[str] = mapped_column(default="")  # why rejected: a word of hub/anonymise.py or hub/candidates.py
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    at: Mapped[datetime]
