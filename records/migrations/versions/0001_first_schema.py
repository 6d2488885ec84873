"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# In the order of creation; a table comes after those that it refers to.
TABLES = (
    "accounts",
    "memberships",
    "audit",
    "definitions",
    "people",
    "cases",
    "case_links",
    "case_events",
    "facts",
    "staged_answers",
    "case_owners",
    "case_agencies",
    "strands",
    "clocks",
    "handovers",
    "consents",
    "jobs",
    "contacts",
    "contact_ways",
    "notices",
    "deliveries",
    "inbox_messages",
)


def upgrade() -> None:
    _create_staff()
    _create_definitions()
    _create_people()
    _create_cases()
    _create_events()
    _create_drawn()
    _create_agreed()
    _create_contacts()
    _create_notices()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_staff() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sign_in", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("sign_in", name=op.f("uq_accounts_sign_in")),
    )
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id")),
        sa.PrimaryKeyConstraint("account_id", "agency", "role", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_role_ended_at"), "memberships", ["role", "ended_at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("request_id", sa.String(length=255), nullable=True),
        sa.CheckConstraint("kind IN ('look', 'change')", name=op.f("ck_audit_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_account_id_at"), "audit", ["account_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_case_id_at"), "audit", ["case_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_person_id"), "audit", ["person_id"], unique=False)


def _create_definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definitions")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_definitions_name_version")),
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("nhs_number", sa.String(length=10), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_key", sa.String(length=255), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("nhs_number", name=op.f("uq_people_nhs_number")),
    )
    op.create_index(op.f("ix_people_name_key_birth_date"), "people", ["name_key", "birth_date"], unique=False)


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("pathway", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("linked_from", sa.String(length=64), nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("owner_roles", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("next_due", INSTANT, nullable=False),
        sa.Column("waiting_since", INSTANT, nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("blocked", sa.String(length=255), nullable=True),
        sa.CheckConstraint("status IN ('starting', 'open', 'ended')", name=op.f("ck_cases_status")),
        sa.ForeignKeyConstraint(["digest"], ["definitions.digest"], name=op.f("fk_cases_digest")),
        sa.ForeignKeyConstraint(["linked_from"], ["cases.id"], name=op.f("fk_cases_linked_from")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cases_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_digest"), "cases", ["digest"], unique=False)
    op.create_index(op.f("ix_cases_pathway_status_phase"), "cases", ["pathway", "status", "phase"], unique=False)
    op.create_index(op.f("ix_cases_person_id"), "cases", ["person_id"], unique=False)
    op.create_index(op.f("ix_cases_status_next_due_id"), "cases", ["status", "next_due", "id"], unique=False)
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("interrupt", sa.String(length=60), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("opened_case", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.ForeignKeyConstraint(["opened_case"], ["cases.id"], name=op.f("fk_case_links_opened_case")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_case_links")),
    )


def _create_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("entered", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=255), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("interpreter", sa.Integer(), nullable=False),
        sa.Column("event", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("row_digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.PrimaryKeyConstraint("case_id", "epoch", "sequence", name=op.f("pk_case_events")),
        sa.UniqueConstraint("case_id", "request_id", name=op.f("uq_case_events_case_id_request_id")),
    )
    op.create_index(op.f("ix_case_events_account_id"), "case_events", ["account_id"], unique=False)
    op.create_table(
        "facts",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=60), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_facts_case_id")),
        sa.PrimaryKeyConstraint("case_id", "epoch", "sequence", "fact", name=op.f("pk_facts")),
    )
    op.create_index(op.f("ix_facts_case_id_fact_at"), "facts", ["case_id", "fact", "at"], unique=False)
    op.create_table(
        "staged_answers",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=255), nullable=False),
        sa.Column("fact", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staged_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_staged_answers_case_id")),
        sa.PrimaryKeyConstraint("case_id", "request_id", "fact", name=op.f("pk_staged_answers")),
    )
    op.create_index(op.f("ix_staged_answers_staged_at"), "staged_answers", ["staged_at"], unique=False)


def _create_drawn() -> None:
    op.create_table(
        "case_owners",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("next_due", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_owners_case_id")),
        sa.PrimaryKeyConstraint("case_id", "role", name=op.f("pk_case_owners")),
    )
    op.create_index(
        op.f("ix_case_owners_role_status_next_due_case_id"),
        "case_owners",
        ["role", "status", "next_due", "case_id"],
        unique=False,
    )
    op.create_table(
        "case_agencies",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_agencies_case_id")),
        sa.PrimaryKeyConstraint("case_id", "agency", name=op.f("pk_case_agencies")),
    )
    op.create_index(op.f("ix_case_agencies_agency_case_id"), "case_agencies", ["agency", "case_id"], unique=False)
    op.create_table(
        "strands",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("strand", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_strands_case_id")),
        sa.PrimaryKeyConstraint("case_id", "strand", name=op.f("pk_strands")),
    )
    op.create_index(op.f("ix_strands_owner_open"), "strands", ["owner", "open"], unique=False)
    op.create_table(
        "clocks",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.String(length=255), nullable=False),
        sa.Column("clock", sa.String(length=60), nullable=False),
        sa.Column("strand", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.Column("wake", INSTANT, nullable=True),
        sa.Column("frozen", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clocks_case_id")),
        sa.PrimaryKeyConstraint("case_id", "turn", name=op.f("pk_clocks")),
    )
    op.create_index(op.f("ix_clocks_state_due"), "clocks", ["state", "due"], unique=False)
    op.create_index(op.f("ix_clocks_wake"), "clocks", ["wake"], unique=False)


def _create_agreed() -> None:
    op.create_table(
        "handovers",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("handover", sa.String(length=60), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("to_role", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("requested", INSTANT, nullable=False),
        sa.Column("settled", INSTANT, nullable=True),
        sa.Column("with_content", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("alternative", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_handovers_case_id")),
        sa.PrimaryKeyConstraint("case_id", "handover", "turn", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_to_role_status"), "handovers", ["to_role", "status"], unique=False)
    op.create_table(
        "consents",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("consent", sa.String(length=60), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consents_case_id")),
        sa.PrimaryKeyConstraint("case_id", "consent", "party", name=op.f("pk_consents")),
    )
    op.create_table(
        "jobs",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("closed", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_jobs_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_role_status_since"), "jobs", ["role", "status", "since"], unique=False)


def _create_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contacts_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_case_id"), "contacts", ["case_id"], unique=False)
    op.create_table(
        "contact_ways",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("contact_id", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_contact_ways_of_one")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_ways_contact_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contact_ways_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_ways")),
        sa.UniqueConstraint("contact_id", "position", name=op.f("uq_contact_ways_contact_id_position")),
        sa.UniqueConstraint("person_id", "position", name=op.f("uq_contact_ways_person_id_position")),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("notice", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("consent", sa.String(length=60), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'withheld', 'delivered', 'not delivered')", name=op.f("ck_notices_status")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_status_queued_at"), "notices", ["status", "queued_at"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("notice_id", sa.String(length=255), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=1000), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id", "notice_id"], ["notices.case_id", "notices.id"], name=op.f("fk_deliveries_case_id_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_case_id_notice_id"), "deliveries", ["case_id", "notice_id"], unique=False)
    op.create_table(
        "inbox_messages",
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("put_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inbox_messages_case_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbox_messages")),
    )
    op.create_index(
        op.f("ix_inbox_messages_case_id_recipient"), "inbox_messages", ["case_id", "recipient"], unique=False
    )
