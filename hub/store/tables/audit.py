"""Who did what, when: append-only, sealed in a chain. And the pulse of the running parts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Id, Table


class AuditEvent(Table):
    """One fact. A trigger refuses UPDATE and DELETE. Never holds names, numbers or words of a message."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_order", "transaction", "id"),)
    id: Mapped[Id]
    # PostgreSQL's own transaction number: orders events so that a slow transaction cannot slip in behind a seal.
    transaction: Mapped[int] = mapped_column(
        BigInteger, server_default=text("pg_current_xact_id()::text::bigint"), nullable=False
    )
    at: Mapped[datetime]
    actor: Mapped[str]  # "worker:7", "person:12", "key:3", "hub"
    what: Mapped[str]  # past tense: "conversation_viewed", "proof_accepted"
    subject: Mapped[str]  # "conversation:4"
    person_id: Mapped[int | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AuditSeal(Table):
    """A link of the chain: SHA-256 over the link before and all events up to `last_transaction`."""

    __tablename__ = "audit_seals"
    id: Mapped[Id]
    last_transaction: Mapped[int]
    events: Mapped[int]
    digest: Mapped[bytes]
    at: Mapped[datetime]


class Heartbeat(Table):
    """When a running part last said that it is alive; in the demo also the visitor's clock."""

    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
