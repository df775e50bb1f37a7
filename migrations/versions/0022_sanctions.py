"""sanctions and what was done to them, who can write private messages, rules accepted one by one."""

from alembic import op
import sqlalchemy as sa

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('sanction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('actions', sa.JSON(), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('rules_version', sa.String(length=32), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.Column('review', sa.BigInteger(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_sanction_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanction'))
    )
    with op.batch_alter_table('sanction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sanction_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('sanction_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('sanction_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('sealed_words', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_sanction_step_hcp_id_hcp')),
    sa.ForeignKeyConstraint(['sanction_id'], ['sanction.id'], name=op.f('fk_sanction_step_sanction_id_sanction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanction_step'))
    )
    with op.batch_alter_table('sanction_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sanction_step_hcp_id'), ['hcp_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sanction_step_sanction_id'), ['sanction_id'], unique=False)

    op.create_table('hcp_messaging',
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('can', sa.Boolean(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('hcp_id', name=op.f('pk_hcp_messaging'))
    )
    op.create_table('accepted_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hcp_id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcp.id'], name=op.f('fk_accepted_rule_hcp_id_hcp')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accepted_rule'))
    )
    with op.batch_alter_table('accepted_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accepted_rule_hcp_id'), ['hcp_id'], unique=False)


def downgrade():
    # A measure would go on closing with nobody knowing why, and no appeal could ever end it.
    op.refuse_to_lose("sanction", "sanctions, with the reasons and appeals of professionals")
    op.refuse_to_lose("accepted_rule", "rules that professionals accepted one by one")
    with op.batch_alter_table('accepted_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accepted_rule_hcp_id'))

    op.drop_table('accepted_rule')
    op.drop_table('hcp_messaging')
    with op.batch_alter_table('sanction_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sanction_step_sanction_id'))
        batch_op.drop_index(batch_op.f('ix_sanction_step_hcp_id'))

    op.drop_table('sanction_step')
    with op.batch_alter_table('sanction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sanction_hcp_id'))

    op.drop_table('sanction')
