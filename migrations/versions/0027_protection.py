"""who looks at a measure again, and what patients are offered when a block ends."""

from alembic import op
import sqlalchemy as sa

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('refusal_offer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('measure_id', sa.Uuid(), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.Column('answer', sa.String(length=8), nullable=True),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_refusal_offer_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refusal_offer')),
    sa.UniqueConstraint('measure_id', name=op.f('uq_refusal_offer_measure_id'))
    )
    with op.batch_alter_table('refusal_offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refusal_offer_patient_id'), ['patient_id'], unique=False)

    op.create_table('measure_review',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('measure_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('reviewed', sa.BigInteger(), nullable=True),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True),
    sa.Column('result', sa.String(length=16), nullable=True),
    sa.Column('sealed_words', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['approved_by'], ['staff_member.id'], name=op.f('fk_measure_review_approved_by_staff_member')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['staff_member.id'], name=op.f('fk_measure_review_reviewed_by_staff_member')),
    sa.ForeignKeyConstraint(['taken_by'], ['staff_member.id'], name=op.f('fk_measure_review_taken_by_staff_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_review')),
    sa.UniqueConstraint('measure_id', name=op.f('uq_measure_review_measure_id'))
    )


def downgrade():
    # An override that nobody looks at again, and a block that ends unnoticed, are two of the hazards we name.
    op.refuse_to_lose("measure_review", "looks at measures")
    op.refuse_to_lose("refusal_offer", "offers to patients whose block ends")
    op.drop_table('measure_review')
    with op.batch_alter_table('refusal_offer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_refusal_offer_patient_id'))

    op.drop_table('refusal_offer')
