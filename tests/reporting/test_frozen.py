"""What is derived from codes and keys today is derived as it was when these were frozen.

Whoever changes a line takes reports from everybody who was given a code, and vaults from everybody who printed a key.
"""

from uuid import UUID

from governance.reporting.keeping import codes
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.vaults import keys
from tests.crypto import by_hand
from tests.crypto.fixed import RING, ROOT

CODE = "7K3M9QWT0ABCDEFGHJKMNPQR5"
REPORT = UUID(int=7)
PARTS = bytes(range(32)), bytes(range(32, 64))


def test_codes_are_found_and_open_as_ever():
    assert codes.read_code(CODE) == CODE
    assert codes.digest_of(RING, CODE) == "70b9bfb7c422f8914562b26cccfc51efceb9f79a667f99301f2fe9b3c0be293c"
    assert codes.opening_key(RING, CODE).hex() == "92bfa59d4af2ff4ceeaaeba980adf868aab5d9ed8d3eb1f10dcef28060770ce8"


def test_a_reports_key_is_made_of_its_parts_as_ever():
    key = ReportKey.of(REPORT, *PARTS)
    assert key.secret.hex() == "612a62a5eb172016283d7544fda4ddf868b0ec6feb0e262573be87e281994045"
    assert key.derive("evidence", "1").hex() == "f58e3d1c155530bb4301b61e531f98b087fbf6ae1e5a884f450309f12cd69003"


def test_by_hand_it_is_the_same():
    """Written out from RFC 5869, without our code."""
    info = by_hand.prefixed("report.v1", str(REPORT))
    assert ReportKey.of(REPORT, *PARTS).secret == by_hand.hkdf(PARTS[0], info, salt=PARTS[1])
    info = by_hand.prefixed("governance.v2.bound", "report-code.opens")
    salt = by_hand.derived(ROOT, "report-code.opens")
    assert codes.opening_key(RING, CODE) == by_hand.hkdf(CODE.encode(), info, salt=salt)


def test_printed_keys_open_as_ever():
    printed = "hwgh3 kgqwh 84vho 8snne fkOqj fxnmi cz"
    assert keys._recovery_key(RING, printed).hex() == "17e5162fcaa52cff2f6681a57504d9d40e272acb48599911dcc627ff8ae238b2"
