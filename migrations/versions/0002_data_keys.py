"""data keys and the epochs that wrap them."""

from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('data_key',
    sa.Column('owner', sa.String(length=64), nullable=False),
    sa.Column('epoch', sa.String(length=16), nullable=True),
    sa.Column('wrapped', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('owner', name=op.f('pk_data_key'))
    )
    with op.batch_alter_table('data_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_key_epoch'), ['epoch'], unique=False)

    op.create_table('key_epoch',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('proof', sa.LargeBinary(length=16), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_key_epoch'))
    )


def downgrade():
    # Without its data key, what a person chose can never be read again.
    op.refuse_to_lose("data_key", "keys to patients' choices", where="owner LIKE 'patient:%'")
    op.drop_table('key_epoch')
    with op.batch_alter_table('data_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_data_key_epoch'))

    op.drop_table('data_key')
