"""safe contacts and notices, erasures that wait, histories that begin late."""

from alembic import op
import sqlalchemy as sa

revision = '0020'
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('safe_contact',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_contact', sa.LargeBinary(), nullable=False),
    sa.Column('confirmed', sa.BigInteger(), nullable=True),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('code_until', sa.BigInteger(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('patient_id', name=op.f('pk_safe_contact'))
    )
    op.create_table('patient_notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patient_notice'))
    )
    with op.batch_alter_table('patient_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_patient_notice_patient_id'), ['patient_id'], unique=False)

    op.create_table('erasure_request',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('sealed_wish', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('patient_id', name=op.f('pk_erasure_request'))
    )
    with op.batch_alter_table('erasure_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_request_due'), ['due'], unique=False)

    op.create_table('hidden_history',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('before', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('patient_id', name=op.f('pk_hidden_history'))
    )


def downgrade():
    # Each is a patient's choice; an older program would show the history, and delete nobody.
    op.refuse_to_lose("safe_contact", "where patients may be written to safely")
    op.refuse_to_lose("erasure_request", "patients' wishes to be deleted")
    op.refuse_to_lose("hidden_history", "histories that patients have hidden")
    op.drop_table('hidden_history')
    with op.batch_alter_table('erasure_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_request_due'))

    op.drop_table('erasure_request')
    with op.batch_alter_table('patient_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_patient_notice_patient_id'))

    op.drop_table('patient_notice')
    op.drop_table('safe_contact')
