"""sign-ins on their way are kept by the browser; here only what came back."""

from alembic import op
import sqlalchemy as sa

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    # Who is on their way signs in once more.
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_attempt_expires'))

    op.drop_table('sign_in_attempt')
    op.create_table('spent_state',
    sa.Column('state_digest', sa.String(length=64), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('state_digest', name=op.f('pk_spent_state'))
    )
    with op.batch_alter_table('spent_state', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spent_state_expires'), ['expires'], unique=False)

    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sealed_where', sa.LargeBinary(), nullable=True))


def downgrade():
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_column('sealed_where')

    with op.batch_alter_table('spent_state', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spent_state_expires'))

    op.drop_table('spent_state')
    op.create_table('sign_in_attempt',
    sa.Column('state_digest', sa.String(length=64), nullable=False),
    sa.Column('session_digest', sa.String(length=64), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.Column('sealed_data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_sign_in_attempt_platform_id_platform')),
    sa.PrimaryKeyConstraint('state_digest', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_attempt_expires'), ['expires'], unique=False)
