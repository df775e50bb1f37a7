"""what a patient wants to open, until it is due; signed receipts."""

from alembic import op
import sqlalchemy as sa

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('waiting_change',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('sealed_wish', sa.LargeBinary(), nullable=False),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_waiting_change_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_change'))
    )
    with op.batch_alter_table('waiting_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_waiting_change_patient_id'), ['patient_id'], unique=False)

    op.create_table('receipt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('issued', sa.BigInteger(), nullable=False),
    sa.Column('sealed_jws', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_receipt_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('patient_id', 'version', name=op.f('uq_receipt_patient_id_version'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_patient_id'), ['patient_id'], unique=False)


def downgrade():
    # Each would be dropped in silence, and the patient was promised both.
    op.refuse_to_lose("waiting_change", "what patients asked for and are waiting for", where='ended IS NULL')
    op.refuse_to_lose("receipt", "receipts that patients were given")
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_patient_id'))

    op.drop_table('receipt')
    with op.batch_alter_table('waiting_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_waiting_change_patient_id'))

    op.drop_table('waiting_change')
