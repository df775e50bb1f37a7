"""replicas that forums decide by, and which keys of the feed were handed out."""

from alembic import op
import sqlalchemy as sa

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('replica',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('ledger_epoch', sa.Integer(), nullable=False),
    sa.Column('applied', sa.Integer(), nullable=True),
    sa.Column('lease_ms', sa.Integer(), nullable=False),
    sa.Column('heard', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_replica_platform_id_platform')),
    sa.PrimaryKeyConstraint('platform_id', 'name', name=op.f('pk_replica'))
    )
    op.create_table('handed_keys',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('keys_digest', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_handed_keys_platform_id_platform')),
    sa.PrimaryKeyConstraint('platform_id', 'keys_digest', name=op.f('pk_handed_keys'))
    )


def downgrade():
    # Nothing is lost that does not come again: replicas say what they are with their next question, and keys that are
    # handed out once more have their entry in the ledger already, and get another one.
    op.drop_table('handed_keys')
    op.drop_table('replica')
