"""Referrals: an agency's form, what was said in it, whose yes is there, its end"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def bytes_(name: str, *, nullable: bool = True) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def key(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)


def leads(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _doors()
    _forms()
    _referrals()
    _steps()


def _doors() -> None:
    op.create_table(
        "referral_doors",
        key("agency_id", nullable=False),
        words("word"),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("adults", sa.Boolean(), nullable=False),
        leads("referral_doors", "agency_id", "agencies"),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_referral_doors")),
        sa.UniqueConstraint("word", name=op.f("uq_referral_doors_word")),
    )


def _forms() -> None:
    op.create_table(
        "referral_drafts",
        bytes_("token_hash", nullable=False),
        key("agency_id", nullable=False),
        bytes_("content_sealed", nullable=False),
        moment("begun_at", nullable=False),
        leads("referral_drafts", "agency_id", "agencies"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_referral_drafts")),
    )
    op.create_index("ix_referral_drafts_begun_at", "referral_drafts", ["begun_at"])
    op.create_table(
        "referral_tries",
        number(),
        key("agency_id", nullable=False),
        bytes_("mark", nullable=False),
        moment("at", nullable=False),
        leads("referral_tries", "agency_id", "agencies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_tries")),
    )
    op.create_index("ix_referral_tries_agency_id", "referral_tries", ["agency_id", "at"])


def _referrals() -> None:
    table = "referrals"
    op.create_table(
        table,
        number(),
        words("ref"),
        key("agency_id", nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        moment("state_at", nullable=False),
        moment("made_at", nullable=False),
        words("band"),
        words("source"),
        key("api_key_id"),
        bytes_("status_hash", nullable=False),
        bytes_("wrapped_key"),
        bytes_("content_sealed"),
        bytes_("kept_sealed"),
        bytes_("phone_index"),
        key("young_id"),
        key("guardian_id"),
        sa.Column("young_was_known", sa.Boolean(), nullable=False),
        sa.Column("guardian_was_known", sa.Boolean(), nullable=False),
        words("call_first"),
        words("asked_whom"),
        moment("asked_at"),
        moment("reminded_at"),
        moment("look_at"),
        bytes_("answer_hash"),
        words("answer_who"),
        moment("answer_until"),
        key("worker_id"),
        key("case_id"),
        words("declined_for"),
        moment("emptied_at"),
        leads(table, "agency_id", "agencies"),
        leads(table, "api_key_id", "api_keys"),
        leads(table, "worker_id", "workers"),
        leads(table, "case_id", "cases"),
        sa.ForeignKeyConstraint(["young_id", "side"], ["people.id", "people.side"], name="fk_referrals_young"),
        sa.ForeignKeyConstraint(["guardian_id", "side"], ["people.id", "people.side"], name="fk_referrals_guardian"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("ref", name=op.f("uq_referrals_ref")),
        sa.UniqueConstraint("status_hash", name=op.f("uq_referrals_status_hash")),
        sa.UniqueConstraint("answer_hash", name=op.f("uq_referrals_answer_hash")),
        sa.UniqueConstraint("id", "side", name=op.f("uq_referrals_id_side")),
    )
    op.create_index("ix_referrals_agency_id", table, ["agency_id", "state", "state_at"])
    looked_at = sa.text("look_at IS NOT NULL")
    op.create_index("ix_referrals_look_at", table, ["look_at"], postgresql_where=looked_at)
    for column in ("young_id", "guardian_id"):
        op.create_index(f"ix_referrals_{column}", table, [column])


def _steps() -> None:
    table = "referral_steps"
    op.create_table(
        table,
        number(),
        key("referral_id", nullable=False),
        words("who"),
        words("what"),
        words("how"),
        words("by"),
        moment("at", nullable=False),
        leads(table, "referral_id", "referrals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_steps")),
    )
    op.create_index("ix_referral_steps_referral_id", table, ["referral_id", "id"])
