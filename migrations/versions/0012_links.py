"""links of forums that are no provider, and the PINs of who comes by them."""

from alembic import op
import sqlalchemy as sa

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

PROVIDER = (('issuer', sa.String(length=512)), ('oidc_client_id', sa.String(length=256)), ('oidc_client_secret_sealed', sa.LargeBinary()))


def upgrade():
    op.create_table('link_token',
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.Column('sealed_data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_link_token_platform_id_platform')),
    sa.PrimaryKeyConstraint('token_digest', name=op.f('pk_link_token'))
    )
    with op.batch_alter_table('link_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_token_expires'), ['expires'], unique=False)

    op.create_table('pin',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_verifier', sa.LargeBinary(), nullable=True),
    sa.Column('sealed_next', sa.LargeBinary(), nullable=True),
    sa.Column('next_from', sa.BigInteger(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_pin_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_pin'))
    )
    with op.batch_alter_table('platform', schema=None) as batch_op:
        for name, kind in PROVIDER:
            batch_op.alter_column(name, existing_type=kind, nullable=True)


def downgrade():
    # A forum without a provider has no place in the older schema, and its members' choices hang on it.
    op.refuse_to_lose("platform", "forums that are no provider", where="issuer IS NULL")
    with op.batch_alter_table('platform', schema=None) as batch_op:
        for name, kind in PROVIDER:
            batch_op.alter_column(name, existing_type=kind, nullable=False)

    op.drop_table('pin')
    with op.batch_alter_table('link_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_link_token_expires'))

    op.drop_table('link_token')
