"""What somebody says happened to them, in answers of their own; and the words of voice messages. Knows no question."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.statements.states import StatementState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.messages import MediaFile
from hub.store.tables.people import Person
from hub.voices.states import VoiceState


class Statement(Table):
    __tablename__ = "statements"
    __table_args__ = (
        Index("ix_statements_open", "expires_at", postgresql_where=text("state IN ('asked', 'started', 'read_back')")),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    questions: Mapped[str]  # the file's name in flows/statements/definitions
    state: Mapped[StatementState]
    state_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    expires_at: Mapped[datetime]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)  # of the link to the pages; None: it has ended
    version: Mapped[int] = mapped_column(SmallInteger, default=0)  # how often it was confirmed
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class StatementAnswer(Table):
    """One answer. One that was changed later is kept, with the time at which another took its place."""

    __tablename__ = "statement_answers"
    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    question: Mapped[str]
    code: Mapped[str | None]  # yes, no, a choice, "done" after photos; None: words, a file, or left out
    words_sealed: Mapped[Sealed | None]
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"), index=True)
    way: Mapped[str]  # sms, telegram, webchat, page
    answered_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    media: Mapped[MediaFile | None] = relationship(lazy="joined")


class StatementVersion(Table):
    """What the person confirmed, as it was then. `digest`: SHA-256 of the content, which says every file's own."""

    __tablename__ = "statement_versions"
    __table_args__ = (UniqueConstraint("statement_id", "number"),)
    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    content_sealed: Mapped[Sealed]
    digest: Mapped[bytes]
    confirmed_at: Mapped[datetime]
    way: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class VoiceDraft(Table):
    """The words of a voice message: a machine's, and what the person says of them."""

    __tablename__ = "voice_drafts"
    __table_args__ = (Index("ix_voice_drafts_due_at", "due_at", postgresql_where=text("state = 'waiting'")),)
    id: Mapped[Id]
    media_id: Mapped[int] = mapped_column(ForeignKey("media_files.id"), unique=True)
    state: Mapped[VoiceState]
    state_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")  # why unheard: "no_model", "language"
    words_sealed: Mapped[Sealed | None]  # the machine's
    corrected_sealed: Mapped[Sealed | None]  # the person's own, where the machine was wrong
    model: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]  # when it is tried next; while it is tried, until when that may last
    media: Mapped[MediaFile] = relationship(lazy="joined", innerjoin=True)
