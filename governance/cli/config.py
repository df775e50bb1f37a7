"""`governance config`, with what rooms above it know of settings."""

from collections.abc import Iterator

from governance.config import Settings
from governance.config.check import Found, State
from governance.config.commands import config
from governance.config.errors import SettingsError
from governance.config.public import PLACEHOLDERS, require_named
from governance.db.check import check_database
from governance.ledger.check import check_ledger
from governance.policy.privacy import PAPERS, open_in
from governance.policy.problems import errors_in
from governance.policy.reading import policies_folder
from governance.policy.validate import check
from governance.reporting.cli import check_readers

__all__ = ["config"]


def _check_policies(_settings: Settings) -> Iterator[Found]:
    errors = len(errors_in(check(policies_folder())))
    what = f"{errors} errors; run `governance policy check`" if errors else "valid"
    yield Found("policies", State.WRONG if errors else State.OK, what)


def _check_privacy(settings: Settings) -> Iterator[Found]:
    """Warn of what is open; who answers for people's data is named, or nobody is served over https."""
    try:
        require_named(settings.public_url, settings.public)
    except SettingsError as error:
        yield Found("privacy", State.WRONG, str(error))
    for name in PAPERS:
        missing = open_in(name, settings.public.told)
        what = "; ".join(f"{{{one}}}: set `{PLACEHOLDERS[one]}`" for one in missing)
        yield Found(f"privacy/{name}", State.WARNING if missing else State.OK, f"open: {what}" if missing else "filled")


config.checks = (_check_policies, _check_privacy, check_database, check_ledger, check_readers)
