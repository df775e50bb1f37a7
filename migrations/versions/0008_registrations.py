"""what professionals say of their registration, what verifiers found, and the communities professionals named."""

from alembic import op
import sqlalchemy as sa

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('registration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('said', sa.BigInteger(), nullable=False),
    sa.Column('register', sa.String(length=16), nullable=False),
    sa.Column('profession', sa.String(length=64), nullable=False),
    sa.Column('number_digest', sa.String(length=43), nullable=False),
    sa.Column('sealed_number', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_registration_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_hcp_id'), ['hcp_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_number_digest'), ['number_digest'], unique=False)

    op.create_table('register_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('assurance', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('checked_until', sa.BigInteger(), nullable=False),
    sa.Column('sealed_findings', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_register_check_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_check'))
    )
    with op.batch_alter_table('register_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_check_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('hcp_place',
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=43), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_hcp_place_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('hcp_id', 'place', name=op.f('pk_hcp_place'))
    )
    with op.batch_alter_table('hcp', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number_digest', sa.String(length=43), nullable=True))
        batch_op.add_column(sa.Column('waiting_since', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('ended', sa.BigInteger(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_hcp_number_digest'), ['number_digest'])

    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text_sha256', sa.String(length=64), nullable=True))


def downgrade():
    # Without it nobody could say why somebody was let in, or kept out.
    op.refuse_to_lose("register_check", "what verifiers found, and on what evidence")
    op.refuse_to_lose("registration", "what professionals said of their registration")
    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.drop_column('text_sha256')

    with op.batch_alter_table('hcp', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_hcp_number_digest'), type_='unique')
        batch_op.drop_column('ended')
        batch_op.drop_column('waiting_since')
        batch_op.drop_column('number_digest')

    op.drop_table('hcp_place')
    with op.batch_alter_table('register_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_register_check_hcp_id'))

    op.drop_table('register_check')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_number_digest'))
        batch_op.drop_index(batch_op.f('ix_registration_hcp_id'))

    op.drop_table('registration')
