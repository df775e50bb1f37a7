"""which side of a case asked for another look."""

from alembic import op
import sqlalchemy as sa

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade():
    # Who asked under the program before this one is sealed: for its cases neither side asks again.
    with op.batch_alter_table('report_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('appealed_by', sa.String(length=16), nullable=True))


def downgrade():
    # The program before this one would take the other side's one appeal away.
    op.refuse_to_lose('report_case', 'which side asked for another look', where='appealed_by IS NOT NULL')
    with op.batch_alter_table('report_case', schema=None) as batch_op:
        batch_op.drop_column('appealed_by')
