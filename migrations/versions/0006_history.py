"""what was in force before, each platform's revisions, measures, and the log of decisions."""

from alembic import op
import sqlalchemy as sa

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('effective_account_version',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('patient', sa.String(length=36), nullable=True),
    sa.Column('hcp', sa.String(length=36), nullable=True),
    sa.Column('marks', sa.String(length=64), nullable=False),
    sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_effective_account_version_platform_id_platform')),
    sa.PrimaryKeyConstraint('key', 'version', name=op.f('pk_effective_account_version'))
    )
    op.create_table('platform_change',
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_platform_change_platform_id_platform')),
    sa.PrimaryKeyConstraint('platform_id', 'revision', name=op.f('pk_platform_change'))
    )
    with op.batch_alter_table('platform_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_platform_change_platform_id_kind_subject_revision'), ['platform_id', 'kind', 'subject', 'revision'], unique=False)

    op.create_table('measure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('subject_kind', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=36), nullable=False),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure'))
    )
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_subject'), ['subject'], unique=False)

    op.create_table('decision_log',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_decision_log_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_log'))
    )
    with op.batch_alter_table('decision_log', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_log_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_log_author_at'), ['author', 'at'], unique=False)


def downgrade():
    # A block that nobody can lift or find any more protects nobody for long.
    op.refuse_to_lose("measure", "measures that protect patients")
    op.refuse_to_lose("decision_log", "rows that a case holds", where="held")
    with op.batch_alter_table('decision_log', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_log_author_at'))
        batch_op.drop_index(batch_op.f('ix_decision_log_at'))

    op.drop_table('decision_log')
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_measure_subject'))

    op.drop_table('measure')
    with op.batch_alter_table('platform_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_platform_change_platform_id_kind_subject_revision'))

    op.drop_table('platform_change')
    op.drop_table('effective_account_version')
