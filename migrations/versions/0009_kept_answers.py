"""answers to calls that a forum may send twice."""

from alembic import op
import sqlalchemy as sa

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('kept_answer',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_kept_answer'))
    )
    with op.batch_alter_table('kept_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_answer_expires'), ['expires'], unique=False)


def downgrade():
    with op.batch_alter_table('kept_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_answer_expires'))

    op.drop_table('kept_answer')
