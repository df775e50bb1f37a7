"""The kit for platforms: ask the service before anything is shown, and refuse whenever it did not clearly say yes.

Needs the standard library and `governance.decision.vocabulary` only; `governance.pep.sqlalchemy` needs SQLAlchemy too.
"""

from governance.pep.answers import CLOSED, Answer, OptOut
from governance.pep.client import Client
from governance.pep.questions import Resource, Words

__all__ = ["CLOSED", "Answer", "Client", "OptOut", "Resource", "Words"]
