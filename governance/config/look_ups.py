"""Which registers the worker asks by itself, and where."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from governance.config.addresses import is_safe
from governance.config.errors import SettingsError

LOOK_UPS: Final = "GOVERNANCE_LOOK_UPS"
_CODE: Final = re.compile(r"[a-z]{2}-[a-z][a-z0-9-]{0,12}")


def look_ups_in(values: Mapping[str, str]) -> Mapping[str, str]:
    """Return by a register's code the address of its program, empty for its own one. Raises `SettingsError`.

    None unless an operator names them: each number that is asked about tells the register who is here.
    """
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, values.get(LOOK_UPS, "").split(","))):
        code, with_address, address = part.partition("=")
        if not _CODE.fullmatch(code) or code in found or (with_address and not is_safe(address)):
            raise SettingsError(
                f"`{LOOK_UPS}` must name registers once each, such as `us-npi`, with commas between; after a code may "
                "stand `=` and an https address, or http on this machine alone"
            )
        found[code] = address
    return MappingProxyType(found)
