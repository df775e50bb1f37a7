"""published records and texts, and until when what a person was told counts."""

from alembic import op
import sqlalchemy as sa

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('policy_version',
    sa.Column('record', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('published', sa.BigInteger(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('upto', sa.Uuid(), nullable=True),
    sa.Column('applied', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('record', 'version', name=op.f('pk_policy_version'))
    )
    op.create_table('policy_text',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_policy_text'))
    )
    op.create_table('policy_text_use',
    sa.Column('record', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('variant', sa.String(length=16), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('approved', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('record', 'version', 'language', 'variant', name=op.f('pk_policy_text_use'))
    )
    with op.batch_alter_table('policy_text_use', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_policy_text_use_sha256'), ['sha256'], unique=False)

    op.create_table('disclosure_reader',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=False),
    sa.Column('informed', sa.String(length=32), nullable=False),
    sa.Column('reminded', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_disclosure_reader_patient_id_patient')),
    sa.PrimaryKeyConstraint('patient_id', name=op.f('pk_disclosure_reader'))
    )
    op.create_table('disclosure_ask_again',
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('patient_id', 'at', name=op.f('pk_disclosure_ask_again'))
    )
    with op.batch_alter_table('acknowledgement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('understood', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('tries', sa.Integer(), nullable=True))


def downgrade():
    # Without them a permit that has to be asked about again would count, and nobody could read what they were told.
    op.refuse_to_lose("disclosure_ask_again", "ends of what people were told")
    op.refuse_to_lose("policy_text", "texts that people were told")
    with op.batch_alter_table('acknowledgement', schema=None) as batch_op:
        batch_op.drop_column('tries')
        batch_op.drop_column('understood')

    op.drop_table('disclosure_ask_again')
    op.drop_table('disclosure_reader')
    with op.batch_alter_table('policy_text_use', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_policy_text_use_sha256'))

    op.drop_table('policy_text_use')
    op.drop_table('policy_text')
    op.drop_table('policy_version')
