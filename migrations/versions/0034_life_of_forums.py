"""the life of a forum: where it is, its live communities, its probe and the probe's reports."""

from alembic import op
import sqlalchemy as sa

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('probe',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('forum', sa.String(length=512), nullable=False),
    sa.Column('public_key', sa.String(length=64), nullable=False),
    sa.Column('said', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_probe_platform_id_platform')),
    sa.PrimaryKeyConstraint('platform_id', name=op.f('pk_probe'))
    )
    op.create_table('probe_report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('result', sa.String(length=16), nullable=False),
    sa.Column('leaks', sa.Integer(), nullable=False),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.Column('taken', sa.BigInteger(), nullable=False),
    sa.Column('signed', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_probe_report_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probe_report')),
    sa.UniqueConstraint('digest', name=op.f('uq_probe_report_digest'))
    )
    with op.batch_alter_table('probe_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_probe_report_platform_id'), ['platform_id'], unique=False)
    op.create_table('platform_stage',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('why', sa.String(length=16), nullable=False),
    sa.Column('ends', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_platform_stage_platform_id_platform')),
    sa.PrimaryKeyConstraint('platform_id', name=op.f('pk_platform_stage'))
    )
    op.create_table('live_community',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('community', sa.String(length=64), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_live_community_platform_id_platform')),
    sa.ForeignKeyConstraint(['report_id'], ['probe_report.id'], name=op.f('fk_live_community_report_id_probe_report')),
    sa.PrimaryKeyConstraint('platform_id', 'community', name=op.f('pk_live_community'))
    )


def downgrade():
    # The program before this one does not know what a suspension is, and could read no such forum's row.
    op.refuse_to_lose('platform_stage', 'where forums are in their life, and which are suspended')
    op.refuse_to_lose('probe_report', 'reports of probes, on which it rests that a forum is live')
    op.drop_table('live_community')
    op.drop_table('platform_stage')
    with op.batch_alter_table('probe_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_probe_report_platform_id'))
    op.drop_table('probe_report')
    op.drop_table('probe')
