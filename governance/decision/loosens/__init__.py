"""Does an edit of one author's records open anything to anybody? `loosens` answers with a witness, or None."""

from governance.decision.loosens.search import loosens
from governance.decision.loosens.witness import Witness

__all__ = ["Witness", "loosens"]
