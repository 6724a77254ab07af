"""Supporters' threads in depth: invitations with codes, consents, the no-contact list, what is said"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def words(name: str, *, default: str | None = None, nullable: bool = False) -> sa.Column[str]:
    """A word of an enum, kept as text."""
    return sa.Column(name, sa.String(40), nullable=nullable, server_default=default)


def key(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)


def leads(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def same_side(name: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column, "side"], [f"{to}.id", f"{to}.side"], name=op.f(name))


def upgrade() -> None:
    op.add_column("people", sa.Column("adult_from", sa.Date(), nullable=True))
    _threads()
    _members()
    _invitations()
    _consents()
    _no_contacts()
    _posts()


def _threads() -> None:
    op.add_column("threads", sa.Column("paused_at", MOMENT, nullable=True))
    op.add_column("threads", key("paused_by_id"))
    op.create_unique_constraint("uq_threads_id_side", "threads", ["id", "side"])
    op.drop_constraint("fk_threads_person_id", "threads")
    op.create_foreign_key("fk_threads_person_id_side", "threads", "people", ["person_id", "side"], ["id", "side"])
    op.create_foreign_key("fk_threads_paused_by_id", "threads", "workers", ["paused_by_id"], ["id"])


def _members() -> None:
    table = "thread_members"
    op.add_column(table, words("side", nullable=True))
    op.execute("UPDATE thread_members AS m SET side = t.side FROM threads AS t WHERE t.id = m.thread_id")
    op.alter_column(table, "side", nullable=False)
    op.alter_column(table, "sees", type_=sa.String(40))
    op.add_column(table, words("relation", default="friend"))
    for name in ("ends_at", "muted_at"):
        op.add_column(table, sa.Column(name, MOMENT, nullable=True))
    op.add_column(table, sa.Column("ended_for", sa.Text(), nullable=False, server_default=""))
    op.add_column(table, key("staff_id"))
    op.drop_constraint("fk_thread_members_thread_id", table)
    op.drop_constraint("fk_thread_members_person_id", table)
    op.create_foreign_key("fk_thread_members_thread", table, "threads", ["thread_id", "side"], ["id", "side"])
    op.create_foreign_key("fk_thread_members_person", table, "people", ["person_id", "side"], ["id", "side"])
    op.create_foreign_key("fk_thread_members_staff_id", table, "workers", ["staff_id"], ["id"])
    op.create_index("ix_thread_members_person_id", table, ["person_id"])
    op.create_index("ix_thread_members_ends_at", table, ["ends_at"], postgresql_where=sa.text("left_at IS NULL"))
    op.create_index("ix_thread_members_staff_id", table, ["staff_id"], postgresql_where=sa.text("staff_id IS NOT NULL"))


def _invitations() -> None:
    table = "invitations"
    op.create_table(
        table,
        number(),
        key("thread_id", nullable=False),
        words("side"),
        sa.Column("who_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("who_index", sa.LargeBinary(), nullable=True),
        words("relation"),
        words("sees"),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        words("state"),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        key("worker_id"),
        sa.Column("agreed_how", sa.Text(), nullable=False, server_default=""),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("guardian_how", sa.Text(), nullable=False, server_default=""),
        sa.Column("guardian_at", MOMENT, nullable=True),
        key("checked_by_id"),
        sa.Column("checks", postgresql.JSONB(), nullable=False),
        sa.Column("under_18", sa.Boolean(), nullable=False),
        key("staff_id"),
        key("supporter_id"),
        sa.Column("made_at", MOMENT, nullable=False),
        same_side("fk_invitations_thread", "thread_id", "threads"),
        leads(table, "worker_id", "workers"),
        leads(table, "checked_by_id", "workers"),
        leads(table, "staff_id", "workers"),
        leads(table, "supporter_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("uq_invitations_code", table, ["side", "code_index"], unique=True, postgresql_where=is_open)
    waits = sa.text("state IN ('asked', 'open')")
    op.create_index("ix_invitations_expires_at", table, ["expires_at"], postgresql_where=waits)
    op.create_index("ix_invitations_thread_id", table, ["thread_id"])
    op.create_index("ix_invitations_supporter_id", table, ["supporter_id"])


def _consents() -> None:
    table = "support_consents"
    op.create_table(
        table,
        number(),
        key("thread_id", nullable=False),
        key("invitation_id"),
        key("supporter_id"),
        sa.Column("what", sa.Text(), nullable=False),
        words("sees", nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        leads(table, "thread_id", "threads"),
        leads(table, "invitation_id", "invitations"),
        leads(table, "supporter_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_consents")),
    )
    op.create_index("ix_support_consents_thread_id", table, ["thread_id", "at"])
    op.create_index("ix_support_consents_supporter_id", table, ["supporter_id"])


def _no_contacts() -> None:
    table = "no_contacts"
    op.create_table(
        table,
        number(),
        key("person_id", nullable=False),
        words("side"),
        key("case_id"),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        key("added_by_id", nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        key("ended_by_id"),
        same_side("fk_no_contacts_person", "person_id", "people"),
        leads(table, "case_id", "cases"),
        leads(table, "added_by_id", "workers"),
        leads(table, "ended_by_id", "workers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_contacts")),
    )
    op.create_index("ix_no_contacts_person_id", table, ["person_id"])
    of = "no_contact_addresses"
    unique = ("no_contact_id", "channel", "address_index")
    op.create_table(
        of,
        number(),
        key("no_contact_id", nullable=False),
        words("channel"),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        leads(of, "no_contact_id", "no_contacts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_contact_addresses")),
        sa.UniqueConstraint(*unique, name=op.f("uq_no_contact_addresses_no_contact_id_channel_address_index")),
    )
    op.create_index("ix_no_contact_addresses_index", of, ["address_index"])


def _posts() -> None:
    table = "thread_posts"
    op.create_table(
        table,
        number(),
        key("thread_id", nullable=False),
        key("author_id"),
        key("worker_id"),
        key("message_id"),
        words("sent_to"),
        key("only_to_id"),
        key("keyed_to_id", nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("masked", sa.SmallInteger(), nullable=False),
        sa.Column("relayed", sa.Boolean(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        leads(table, "thread_id", "threads"),
        leads(table, "author_id", "people"),
        leads(table, "worker_id", "workers"),
        leads(table, "message_id", "messages", ondelete="SET NULL"),
        leads(table, "only_to_id", "people"),
        leads(table, "keyed_to_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_posts")),
    )
    op.create_index("ix_thread_posts_thread_id", table, ["thread_id", "id"])
    for column in ("author_id", "only_to_id", "keyed_to_id"):
        op.create_index(f"ix_thread_posts_{column}", table, [column])
    of = "thread_texts"
    op.create_table(
        of,
        key("message_id", nullable=False),
        key("thread_id", nullable=False),
        key("to_id", nullable=False),
        words("needs"),
        key("post_id"),
        leads(of, "message_id", "messages", ondelete="CASCADE"),
        leads(of, "thread_id", "threads"),
        leads(of, "to_id", "people"),
        leads(of, "post_id", "thread_posts"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_thread_texts")),
    )
    op.create_index("ix_thread_texts_thread_id", of, ["thread_id", "to_id"])
    op.create_index("ix_thread_texts_to_id", of, ["to_id"])
