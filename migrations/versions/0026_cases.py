"""cases, who is in them, what was done to them by when, and who is kept out."""

from alembic import op
import sqlalchemy as sa

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('officer_tie',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sealed_words', sa.LargeBinary(), nullable=False),
    sa.Column('declared', sa.BigInteger(), nullable=False),
    sa.Column('ended', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['officer_id'], ['staff_member.id'], name=op.f('fk_officer_tie_officer_id_staff_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer_tie'))
    )
    with op.batch_alter_table('officer_tie', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_officer_tie_officer_id'), ['officer_id'], unique=False)

    op.create_table('report_case',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('also', sa.JSON(), nullable=False),
    sa.Column('danger_now', sa.Boolean(), nullable=False),
    sa.Column('minor', sa.Boolean(), nullable=False),
    sa.Column('severity', sa.String(length=2), nullable=False),
    sa.Column('harm_body', sa.String(length=8), nullable=False),
    sa.Column('harm_mind', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('assigned', sa.Uuid(), nullable=True),
    sa.Column('calendar', sa.String(length=8), nullable=False),
    sa.Column('regimes', sa.JSON(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.Column('outcome_told', sa.Boolean(), nullable=False),
    sa.Column('appealed', sa.Boolean(), nullable=False),
    sa.Column('appeal_changed', sa.Boolean(), nullable=False),
    sa.Column('filed', sa.BigInteger(), nullable=False),
    sa.Column('acknowledged', sa.BigInteger(), nullable=True),
    sa.Column('decided', sa.BigInteger(), nullable=True),
    sa.Column('closed', sa.BigInteger(), nullable=True),
    sa.Column('holds_log', sa.Boolean(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['assigned'], ['staff_member.id'], name=op.f('fk_report_case_assigned_staff_member')),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_report_case_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_case'))
    )
    with op.batch_alter_table('report_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_case_platform_id'), ['platform_id'], unique=False)

    op.create_table('case_clock',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=48), nullable=False),
    sa.Column('calendar', sa.String(length=8), nullable=False),
    sa.Column('started', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('paused', sa.BigInteger(), nullable=True),
    sa.Column('cause', sa.String(length=24), nullable=True),
    sa.Column('stopped', sa.BigInteger(), nullable=True),
    sa.Column('missed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_clock_case_id_report_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_clock'))
    )
    with op.batch_alter_table('case_clock', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_clock_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_clock_due_stopped'), ['due', 'stopped'], unique=False)

    op.create_table('case_event',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('day', sa.BigInteger(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('entered', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_event_case_id_report_case')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_case_event'))
    )
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_event_entered'), ['entered'], unique=False)

    op.create_table('case_hearing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('private', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_hearing_case_id_report_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_hearing')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_case_hearing_code_digest'))
    )
    with op.batch_alter_table('case_hearing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_hearing_case_id'), ['case_id'], unique=False)

    op.create_table('case_member',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_key', sa.LargeBinary(), nullable=False),
    sa.Column('acted', sa.Boolean(), nullable=False),
    sa.Column('ended', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_member_case_id_report_case')),
    sa.ForeignKeyConstraint(['officer_id'], ['staff_member.id'], name=op.f('fk_case_member_officer_id_staff_member')),
    sa.PrimaryKeyConstraint('case_id', 'officer_id', name=op.f('pk_case_member'))
    )
    with op.batch_alter_table('case_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_member_officer_id'), ['officer_id'], unique=False)

    op.create_table('case_proposal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['staff_member.id'], name=op.f('fk_case_proposal_answered_by_staff_member')),
    sa.ForeignKeyConstraint(['by'], ['staff_member.id'], name=op.f('fk_case_proposal_by_staff_member')),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_proposal_case_id_report_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_proposal'))
    )
    with op.batch_alter_table('case_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_proposal_case_id_state'), ['case_id', 'state'], unique=False)

    op.create_table('case_report',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_case_report_case_id_report_case')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_case_report_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_case_report'))
    )
    with op.batch_alter_table('case_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_report_case_id'), ['case_id'], unique=False)

    op.create_table('hearing_letter',
    sa.Column('hearing_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['hearing_id'], ['case_hearing.id'], name=op.f('fk_hearing_letter_hearing_id_case_hearing')),
    sa.PrimaryKeyConstraint('hearing_id', 'number', name=op.f('pk_hearing_letter'))
    )


def downgrade():
    # People were promised an outcome, and officers said whom they must have no part with.
    op.refuse_to_lose("report_case", "cases, with everything that was done to them")
    op.refuse_to_lose("officer_tie", "what officers declared of whom they know")
    op.drop_table('hearing_letter')
    with op.batch_alter_table('case_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_report_case_id'))

    op.drop_table('case_report')
    with op.batch_alter_table('case_proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_proposal_case_id_state'))

    op.drop_table('case_proposal')
    with op.batch_alter_table('case_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_member_officer_id'))

    op.drop_table('case_member')
    with op.batch_alter_table('case_hearing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_hearing_case_id'))

    op.drop_table('case_hearing')
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_event_entered'))

    op.drop_table('case_event')
    with op.batch_alter_table('case_clock', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_clock_due_stopped'))
        batch_op.drop_index(batch_op.f('ix_case_clock_case_id'))

    op.drop_table('case_clock')
    with op.batch_alter_table('report_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_case_platform_id'))

    op.drop_table('report_case')
    with op.batch_alter_table('officer_tie', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_officer_tie_officer_id'))

    op.drop_table('officer_tie')
