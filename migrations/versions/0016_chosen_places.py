"""places and organisations of patients' own rules, as they typed them."""

from alembic import op
import sqlalchemy as sa

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('chosen_place',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=43), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_chosen_place_patient_id_patient')),
    sa.PrimaryKeyConstraint('patient_id', 'place', name=op.f('pk_chosen_place'))
    )


def downgrade():
    op.refuse_to_lose("chosen_place", "places that patients chose for")
    op.drop_table('chosen_place')
