"""the figures of years that are over, and who looked at a month's overrides."""

from alembic import op
import sqlalchemy as sa

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('override_look',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('looked_by', sa.Uuid(), nullable=False),
    sa.Column('looked', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['looked_by'], ['staff_member.id'], name=op.f('fk_override_look_looked_by_staff_member')),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_override_look'))
    )
    op.create_table('year_figures',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('figures', sa.LargeBinary(), nullable=False),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_year_figures'))
    )


def downgrade():
    op.drop_table('year_figures')
    op.drop_table('override_look')
