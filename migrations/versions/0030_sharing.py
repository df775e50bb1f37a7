"""what processes counted together, and the language of a registration."""

from alembic import op
import sqlalchemy as sa

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('probing_share',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=False),
    sa.Column('sealed_bits', sa.LargeBinary(), nullable=False),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_probing_share'))
    )
    with op.batch_alter_table('probing_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_probing_share_hour'), ['hour'], unique=False)
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=8), nullable=True))


def downgrade():
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('language')
    with op.batch_alter_table('probing_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_probing_share_hour'))
    op.drop_table('probing_share')
