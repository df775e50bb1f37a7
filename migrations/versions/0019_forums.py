"""patients on several forums, hide codes, requests by phone and paper, recoveries."""

from alembic import op
import sqlalchemy as sa

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def _account(name, nullable=False):
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def upgrade():
    op.create_table('account_end',
    _account('account_id'),
    sa.Column('event', sa.String(length=16), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_end_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_account_end'))
    )
    op.create_table('forum_code',
    sa.Column('digest', sa.String(length=64), nullable=False),
    _account('account_id'),
    _account('other_id', nullable=True),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_forum_code_account_id_account')),
    sa.ForeignKeyConstraint(['other_id'], ['account.id'], name=op.f('fk_forum_code_other_id_account')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_forum_code'))
    )
    with op.batch_alter_table('forum_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_forum_code_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_forum_code_expires'), ['expires'], unique=False)
    op.create_table('hide_code',
    sa.Column('digest', sa.String(length=64), nullable=False),
    _account('patient_id'),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_hide_code_patient_id_patient')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_hide_code'))
    )
    with op.batch_alter_table('hide_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hide_code_patient_id'), ['patient_id'], unique=False)
    op.create_table('intake',
    sa.Column('id', sa.Uuid(), nullable=False),
    _account('patient_id'),
    sa.Column('asked', sa.String(length=16), nullable=False),
    sa.Column('how', sa.String(length=16), nullable=False),
    sa.Column('taken_by', sa.String(length=64), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_intake_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake'))
    )
    with op.batch_alter_table('intake', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_patient_id'), ['patient_id'], unique=False)
    op.create_table('joined_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    _account('patient_id'),
    _account('account_id'),
    _account('from_id', nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_joined_account_account_id_account')),
    sa.ForeignKeyConstraint(['from_id'], ['patient.id'], name=op.f('fk_joined_account_from_id_patient')),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_joined_account_patient_id_patient')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joined_account'))
    )
    with op.batch_alter_table('joined_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joined_account_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joined_account_from_id'), ['from_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joined_account_patient_id'), ['patient_id'], unique=False)
    op.create_table('recovery',
    sa.Column('id', sa.Uuid(), nullable=False),
    _account('lost_id'),
    _account('new_id'),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('agreed_by', sa.Uuid(), nullable=True),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['agreed_by'], ['staff_member.id'], name=op.f('fk_recovery_agreed_by_staff_member')),
    sa.ForeignKeyConstraint(['asked_by'], ['staff_member.id'], name=op.f('fk_recovery_asked_by_staff_member')),
    sa.ForeignKeyConstraint(['lost_id'], ['account.id'], name=op.f('fk_recovery_lost_id_account')),
    sa.ForeignKeyConstraint(['new_id'], ['account.id'], name=op.f('fk_recovery_new_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery'))
    )
    op.create_table('yes_wish',
    sa.Column('id', sa.Uuid(), nullable=False),
    _account('patient_id'),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('proof', sa.String(length=64), nullable=False),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['patient_id'], ['patient.id'], name=op.f('fk_yes_wish_patient_id_patient')),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_yes_wish_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_yes_wish'))
    )
    with op.batch_alter_table('yes_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_yes_wish_patient_id'), ['patient_id'], unique=False)


def downgrade():
    # The older program would take every permit of a joined record for one that counts on all forums.
    op.refuse_to_lose("joined_account", "that patients' forums were joined")
    op.refuse_to_lose("effective_fragment", "on which forums a patient's permits count", where="room = 'forums'")
    op.refuse_to_lose("hide_code", "printed codes that hide patients")
    op.refuse_to_lose("intake", "what patients asked for by phone and on paper")
    op.refuse_to_lose("account_end", "what forums told of accounts")
    for table in ('yes_wish', 'recovery', 'joined_account', 'intake', 'hide_code', 'forum_code', 'account_end'):
        op.drop_table(table)
