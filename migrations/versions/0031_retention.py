"""legal holds; into which case one was merged, and when one was emptied."""

from alembic import op
import sqlalchemy as sa

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('case_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('set_by', sa.Uuid(), nullable=False),
    sa.Column('set_on', sa.BigInteger(), nullable=False),
    sa.Column('lifted_by', sa.Uuid(), nullable=True),
    sa.Column('lifted', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_hold_case_id_report_case')),
    sa.ForeignKeyConstraint(['lifted_by'], ['staff_member.id'], name=op.f('fk_case_hold_lifted_by_staff_member')),
    sa.ForeignKeyConstraint(['set_by'], ['staff_member.id'], name=op.f('fk_case_hold_set_by_staff_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_hold'))
    )
    with op.batch_alter_table('case_hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_hold_case_id'), ['case_id'], unique=False)

    with op.batch_alter_table('report_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('emptied', sa.BigInteger(), nullable=True))


def downgrade():
    # A court was told that nothing is deleted; and a case without its words must not be taken for a whole one.
    op.refuse_to_lose("case_hold", "legal holds, after which cases would be deleted that a court asked for")
    op.refuse_to_lose("report_case", "headers of cases that were emptied", where="emptied IS NOT NULL")
    with op.batch_alter_table('report_case', schema=None) as batch_op:
        batch_op.drop_column('emptied')
        batch_op.drop_column('merged_into')

    with op.batch_alter_table('case_hold', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_hold_case_id'))

    op.drop_table('case_hold')
