"""members of staff, and proof in sessions."""

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('staff_provider',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('issuer', sa.String(length=512), nullable=False),
    sa.Column('oidc_client_id', sa.String(length=256), nullable=False),
    sa.Column('oidc_client_secret_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_provider')),
    sa.UniqueConstraint('issuer', name=op.f('uq_staff_provider_issuer')),
    sa.UniqueConstraint('name', name=op.f('uq_staff_provider_name'))
    )
    op.create_table('staff_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('provider_id', sa.Uuid(), nullable=False),
    sa.Column('subject_digest', sa.String(length=43), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.Column('roles', sa.String(length=128), nullable=False),
    sa.Column('created', sa.BigInteger(), nullable=False),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['provider_id'], ['staff_provider.id'], name=op.f('fk_staff_member_provider_id_staff_provider')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_member'))
    )
    serving = sa.text('ended IS NULL')
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.create_index('uq_staff_member_subject_digest_serving', ['subject_digest'], unique=True, sqlite_where=serving, postgresql_where=serving)

    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('proved', sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_web_session_staff_id_staff_member'), 'staff_member', ['staff_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_web_session_one_person'), 'account_id IS NULL OR staff_id IS NULL')
        batch_op.create_index(batch_op.f('ix_web_session_staff_id'), ['staff_id'], unique=False)


def downgrade():
    # Without its two columns a session of staff would be one of nobody.
    op.execute("DELETE FROM web_session WHERE staff_id IS NOT NULL")
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_web_session_staff_id'))
        batch_op.drop_constraint(batch_op.f('ck_web_session_one_person'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_web_session_staff_id_staff_member'), type_='foreignkey')
        batch_op.drop_column('proved')
        batch_op.drop_column('staff_id')

    op.drop_table('staff_member')
    op.drop_table('staff_provider')
