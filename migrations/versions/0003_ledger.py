"""the ledger: its entries, and the row that knows where they end."""

from alembic import op
import sqlalchemy as sa

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('ledger_entry',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('leaf', sa.LargeBinary(length=32), nullable=False),
    sa.Column('above', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_ledger_entry'))
    )
    op.create_table('ledger_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('frontier', sa.LargeBinary(), nullable=False),
    sa.Column('kept_epoch', sa.Integer(), nullable=False),
    sa.Column('kept_size', sa.BigInteger(), nullable=False),
    sa.Column('journalled', sa.BigInteger(), nullable=False),
    sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_head'))
    )


def downgrade():
    # What was signed outside would stand against a database that no longer knows of it.
    op.refuse_to_lose("ledger_entry", "a ledger")
    op.drop_table('ledger_head')
    op.drop_table('ledger_entry')
