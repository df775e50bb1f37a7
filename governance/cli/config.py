"""`governance config`, with what rooms above it know of settings."""

from collections.abc import Iterator

from governance.config import Settings
from governance.config.check import Found, State
from governance.config.commands import config
from governance.db.check import check_database
from governance.ledger.check import check_ledger
from governance.policy.problems import errors_in
from governance.policy.reading import policies_folder
from governance.policy.validate import check

__all__ = ["config"]


def _check_policies(_settings: Settings) -> Iterator[Found]:
    errors = len(errors_in(check(policies_folder())))
    what = f"{errors} errors; run `governance policy check`" if errors else "valid"
    yield Found("policies", State.WRONG if errors else State.OK, what)


config.checks = (_check_policies, check_database, check_ledger)
