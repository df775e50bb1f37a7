"""a forum's end, the keys by which it proves itself, and the proofs that were used up."""

from alembic import op
import sqlalchemy as sa

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('spent_assertion',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_spent_assertion'))
    )
    with op.batch_alter_table('spent_assertion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spent_assertion_expires'), ['expires'], unique=False)

    with op.batch_alter_table('platform', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended', sa.BigInteger(), nullable=True))

    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.add_column(sa.Column('public_keys', sa.Text(), nullable=True))


def downgrade():
    # Without its end a forum would be let in again.
    op.refuse_to_lose("platform", "forums that have ended", where="ended IS NOT NULL")
    op.refuse_to_lose("client", "keys by which forums prove themselves", where="public_keys IS NOT NULL")
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.drop_column('public_keys')

    with op.batch_alter_table('platform', schema=None) as batch_op:
        batch_op.drop_column('ended')

    with op.batch_alter_table('spent_assertion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spent_assertion_expires'))

    op.drop_table('spent_assertion')
