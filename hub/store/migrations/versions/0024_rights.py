"""Rights told, support services, restorative justice, views on a proposal, and what waits for a good time to be said"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tellings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "asked", "told", "off", name="tellingstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tellings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
    )
    op.create_index(op.f("ix_tellings_person_id"), "tellings", ["person_id"])
    op.create_table(
        "rights_told",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_rights_told_by_id")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_rights_told_message_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rights_told_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_told")),
    )
    op.create_index(op.f("ix_rights_told_person_id"), "rights_told", ["person_id"])
    op.create_table(
        "rights_offers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned", "offered", "taken", "declined", "left_out", name="offerstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_rights_offers_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rights_offers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_offers")),
        sa.UniqueConstraint("event_id", name=op.f("uq_rights_offers_event_id")),
    )
    op.create_index(op.f("ix_rights_offers_person_id"), "rights_offers", ["person_id"])
    op.create_table(
        "support_services",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Enum("supervision", "victims", name="side", native_enum=False, length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("areas", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("text_number", sa.Text(), nullable=False),
        sa.Column("web", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("who_for", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_support_services_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_support_services_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_services")),
        sa.UniqueConstraint("agency_id", "side", "name", name=op.f("uq_support_services_agency_id_side_name")),
    )
    op.create_table(
        "support_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("services", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "choosing",
                "listed",
                "wants_call",
                "no_call",
                "passed_on",
                "not_needed",
                name="supportstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("passed_to", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["workers.id"], name=op.f("fk_support_requests_closed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["workers.id"], name=op.f("fk_support_requests_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_support_requests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_requests")),
    )
    op.create_index(op.f("ix_support_requests_person_id"), "support_requests", ["person_id"])
    op.create_table(
        "support_areas",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("area_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_support_areas_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_support_areas_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_support_areas")),
    )
    op.create_table(
        "restorative",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Enum("supervision", "victims", name="side", native_enum=False, length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked_about",
                "wants_to_know",
                "speaking_with_coordinator",
                "agreed",
                "not_now",
                "no",
                "prepared",
                "held",
                "ended",
                name="restorativestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coordinator_id", sa.BigInteger(), nullable=True),
        sa.Column("agreed_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("other_side", sa.Text(), nullable=False),
        sa.Column("other_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["coordinator_id"], ["workers.id"], name=op.f("fk_restorative_coordinator_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_restorative_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restorative")),
    )
    op.create_index(op.f("ix_restorative_person_id"), "restorative", ["person_id"])
    op.create_index("ix_restorative_side", "restorative", ["side", "state"])
    op.create_table(
        "restorative_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("restorative_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked_about",
                "wants_to_know",
                "speaking_with_coordinator",
                "agreed",
                "not_now",
                "no",
                "prepared",
                "held",
                "ended",
                name="restorativestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["restorative_id"], ["restorative.id"], name=op.f("fk_restorative_steps_restorative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restorative_steps")),
    )
    op.create_index(op.f("ix_restorative_steps_restorative_id"), "restorative_steps", ["restorative_id"])
    op.create_table(
        "proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "told", "answered", "silent", "decided", name="proposalstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decision_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proposals_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["workers.id"], name=op.f("fk_proposals_decided_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_proposals_event_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["workers.id"], name=op.f("fk_proposals_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_case_id"), "proposals", ["case_id"])
    op.create_index(
        "ix_proposals_look_at", "proposals", ["look_at"], unique=False, postgresql_where=sa.text("look_at IS NOT NULL")
    )
    op.create_table(
        "views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("proposal_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_views_by_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_views_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
    )
    op.create_index(op.f("ix_views_proposal_id"), "views", ["proposal_id"])
    # News that was told before this release is past: nobody is offered anything for it.
    op.execute(
        """
        INSERT INTO rights_offers (person_id, event_id, items, state, state_at)
        SELECT person_id, event_id, '[]', 'left_out', min(told_at)
        FROM updates WHERE told_at IS NOT NULL AND event_id IS NOT NULL AND nomination_id IS NULL GROUP BY 1, 2
        """
    )
