"""What every query filter shares, whichever library a forum reads its database with.

How a forum says whose words its models hold, which words stand in a post, and what was asked and permitted for one
viewer and one page. The filters themselves: `governance.pep.sqlalchemy`, `governance.pep.django`.
"""

from governance.pep.query.asking import Asking, Decides
from governance.pep.query.declarations import Content, Declaration, HangsOn, Person, Quotes, Titled
from governance.pep.query.failures import UnfilteredQueryError

__all__ = [
    "Asking",
    "Content",
    "Decides",
    "Declaration",
    "HangsOn",
    "Person",
    "Quotes",
    "Titled",
    "UnfilteredQueryError",
]
