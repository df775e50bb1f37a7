"""what the members of a forum call it."""

from alembic import op
import sqlalchemy as sa

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('platform', schema=None) as batch_op:
        batch_op.add_column(sa.Column('display_name', sa.String(length=100), nullable=True))


def downgrade():
    op.refuse_to_lose("platform", "names by which members know their forums", where="display_name IS NOT NULL")
    with op.batch_alter_table('platform', schema=None) as batch_op:
        batch_op.drop_column('display_name')
