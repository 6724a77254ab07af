"""Updates that are owed: to whom, by when, what became of each; nominated contacts; how often

News that was on its way becomes an update that is owed. Its day is counted in weekdays here, five of them: bank
holidays would need the agency's calendar, and a day too early harms nobody.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Weekdays after `known`: five later is seven days later, from a weekend counted from the Friday before it.
_DUE_ON = """
    (local.known + CASE extract(isodow FROM local.known) WHEN 6 THEN 6 WHEN 7 THEN 5 ELSE 7 END
                   * interval '1 day')::date
"""
_OWED = f"""
    INSERT INTO updates (case_id, person_id, kind, event_id, known_at, due_on, due_at, warn_at, state, state_at,
                         told_how, told_at)
    SELECT e.case_id, c.person_id, 'news', e.id, e.known_at, {_DUE_ON},
           ({_DUE_ON} + interval '1 day') AT TIME ZONE a.time_zone, ({_DUE_ON} + a.open_from) AT TIME ZONE a.time_zone,
           CASE WHEN e.told_at IS NULL THEN 'owed' ELSE 'told' END, coalesce(e.told_at, e.happened_at),
           CASE WHEN e.told_at IS NULL THEN '' ELSE 'text' END, e.told_at
    FROM case_events e JOIN cases c ON c.id = e.case_id JOIN agencies a ON a.id = c.agency_id,
         LATERAL (SELECT (e.known_at AT TIME ZONE a.time_zone)::date AS known) local
"""  # noqa: S608  # our own words
_NUDGES = """
    UPDATE nudges n SET subject_kind = 'update', subject_id = u.id FROM updates u
    WHERE n.subject_kind = 'case_event' AND u.event_id = n.subject_id
"""
_TEXTS = """
    UPDATE updates u SET message_id = n.message_id FROM nudges n
    WHERE n.subject_kind = 'update' AND n.subject_id = u.id AND n.message_id IS NOT NULL
"""


def upgrade() -> None:
    _tables()
    op.add_column("case_events", sa.Column("known_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE case_events SET known_at = happened_at")
    op.alter_column("case_events", "known_at", nullable=False)
    for statement in (_OWED, _NUDGES, _TEXTS):
        op.execute(statement)
    op.drop_column("case_events", "told_at")


def _tables() -> None:
    op.create_table(
        "update_plans",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enhanced_for", postgresql.JSONB(), nullable=False),
        sa.Column("every_days", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unwanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_update_plans_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_update_plans")),
    )
    op.create_table(
        "nominations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("instead", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_how", sa.Text(), server_default="", nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id", "side"], ["people.id", "people.side"], name=op.f("fk_nominations_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id", "side"], ["people.id", "people.side"], name=op.f("fk_nominations_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
    )
    op.create_index("ix_nominations_person_id", "nominations", ["person_id"])
    op.create_index("ix_nominations_contact_id", "nominations", ["contact_id"])
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("nomination_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_how", sa.Text(), server_default="", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_updates_{column}"))
            for column, table in (
                ("case_id", "cases"),
                ("person_id", "people"),
                ("nomination_id", "nominations"),
                ("event_id", "case_events"),
                ("told_by_id", "workers"),
                ("message_id", "messages"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
    )
    for column in ("case_id", "person_id", "event_id", "message_id"):
        op.create_index(f"ix_updates_{column}", "updates", [column])
    op.create_index("ix_updates_owed", "updates", ["due_at"], postgresql_where=sa.text("state = 'owed'"))
