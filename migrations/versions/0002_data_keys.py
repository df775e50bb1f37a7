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
    if op.get_bind().execute(sa.text("SELECT 1 FROM data_key WHERE owner LIKE 'patient:%' LIMIT 1")).first() is not None:
        raise RuntimeError("this database holds keys to patients' choices, which would be lost; restore an older backup instead")
    op.drop_table('key_epoch')
    with op.batch_alter_table('data_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_data_key_epoch'))

    op.drop_table('data_key')
