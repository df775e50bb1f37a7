"""reports, all but their headers sealed; who reads them; who made them, sealed apart."""

from alembic import op
import sqlalchemy as sa

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('danger_now', sa.Boolean(), nullable=False),
    sa.Column('minor', sa.Boolean(), nullable=False),
    sa.Column('filed', sa.BigInteger(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('reporter_public', sa.LargeBinary(), nullable=False),
    sa.Column('reporter_private', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_body', sa.LargeBinary(), nullable=False),
    sa.Column('entered', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_report_platform_id_platform')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_report_code_digest'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_entered'), ['entered'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_platform_id'), ['platform_id'], unique=False)

    op.create_table('outside_contact',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('reach', sa.String(length=200), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_outside_contact'))
    )
    op.create_table('duty',
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('platform_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['platform_id'], ['platform.id'], name=op.f('fk_duty_platform_id_platform')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_member.id'], name=op.f('fk_duty_staff_id_staff_member')),
    sa.PrimaryKeyConstraint('staff_id', 'platform_id', name=op.f('pk_duty'))
    )
    op.create_table('identity_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('sealed_reason', sa.LargeBinary(), nullable=False),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered', sa.BigInteger(), nullable=True),
    sa.Column('sealed_answer', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['staff_member.id'], name=op.f('fk_identity_request_answered_by_staff_member')),
    sa.ForeignKeyConstraint(['asked_by'], ['staff_member.id'], name=op.f('fk_identity_request_asked_by_staff_member')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_identity_request_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_request'))
    )
    with op.batch_alter_table('identity_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_request_report_id'), ['report_id'], unique=False)

    op.create_table('report_message',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('by', sa.String(length=8), nullable=False),
    sa.Column('day', sa.BigInteger(), nullable=False),
    sa.Column('sealed_words', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_message_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', 'number', name=op.f('pk_report_message'))
    )
    op.create_table('report_seal',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('opens', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('recipient', sa.String(length=36), nullable=False),
    sa.Column('sealed_key', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_seal_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', 'opens', 'kind', 'recipient', name=op.f('pk_report_seal'))
    )
    with op.batch_alter_table('report_seal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_seal_recipient'), ['recipient'], unique=False)

    op.create_table('reporter_identity',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_identity', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_reporter_identity_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_reporter_identity'))
    )
    op.create_table('vault',
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('around', sa.Uuid(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('by_passphrase', sa.LargeBinary(), nullable=False),
    sa.Column('by_recovery', sa.LargeBinary(), nullable=False),
    sa.Column('made', sa.BigInteger(), nullable=False),
    sa.Column('worked', sa.BigInteger(), nullable=False),
    sa.Column('guesses', sa.Integer(), nullable=False),
    sa.Column('guessed', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_member.id'], name=op.f('fk_vault_staff_id_staff_member')),
    sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_vault'))
    )


def downgrade():
    # Nobody could make a report anew, and who made it was promised an answer.
    op.refuse_to_lose("report", "reports that people made")
    op.refuse_to_lose("vault", "keys to which reports are sealed")
    op.refuse_to_lose("outside_contact", "the named contact outside of the desk")
    op.drop_table('outside_contact')
    op.drop_table('vault')
    op.drop_table('reporter_identity')
    with op.batch_alter_table('report_seal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_seal_recipient'))

    op.drop_table('report_seal')
    op.drop_table('report_message')
    with op.batch_alter_table('identity_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_identity_request_report_id'))

    op.drop_table('identity_request')
    op.drop_table('duty')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_platform_id'))
        batch_op.drop_index(batch_op.f('ix_report_entered'))

    op.drop_table('report')
