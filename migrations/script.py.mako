"""${message}."""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


# A way down that would lose what somebody chose begins with `op.refuse_to_lose(table, what)`.
def downgrade():
    ${downgrades if downgrades else "pass"}
