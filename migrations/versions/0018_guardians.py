"""ages and guardians."""

from alembic import op
import sqlalchemy as sa

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('circumstances',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_data', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('patient_id', name=op.f('pk_circumstances'))
    )
    op.create_table('guardianship',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('sealed_terms', sa.LargeBinary(), nullable=False),
    sa.Column('approved', sa.BigInteger(), nullable=True),
    sa.Column('seen', sa.BigInteger(), nullable=True),
    sa.Column('ends', sa.BigInteger(), nullable=True),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.Column('released', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_guardianship_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardianship'))
    )
    with op.batch_alter_table('guardianship', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guardianship_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guardianship_patient_id'), ['patient_id'], unique=False)

    op.create_table('guardian_code',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_guardian_code_patient_id_patient')),
    sa.PrimaryKeyConstraint('patient_id', name=op.f('pk_guardian_code')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_guardian_code_code_digest'))
    )
    op.create_table('guardian_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('guardianship_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_wish', sa.LargeBinary(), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('answered', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['guardianship_id'], ['guardianship.id'], name=op.f('fk_guardian_request_guardianship_id_guardianship')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_request'))
    )
    with op.batch_alter_table('guardian_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guardian_request_guardianship_id'), ['guardianship_id'], unique=False)

    op.create_table('hearing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('about', sa.String(length=128), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('heard', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hearing'))
    )
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hearing_patient_id'), ['patient_id'], unique=False)


def downgrade():
    # A guardian who was sent away by a court would be asked for anew; a country that somebody chose is a choice.
    op.refuse_to_lose("guardianship", "who is and was a guardian of whom")
    op.refuse_to_lose("circumstances", "ages, and countries that patients chose")
    op.refuse_to_lose("hearing", "what young people asked staff to hear them about")
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hearing_patient_id'))

    op.drop_table('hearing')
    with op.batch_alter_table('guardian_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guardian_request_guardianship_id'))

    op.drop_table('guardian_request')
    op.drop_table('guardian_code')
    with op.batch_alter_table('guardianship', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guardianship_patient_id'))
        batch_op.drop_index(batch_op.f('ix_guardianship_account_id'))

    op.drop_table('guardianship')
    op.drop_table('circumstances')
