"""How the outbox is built into the app: one call in `create_app`, with what each kind of job does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from flask import Flask, current_app
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.ledger.outbox.handlers import Handlers, Recurring
from governance.ledger.outbox.worker import Tools
from governance.ui.clock import now
from governance.ui.house import house

_NAME: Final = "governance.outbox"


class Outbox(NamedTuple):
    """What the app knows to do, and what comes again and again."""

    handlers: Handlers
    recurring: Sequence[Recurring]


def init_outbox(app: Flask, handlers: Handlers, recurring: Sequence[Recurring] = ()) -> None:
    """Give an app its handlers. Every recurring kind needs one: raises `ValueError` otherwise."""
    if missing := {job.kind for job in recurring} - handlers.keys():
        raise ValueError(f"nobody does {sorted(missing)}")
    app.extensions[_NAME] = Outbox(handlers, recurring)


def outbox_of(app: Flask) -> Outbox:
    """Return what an app knows to do."""
    found: Outbox = app.extensions.get(_NAME, Outbox({}, ()))
    return found


def tools_of(app: Flask) -> Tools:
    """Return what workers of this app work with, in threads of their own."""

    @contextmanager
    def writing() -> Iterator[Session]:
        with app.app_context(), transaction() as session:
            yield session

    @contextmanager
    def looking() -> Iterator[Session]:
        with app.app_context(), reading() as session:
            yield session

    with app.app_context():
        return Tools(writing, looking, house().keyring, outbox_of(app).handlers, now)


def this_app() -> Flask:
    """Return the app itself: the name that Flask gives is another one in every thread."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Flask's documented way
    return app
