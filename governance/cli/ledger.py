"""`governance ledger`, with what rooms above it have verified too."""

from governance.effective.audit import RowAudit
from governance.ledger.commands import ledger

__all__ = ["ledger"]

ledger.checks = (RowAudit,)
