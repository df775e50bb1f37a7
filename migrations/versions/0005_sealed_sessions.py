"""sessions and sign-ins on their way, sealed."""

from alembic import op
import sqlalchemy as sa

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# What was kept in the clear cannot be sealed here: its key needs the browser's cookie. People sign in once more.
SEALED = (("web_session", "state", "sealed_state"), ("sign_in_attempt", "data", "sealed_data"))


def upgrade():
    for table, clear, sealed in SEALED:
        op.execute(f"DELETE FROM {table}")
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(clear)
            batch_op.add_column(sa.Column(sealed, sa.LargeBinary(), nullable=False))


def downgrade():
    for table, clear, sealed in SEALED:
        op.execute(f"DELETE FROM {table}")
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(sealed)
            batch_op.add_column(sa.Column(clear, sa.JSON(), nullable=False))
