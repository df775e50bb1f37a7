"""the outbox: jobs, and how each kind of them fares."""

from alembic import op
import sqlalchemy as sa

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('job',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('sealed_payload', sa.LargeBinary(), nullable=False),
    sa.Column('lease_until', sa.BigInteger(), nullable=True),
    sa.Column('lease_token', sa.Uuid(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('every', sa.BigInteger(), nullable=True),
    sa.Column('dead', sa.BigInteger(), nullable=True),
    sa.Column('last_error', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_due'), ['due'], unique=False)

    op.create_table('job_kind',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('failing_since', sa.BigInteger(), nullable=True),
    sa.Column('alarmed', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_job_kind'))
    )


def downgrade():
    # What recurs is written anew by the next worker; everything else was promised to somebody.
    op.refuse_to_lose("job", "work that is not done yet", where="every IS NULL")
    op.drop_table('job_kind')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_due'))

    op.drop_table('job')
