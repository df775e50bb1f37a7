"""What every part of the forum shares: settings, database, kit, and the frame of a page."""

from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, render_template
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from governance.demo.forum.models import FORUM, FORUM_QUOTING_APART, Member
from governance.demo.forum.settings import ForumSettings
from governance.pep import Client
from governance.pep.sqlalchemy import ViewedSession

EXTENSION: Final = "forum.house"


@dataclass(frozen=True, slots=True)
class House:
    """The forum's own belongings."""

    settings: ForumSettings
    engine: Engine
    client: Client

    def plain_session(self) -> Session:
        """Return a session without a filter: for signing in and writing, never for a page."""
        return sessionmaker(self.engine, expire_on_commit=False)()

    def seen_by(self, member: Member) -> ViewedSession:
        """Return a session that reads what `member` may see; one for each page."""
        governed = FORUM_QUOTING_APART if self.settings.quotes_apart else FORUM
        return ViewedSession(self.engine, member.account, self.client, governed)

    def page(self, template: str, **shown: Any) -> str:  # noqa: ANN401 - whatever the template needs
        """Render a page in the forum's frame."""
        return render_template(f"forum/{template}", settings=self.settings, **shown)


def house() -> House:
    """Return the belongings of the running forum."""
    found: House = current_app.extensions[EXTENSION]
    return found
