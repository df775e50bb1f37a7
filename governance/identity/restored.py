"""After a restore: who was signed in when the backup was made is not, and no link leads in a second time."""

from sqlalchemy.orm import Session

from governance.identity.links.models import LinkToken
from governance.identity.models import WebSession


def sign_everybody_out(session: Session) -> None:
    """End every session and every link on its way: in a restored database some live that were ended since."""
    WebSession.forget_all(session)
    LinkToken.forget_all(session)
