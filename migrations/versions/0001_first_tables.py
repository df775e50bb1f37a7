"""first tables."""

from alembic import op
import sqlalchemy as sa

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('effective_fragment',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('room', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'subject', 'room', 'version', name=op.f('pk_effective_fragment'))
    )
    op.create_table('effective_row',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'subject', name=op.f('pk_effective_row'))
    )
    op.create_table('hcp',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.Column('profession', sa.String(length=64), nullable=False),
    sa.Column('assurance', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('checked_until', sa.BigInteger(), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hcp'))
    )
    op.create_table('patient',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.Column('adult_from', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patient'))
    )
    op.create_table('platform',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('issuer', sa.String(length=512), nullable=False),
    sa.Column('oidc_client_id', sa.String(length=256), nullable=False),
    sa.Column('oidc_client_secret_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('account_claim', sa.String(length=64), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform')),
    sa.UniqueConstraint('issuer', name=op.f('uq_platform_issuer')),
    sa.UniqueConstraint('name', name=op.f('uq_platform_name'))
    )
    op.create_table('signing_key',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sealed_key', sa.LargeBinary(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('generation', name=op.f('pk_signing_key'))
    )
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_account_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('key', name=op.f('uq_account_key'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_platform_id'), ['platform_id'], unique=False)

    op.create_table('acknowledgement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('variant', sa.String(length=16), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_acknowledgement_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acknowledgement'))
    )
    with op.batch_alter_table('acknowledgement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acknowledgement_patient_id'), ['patient_id'], unique=False)

    op.create_table('attestation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_attestation_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attestation'))
    )
    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attestation_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('client',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.String(length=64), nullable=False),
    sa.Column('secret_digest', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.String(length=512), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_client_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client')),
    sa.UniqueConstraint('client_id', name=op.f('uq_client_client_id'))
    )
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_client_platform_id'), ['platform_id'], unique=False)

    op.create_table('directive',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('sealed_choices', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_directive_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_directive')),
    sa.UniqueConstraint('patient_id', 'version', name=op.f('uq_directive_patient_id_version'))
    )
    with op.batch_alter_table('directive', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_directive_patient_id'), ['patient_id'], unique=False)

    op.create_table('effective_account',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('patient', sa.String(length=36), nullable=True),
    sa.Column('hcp', sa.String(length=36), nullable=True),
    sa.Column('marks', sa.String(length=64), nullable=False),
    sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_effective_account_platform_id_platform')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_effective_account'))
    )
    with op.batch_alter_table('effective_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_effective_account_hcp'), ['hcp'], unique=False)
        batch_op.create_index(batch_op.f('ix_effective_account_patient'), ['patient'], unique=False)
        batch_op.create_index(batch_op.f('ix_effective_account_platform_id'), ['platform_id'], unique=False)

    op.create_table('sign_in_attempt',
    sa.Column('state_digest', sa.String(length=64), nullable=False),
    sa.Column('session_digest', sa.String(length=64), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_sign_in_attempt_platform_id_platform')),
    sa.PrimaryKeyConstraint('state_digest', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_attempt_expires'), ['expires'], unique=False)

    op.create_table('hcp_account',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('tied', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_hcp_account_account_id_account')),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_hcp_account_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_hcp_account'))
    )
    with op.batch_alter_table('hcp_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hcp_account_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('patient_account',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('linked', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_patient_account_account_id_account')),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_patient_account_patient_id_patient')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_patient_account'))
    )
    with op.batch_alter_table('patient_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_patient_account_patient_id'), ['patient_id'], unique=False)

    op.create_table('sign_in',
    sa.Column('subject_digest', sa.String(length=43), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id_account')),
    sa.PrimaryKeyConstraint('subject_digest', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('account_id', name=op.f('uq_sign_in_account_id'))
    )
    op.create_table('web_session',
    sa.Column('id_digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('auth_time', sa.BigInteger(), nullable=True),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_web_session_account_id_account')),
    sa.PrimaryKeyConstraint('id_digest', name=op.f('pk_web_session'))
    )
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_session_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_web_session_expires'), ['expires'], unique=False)



def downgrade():
    op.refuse_to_lose("directive", "patients' choices")
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_web_session_expires'))
        batch_op.drop_index(batch_op.f('ix_web_session_account_id'))

    op.drop_table('web_session')
    op.drop_table('sign_in')
    with op.batch_alter_table('patient_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_patient_account_patient_id'))

    op.drop_table('patient_account')
    with op.batch_alter_table('hcp_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hcp_account_hcp_id'))

    op.drop_table('hcp_account')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_attempt_expires'))

    op.drop_table('sign_in_attempt')
    with op.batch_alter_table('effective_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_effective_account_platform_id'))
        batch_op.drop_index(batch_op.f('ix_effective_account_patient'))
        batch_op.drop_index(batch_op.f('ix_effective_account_hcp'))

    op.drop_table('effective_account')
    with op.batch_alter_table('directive', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_directive_patient_id'))

    op.drop_table('directive')
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_platform_id'))

    op.drop_table('client')
    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attestation_hcp_id'))

    op.drop_table('attestation')
    with op.batch_alter_table('acknowledgement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_acknowledgement_patient_id'))

    op.drop_table('acknowledgement')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_platform_id'))

    op.drop_table('account')
    op.drop_table('signing_key')
    op.drop_table('platform')
    op.drop_table('patient')
    op.drop_table('hcp')
    op.drop_table('effective_row')
    op.drop_table('effective_fragment')
