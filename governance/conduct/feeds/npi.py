"""The US registry of NPIs, API version 2.1: one number asked, one entry believed, everything odd is no answer.

It holds active numbers only, of people (NPI-1) and organisations (NPI-2), and says nothing of a licence.
"""

from typing import Any, Final

import msgspec
import requests

from governance.conduct.feeds.entries import Answer, Entry, NoAnswer, NotThere, plain
from governance.decision.vocabulary import Status
from governance.errors import BadInputError
from governance.identity.oidc.exchange import Exchange
from governance.ui.strict_json import load_strictly

_SECONDS: Final = 10.0
_PERSON: Final = "NPI-1"
_ORGANISATION: Final = "NPI-2"
_ACTIVE: Final = "A"


class _Basic(msgspec.Struct, frozen=True):
    """Of a person, or of an organisation, which has other members."""

    status: str
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""


class _Result(msgspec.Struct, frozen=True):
    number: str | int
    enumeration_type: str
    basic: _Basic


class _Said(msgspec.Struct, frozen=True):
    result_count: int
    results: list[_Result]


class NpiRegistry:
    """Asks the registry, or whatever answers in its form."""

    def __init__(self, address: str, *, seconds: float = _SECONDS) -> None:
        """`seconds`: for all of one answer."""
        self._address, self._seconds = address, seconds

    def ask(self, number: str) -> Answer:
        """Return what the registry says of a number; never raises."""
        try:
            body = self._body(number)
            said = msgspec.convert(load_strictly(body), type=_Said)
        except requests.RequestException as error:
            return NoAnswer(type(error).__name__)
        except (OSError, msgspec.ValidationError, BadInputError):
            return NoAnswer("the answer has another form")
        return _read(said, number)

    def _body(self, number: str) -> bytes:
        with requests.Session() as session:
            Exchange(self._seconds).bind(session)
            asked: dict[str, Any] = {"version": "2.1", "number": number}
            # A redirect would have somebody else answer.
            response = session.get(self._address, params=asked, allow_redirects=False)
            if response.status_code != requests.codes.ok:
                raise requests.HTTPError(f"status {response.status_code}")
            return response.content


def _read(said: _Said, number: str) -> Answer:
    if said.result_count != len(said.results) or len(said.results) > 1:
        return NoAnswer("the answer counts wrong")
    if not said.results:
        return NotThere()
    found = said.results[0]
    if str(found.number) != number or found.enumeration_type not in {_PERSON, _ORGANISATION}:
        return NoAnswer("the answer is about something else")
    if found.enumeration_type == _ORGANISATION:
        return Entry(number, frozenset(), Status.UNKNOWN)
    names = _names(found.basic)
    if not names:
        return NoAnswer("the answer has no name")
    # It says of a number that it is in use; how somebody stands with their own board it does not know.
    return Entry(number, names, Status.GOOD if found.basic.status == _ACTIVE else Status.LAPSED)


def _names(basic: _Basic) -> frozenset[str]:
    """Return the name with and without what stands between."""
    if not basic.first_name.strip() or not basic.last_name.strip():
        return frozenset()
    forms = (f"{basic.first_name} {basic.last_name}", f"{basic.first_name} {basic.middle_name} {basic.last_name}")
    return frozenset(map(plain, forms))
