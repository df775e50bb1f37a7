"""whose a link is, so that it ends with its holder."""

from alembic import op
import sqlalchemy as sa

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade():
    # Good for ten minutes: whoever has one now follows their forum's link once more.
    op.execute('DELETE FROM link_token')
    with op.batch_alter_table('link_token', schema=None) as batch_op:
        batch_op.add_column(sa.Column('account_key', sa.String(length=43), nullable=False))
        batch_op.create_index(batch_op.f('ix_link_token_account_key'), ['account_key'], unique=False)


def downgrade():
    with op.batch_alter_table('link_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_link_token_account_key'))
        batch_op.drop_column('account_key')
