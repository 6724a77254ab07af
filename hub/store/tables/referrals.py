"""Young people whom somebody referred to us, before they are anybody of ours: what was said, by whose yes, its end.

What was said is sealed under a key of the referral's own; once accepted, under the young person's. Neither key: gone.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.states_of_support import ReferralState
from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.staff import Agency
from hub.words import Side


class ReferralDoor(Table):
    """Whether an agency takes referrals, and where its form stands. No row: it takes none."""

    __tablename__ = "referral_doors"
    __table_args__ = (UniqueConstraint("word"),)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True, autoincrement=False)
    word: Mapped[str]  # of the address /refer/<word>
    is_open: Mapped[bool] = mapped_column(default=False)
    adults: Mapped[bool] = mapped_column(default=False)  # whether people of 18 and more are taken
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)


class ReferralDraft(Table):
    """A form that is being filled in. Gone when it is sent, or after two hours."""

    __tablename__ = "referral_drafts"
    __table_args__ = (Index("ix_referral_drafts_begun_at", "begun_at"),)
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    content_sealed: Mapped[Sealed]  # under the master key: nobody is anybody of ours yet
    begun_at: Mapped[datetime]


class ReferralTry(Table):
    """That a form was sent, for the limits of a day. The mark tells addresses apart for that day alone."""

    __tablename__ = "referral_tries"
    __table_args__ = (Index("ix_referral_tries_agency_id", "agency_id", "at"),)
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    mark: Mapped[bytes]
    at: Mapped[datetime]


class Referral(Table):
    """One young person, referred once."""

    __tablename__ = "referrals"
    __table_args__ = (
        ForeignKeyConstraint(["young_id", "side"], ["people.id", "people.side"], name="fk_referrals_young"),
        ForeignKeyConstraint(["guardian_id", "side"], ["people.id", "people.side"], name="fk_referrals_guardian"),
        UniqueConstraint("id", "side"),
        Index("ix_referrals_agency_id", "agency_id", "state", "state_at"),
        Index("ix_referrals_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
        Index("ix_referrals_young_id", "young_id"),
        Index("ix_referrals_guardian_id", "guardian_id"),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]  # supervision, always
    state: Mapped[ReferralState]
    state_at: Mapped[datetime]
    made_at: Mapped[datetime]
    band: Mapped[str]  # how old they were then: hub/referrals/ages.py Band
    source: Mapped[str]  # "form" or "api"
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"))
    status_hash: Mapped[bytes] = mapped_column(unique=True)  # of the referrer's link
    wrapped_key: Mapped[bytes | None]  # of this referral; None: accepted, or emptied
    content_sealed: Mapped[Sealed | None]
    kept_sealed: Mapped[Sealed | None]  # the same once accepted, under the young person's key
    phone_index: Mapped[bytes | None]  # blind index of the young person's number, to find an earlier no
    young_id: Mapped[int | None]
    guardian_id: Mapped[int | None]
    young_was_known: Mapped[bool] = mapped_column(default=False)  # somebody of ours before: never emptied with it
    guardian_was_known: Mapped[bool] = mapped_column(default=False)
    call_first: Mapped[str] = mapped_column(default="")  # why a worker calls: hub/referrals/steps.py CALL_FIRST
    asked_whom: Mapped[str] = mapped_column(default="")  # "young" or "guardian": whose answer is waited for
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]  # when the hub looks again: to remind, to let it lapse, to empty it
    answer_hash: Mapped[bytes | None] = mapped_column(unique=True)  # of the link to answer by
    answer_who: Mapped[str] = mapped_column(default="")  # whose answer that link is for
    answer_until: Mapped[datetime | None]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))  # who has it in hand
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    declined_for: Mapped[str] = mapped_column(default="")  # hub/referrals/deciding.py DECLINED_FOR
    emptied_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)


class ReferralStep(Table):
    """What was asked and answered, by whom and how. Rows are only added."""

    __tablename__ = "referral_steps"
    __table_args__ = (Index("ix_referral_steps_referral_id", "referral_id", "id"),)
    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    who: Mapped[str]  # "young", "guardian"; empty for what is about neither
    what: Mapped[str]  # hub/referrals/steps.py WHAT
    how: Mapped[str] = mapped_column(default="")  # text, page, phone, in_person, letter
    by: Mapped[str]  # "person:12", "worker:3", "hub"
    at: Mapped[datetime]  # when it happened, as far as is known
