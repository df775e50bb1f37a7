"""pictures of reports in sealed parts, and what was sent, so that it is filed once."""

from alembic import op
import sqlalchemy as sa

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('report_call',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('sealed_answer', sa.LargeBinary(), nullable=False),
    sa.Column('ends', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_report_call'))
    )
    op.create_table('report_evidence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=True),
    sa.Column('waits_until', sa.BigInteger(), nullable=True),
    sa.Column('sealed_about', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_evidence_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_evidence'))
    )
    with op.batch_alter_table('report_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_evidence_report_id'), ['report_id'], unique=False)

    op.create_table('report_evidence_part',
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['evidence_id'], ['report_evidence.id'], name=op.f('fk_report_evidence_part_evidence_id_report_evidence')),
    sa.PrimaryKeyConstraint('evidence_id', 'number', name=op.f('pk_report_evidence_part'))
    )


def downgrade():
    op.refuse_to_lose("report_evidence", "pictures that belong to reports")
    op.drop_table('report_evidence_part')
    with op.batch_alter_table('report_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_evidence_report_id'))

    op.drop_table('report_evidence')
    op.drop_table('report_call')
