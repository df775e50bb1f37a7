"""where forums are told that there is something new, and each event on its way there."""

from alembic import op
import sqlalchemy as sa

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('webhook',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('address_digest', sa.String(length=64), nullable=False),
    sa.Column('sealed_address', sa.LargeBinary(), nullable=False),
    sa.Column('hints', sa.String(length=256), nullable=False),
    sa.Column('hmac', sa.Boolean(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('overlap_until', sa.BigInteger(), nullable=True),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_webhook_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook')),
    sa.UniqueConstraint('address_digest', name=op.f('uq_webhook_address_digest'))
    )
    with op.batch_alter_table('webhook', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_platform_id'), ['platform_id'], unique=False)
    op.create_table('webhook_pace',
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('pump', sa.Uuid(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('rests_until', sa.BigInteger(), nullable=False),
    sa.Column('paused', sa.BigInteger(), nullable=True),
    sa.Column('delivered', sa.BigInteger(), nullable=True),
    sa.Column('trouble', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_pace_webhook_id_webhook')),
    sa.PrimaryKeyConstraint('webhook_id', name=op.f('pk_webhook_pace'))
    )
    op.create_table('webhook_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('hint', sa.String(length=32), nullable=False),
    sa.Column('data', sa.String(length=512), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('begun', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.Column('trouble', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_event_webhook_id_webhook')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_event'))
    )
    with op.batch_alter_table('webhook_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_event_webhook_id_state_due'), ['webhook_id', 'state', 'due'], unique=False)


def downgrade():
    op.refuse_to_lose('webhook', 'webhooks, without which forums would not be told')
    with op.batch_alter_table('webhook_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_event_webhook_id_state_due'))
    op.drop_table('webhook_event')
    op.drop_table('webhook_pace')
    with op.batch_alter_table('webhook', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_platform_id'))
    op.drop_table('webhook')
