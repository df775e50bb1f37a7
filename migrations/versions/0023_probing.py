"""who asks about far more people than is usual."""

from alembic import op
import sqlalchemy as sa

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('probing_hour',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=False),
    sa.Column('viewers', sa.Integer(), nullable=False),
    sa.Column('usual', sa.Integer(), nullable=False),
    sa.Column('named', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_probing_hour_platform_id_platform')),
    sa.PrimaryKeyConstraint('platform_id', 'hour', name=op.f('pk_probing_hour'))
    )
    op.create_table('probing_alarm',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('usual', sa.Integer(), nullable=False),
    sa.Column('closed', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_probing_alarm_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probing_alarm'))
    )


def downgrade():
    op.drop_table('probing_alarm')
    op.drop_table('probing_hour')
