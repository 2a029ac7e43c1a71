"""Add the page sizes of attachments, so that reading need not measure them again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachments", sa.Column("page_sizes", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("attachments", "page_sizes")
