"""Agencies, teams, workers, their sign-ins, and the keys of other programs."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.store.tables.base import Id, Sealed, Table
from hub.words import Side, WorkerRole


class Agency(Table):
    __tablename__ = "agencies"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str]  # neutral, as texts are signed: never says "police" to a victim's lock screen
    phone: Mapped[str]  # the number that texts give to people
    time_zone: Mapped[str] = mapped_column(default="Europe/London")
    holidays: Mapped[str] = mapped_column(default="ENG")  # subdivision of GB in the `holidays` library
    contact_from: Mapped[time] = mapped_column(default=time(8))  # the first local minute at which texts may go out
    contact_until: Mapped[time] = mapped_column(default=time(20))  # the first local minute at which they may not
    open_from: Mapped[time] = mapped_column(default=time(9))  # a human answers
    open_until: Mapped[time] = mapped_column(default=time(17))
    send_weight: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")  # its share when all wait
    early_days: Mapped[int] = mapped_column(SmallInteger, default=3, server_default="3")  # working days: early words
    daily_texts: Mapped[int] = mapped_column(SmallInteger, default=10, server_default="10")  # to one person, automatic
    tiers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # hub/tiers.py
    back_within: Mapped[int] = mapped_column(SmallInteger, default=30, server_default="30")  # minutes
    safe_again_days: Mapped[int] = mapped_column(SmallInteger, default=90, server_default="90")  # "is it safe?" again
    trusts_place: Mapped[bool] = mapped_column(default=False, server_default="false")  # a place alone is proof enough
    keeps_point: Mapped[bool] = mapped_column(default=False, server_default="false")  # needs the place itself, sealed


class Team(Table):
    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str]
    side: Mapped[Side]
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)


class Worker(Table):
    __tablename__ = "workers"
    id: Mapped[Id]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    role: Mapped[WorkerRole]
    name: Mapped[str]  # as colleagues see it
    first_name: Mapped[str]  # as texts say it
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    password_hash: Mapped[str | None]  # argon2id; None until the first sign-in link is used
    totp_sealed: Mapped[Sealed | None]  # the authenticator app's secret, under the master key
    totp_last_step: Mapped[int] = mapped_column(default=0)  # RFC 6238: a code is accepted once
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # hub/preferences.py
    team: Mapped[Team] = relationship(lazy="joined", innerjoin=True)
    # Not a column: the teams whose emergencies are this worker's now, set where the session is found.
    covers = frozenset[int]()


class SignIn(Table):
    """A server-side session of a worker. The cookie holds the token, the table only its hash."""

    __tablename__ = "sign_ins"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]  # None: password given, code not yet
    browser: Mapped[str] = mapped_column(default="", server_default="")  # in two words, for the list of sessions


class ApiKey(Table):
    __tablename__ = "api_keys"
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]  # a key sees one side
    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotentRequest(Table):
    """What an API request with an Idempotency-Key was answered, so that its repeat gets the same."""

    __tablename__ = "idempotent_requests"
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
