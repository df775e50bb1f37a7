"""several registrations a person, proofs of control, organisations and who works there, what professionals are told."""

from alembic import op
import sqlalchemy as sa

revision = '0021'
down_revision = "0020"
branch_labels = None
depends_on = None

_MATCHED = """
INSERT INTO held_registration (number_digest, hcp_id, said_id, register, professions, assurance, status, checked_until,
    method, seen, renews, first_held, sealed_name, ended)
SELECT hcp.number_digest, hcp.id, registration.id, registration.register, registration.profession, hcp.assurance,
    hcp.status, hcp.checked_until, 'manual', registration.said, NULL, registration.said, NULL, hcp.ended
FROM hcp JOIN registration ON registration.id = (
    SELECT one.id FROM registration AS one
    WHERE one.hcp_id = hcp.id AND one.number_digest = hcp.number_digest
    ORDER BY one.said DESC, one.id DESC LIMIT 1)
WHERE hcp.number_digest IS NOT NULL
"""
# Who waits for nobody was looked at; a proof that stood in a verifier's findings goes on counting.
_LOOKED = """
UPDATE registration SET looked = said
WHERE hcp_id IN (SELECT id FROM hcp WHERE waiting_since IS NULL)
"""
_BACK = """
UPDATE hcp SET number_digest = (
    SELECT number_digest FROM held_registration AS held WHERE held.hcp_id = hcp.id
    ORDER BY held.ended IS NOT NULL, held.first_held, held.number_digest LIMIT 1)
"""


def upgrade():
    op.create_table('held_registration',
    sa.Column('number_digest', sa.String(length=43), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('said_id', sa.Uuid(), nullable=False),
    sa.Column('register', sa.String(length=16), nullable=False),
    sa.Column('professions', sa.String(length=200), nullable=False),
    sa.Column('assurance', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('checked_until', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(length=8), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=False),
    sa.Column('renews', sa.BigInteger(), nullable=True),
    sa.Column('first_held', sa.BigInteger(), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=True),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_held_registration_hcp_id_hcp')),
    sa.ForeignKeyConstraint(['said_id'], ['registration.id'], name=op.f('fk_held_registration_said_id_registration')),
    sa.PrimaryKeyConstraint('number_digest', name=op.f('pk_held_registration'))
    )
    with op.batch_alter_table('held_registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_registration_hcp_id'), ['hcp_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_registration_register'), ['register'], unique=False)

    op.create_table('control_proof',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('number_digest', sa.String(length=43), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('begun', sa.BigInteger(), nullable=False),
    sa.Column('proven', sa.BigInteger(), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('sealed_detail', sa.LargeBinary(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('code_until', sa.BigInteger(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_control_proof_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_control_proof'))
    )
    with op.batch_alter_table('control_proof', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_control_proof_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('organisation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.Column('listed', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('key', name=op.f('uq_organisation_key'))
    )
    op.create_table('professional_provider',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('shown', sa.String(length=100), nullable=False),
    sa.Column('issuer', sa.String(length=512), nullable=False),
    sa.Column('oidc_client_id', sa.String(length=256), nullable=False),
    sa.Column('oidc_client_secret_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('register', sa.String(length=16), nullable=False),
    sa.Column('number_claim', sa.String(length=64), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_professional_provider')),
    sa.UniqueConstraint('issuer', name=op.f('uq_professional_provider_issuer')),
    sa.UniqueConstraint('name', name=op.f('uq_professional_provider_name'))
    )
    op.create_table('affiliation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_key', sa.String(length=43), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.Column('said', sa.BigInteger(), nullable=True),
    sa.Column('verified', sa.BigInteger(), nullable=True),
    sa.Column('verified_until', sa.BigInteger(), nullable=True),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_affiliation_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_affiliation')),
    sa.UniqueConstraint('hcp_id', 'organisation_key', name=op.f('uq_affiliation_hcp_id_organisation_key'))
    )
    with op.batch_alter_table('affiliation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_affiliation_organisation_key'), ['organisation_key'], unique=False)

    op.create_table('hcp_notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('about', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_hcp_notice_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hcp_notice')),
    sa.UniqueConstraint('hcp_id', 'kind', 'about', name=op.f('uq_hcp_notice_hcp_id_kind_about'))
    )
    with op.batch_alter_table('hcp_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hcp_notice_hcp_id'), ['hcp_id'], unique=False)

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('looked', sa.BigInteger(), nullable=True))

    with op.batch_alter_table('register_check', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_register_check_said_id_registration'), 'registration', ['said_id'], ['id'])

    op.execute(_MATCHED)
    op.execute(_LOOKED)
    with op.batch_alter_table('hcp', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_hcp_number_digest'), type_='unique')
        batch_op.drop_column('number_digest')


def downgrade():
    op.refuse_to_lose("control_proof", "proofs that a registration is somebody's own")
    op.refuse_to_lose("affiliation", "who works where, by which patients' refusals bind")
    # An older program knows one number a person: the others would be free for somebody else to take.
    op.refuse_to_lose(
        "held_registration", "people on several registers",
        where="hcp_id IN (SELECT hcp_id FROM held_registration GROUP BY hcp_id HAVING count(*) > 1)")
    with op.batch_alter_table('hcp', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number_digest', sa.String(length=43), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_hcp_number_digest'), ['number_digest'])

    op.execute(_BACK)
    with op.batch_alter_table('register_check', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_register_check_said_id_registration'), type_='foreignkey')
        batch_op.drop_column('said_id')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('looked')

    with op.batch_alter_table('hcp_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hcp_notice_hcp_id'))

    op.drop_table('hcp_notice')
    with op.batch_alter_table('affiliation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_affiliation_organisation_key'))

    op.drop_table('affiliation')
    op.drop_table('organisation')
    op.drop_table('professional_provider')
    with op.batch_alter_table('control_proof', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_control_proof_hcp_id'))

    op.drop_table('control_proof')
    with op.batch_alter_table('held_registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_held_registration_register'))
        batch_op.drop_index(batch_op.f('ix_held_registration_hcp_id'))

    op.drop_table('held_registration')
