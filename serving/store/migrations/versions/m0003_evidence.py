"""Add versions of verdicts, what was added to disputes, and what disputes are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JOB_COLUMNS = ("reference", "assignee", "corrections_ref")
_JSON = sa.JSON(none_as_null=True)


def _of_job() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], ondelete="CASCADE")


def upgrade() -> None:
    for name in _JOB_COLUMNS:
        op.add_column("jobs", sa.Column(name, sa.Text(), nullable=True))
    for name in ("details", "overview"):
        op.add_column("jobs", sa.Column(name, _JSON, nullable=True))
    op.add_column("jobs", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("jobs", sa.Column("version", sa.Integer(), nullable=True))
    op.execute("UPDATE jobs SET version = 1 WHERE result_ref IS NOT NULL")
    op.create_index("ix_jobs_tenant_reference", "jobs", ["tenant", "reference"])
    op.add_column("attachments", sa.Column("documents_ref", sa.Text(), nullable=True))
    _make_labels()
    _make_additions()
    _make_versions()
    with op.batch_alter_table("webhook_deliveries") as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("changes", _JSON, nullable=True))
        table.drop_constraint("uq_webhook_deliveries_endpoint_id_job_id_event", type_="unique")
        table.create_unique_constraint(
            "uq_webhook_deliveries_endpoint_id_job_id_event_revision",
            ["endpoint_id", "job_id", "event", "revision"],
        )


def _make_labels() -> None:
    op.create_table(
        "job_labels",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        _of_job(),
        sa.PrimaryKeyConstraint("job_id", "kind", "label", name="pk_job_labels"),
    )
    op.create_index("ix_job_labels_tenant_kind_label", "job_labels", ["tenant", "kind", "label"])


def _make_additions() -> None:
    op.create_table(
        "additions",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        _of_job(),
        sa.PrimaryKeyConstraint("job_id", "revision", name="pk_additions"),
        sa.UniqueConstraint(
            "tenant", "idempotency_key", name="uq_additions_tenant_idempotency_key"
        ),
    )


def _make_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result_ref", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=True),
        sa.Column("policy_version", sa.Text(), nullable=True),
        sa.Column("changes", _JSON, nullable=True),
        _of_job(),
        sa.PrimaryKeyConstraint("job_id", "version", name="pk_versions"),
    )
    op.execute(
        "INSERT INTO versions (job_id, version, created_at, result_ref, model_version,"
        " policy_version) SELECT id, 1, finished_at, result_ref, model_version, policy_version"
        " FROM jobs WHERE result_ref IS NOT NULL AND finished_at IS NOT NULL"
    )


def downgrade() -> None:
    # Deliveries of later versions cannot be told from the first one's any more.
    op.execute("DELETE FROM webhook_deliveries WHERE revision > 1")
    with op.batch_alter_table("webhook_deliveries") as table:
        table.drop_constraint(
            "uq_webhook_deliveries_endpoint_id_job_id_event_revision", type_="unique"
        )
        table.create_unique_constraint(
            "uq_webhook_deliveries_endpoint_id_job_id_event", ["endpoint_id", "job_id", "event"]
        )
        table.drop_column("changes")
        table.drop_column("revision")
    for name in ("versions", "additions", "job_labels"):
        op.drop_table(name)
    op.drop_column("attachments", "documents_ref")
    op.drop_index("ix_jobs_tenant_reference", table_name="jobs")
    for name in (*_JOB_COLUMNS, "details", "overview", "revision", "version"):
        op.drop_column("jobs", name)
