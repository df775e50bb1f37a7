"""What a search asks for: whose Consents, in which status, from when; and the Bundle that answers it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlencode

from governance.decision.provisions import Interval
from governance.errors import BadInputError
from governance.fhir.codes import BINDINGS, Namespaces, code
from governance.identity.account_ids import check_account_id
from governance.ui.clock import to_instant

MOST_PEOPLE: Final = 50
"""Accounts in one search; their ids fit into the address of the next page."""
_USUAL: Final = 20
_MOST_FIELDS: Final = 32
_BY_PERSON: Final = ("patient.identifier", "patient:identifier")
_KNOWN: Final = frozenset({*_BY_PERSON, "_id", "status", "period", "_count", "_page", "_format"})
_STATUS: Final = BINDINGS["Consent.status"]
_DATE: Final = re.compile(
    r"(?P<prefix>eq|ne|gt|lt|ge|le|sa|eb)?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<time>\d\d:\d\d(:\d\d(\.\d{1,6})?)?)(?P<zone>Z|[+-]\d\d:\d\d))?)?)?"
)
Sent = Mapping[str, Sequence[str]]


class Search(NamedTuple):
    """What was asked. Statuses and periods are alternatives within each group; every group must match."""

    ids: tuple[str, ...]
    accounts: tuple[str, ...]
    statuses: tuple[frozenset[str], ...]
    periods: tuple[tuple[tuple[str, Interval], ...], ...]
    size: int
    page: int
    kept: tuple[tuple[str, str], ...]
    """What the address of another page repeats; nobody's id is in it."""

    def matches(self, status: str, during: Interval) -> bool:
        """Say whether a Consent is meant."""
        in_status = all(status in group for group in self.statuses)
        return in_status and all(any(_lies(during, *asked) for asked in group) for group in self.periods)


def form_of(body: bytes) -> Sent:
    """Return the fields of a form. Raises `BadInputError`.

    Strictly: read leniently, bytes that are no text would become the id of some member.
    """
    try:
        return parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadInputError("send a form in UTF-8 with each field once or a few times") from error


def search_of(sent: Sent, spaces: Namespaces, *, in_address: bool) -> Search:
    """Return what a search asks for. Raises `BadInputError`.

    `in_address`: whether it came in a URL, where no person's id may stand: addresses are kept in logs.
    """
    by_person = [value for name in _BY_PERSON for value in sent.get(name, ())]
    if in_address and any(name.partition(".")[0].partition(":")[0] == "patient" for name in sent):
        raise BadInputError("an address must name nobody: send `patient.identifier` by `POST /fhir/Consent/_search`")
    if not sent.keys() <= _KNOWN:
        raise BadInputError(f"search by these alone: {', '.join(sorted(_KNOWN))}")
    if len(by_person) + len(sent.get("_id", ())) != 1:
        raise BadInputError("name whose Consents you ask for: once `patient.identifier`, or once `_id`")
    ids = tuple(part for value in sent.get("_id", ()) for part in _split(value, ","))
    accounts = tuple(account for value in by_person for account in _accounts(value, spaces))
    if len(ids) + len(accounts) > MOST_PEOPLE:
        raise BadInputError(f"ask for {MOST_PEOPLE} people at most in one search")
    return Search(
        ids=ids,
        accounts=accounts,
        statuses=tuple(frozenset(_statuses(value)) for value in sent.get("status", ())),
        periods=tuple(tuple(map(_asked_date, value.split(","))) for value in sent.get("period", ())),
        size=_number(sent, "_count", _USUAL),
        page=_number(sent, "_page", 0),
        kept=tuple((name, value) for name in ("status", "period") for value in sent.get(name, ())),
    )


def bundle(search: Search, ids: Sequence[str], found: Sequence[dict[str, Any]], spaces: Namespaces) -> dict[str, Any]:
    """Return a page of what was found. Its links name people by the ids of their Consents, whoever has one."""
    start = search.page * search.size
    shown = found[start : start + search.size]
    pages = {"self": search.page}
    if search.size and start + search.size < len(found):
        pages["next"] = search.page + 1
    links = [{"relation": relation, "url": _address(search, ids, page, spaces)} for relation, page in pages.items()]
    mode = {"mode": code("Bundle.entry.search.mode", "match")}
    entries = [{"fullUrl": f"{spaces.base}/Consent/{it['id']}", "resource": it, "search": mode} for it in shown]
    told = {
        "resourceType": "Bundle",
        "type": code("Bundle.type", "searchset"),
        "total": len(found),
        "link": links,
    }
    return {**told, "entry": entries} if entries else told


def _address(search: Search, ids: Sequence[str], page: int, spaces: Namespaces) -> str:
    sent = [("_id", ",".join(ids)), *search.kept, ("_count", str(search.size)), ("_page", str(page))]
    return f"{spaces.base}/Consent?{urlencode(sent)}"


def _accounts(value: str, spaces: Namespaces) -> Iterator[str]:
    for part in _split(value, ","):
        *systems, account = map(_plain, _split(part, "|"))
        if len(systems) > 1:
            raise BadInputError("write `system|id`; a `|` within an id is written `\\|`")
        check_account_id(account)
        # Another system's id is nobody's here; without a system it can only be the forum's own.
        if not any(systems) or systems == [spaces.of("account")]:
            yield account


def _split(value: str, sign: str) -> list[str]:
    """Split at a sign where no backslash stands before it (FHIR R4, search, 3.1.1.4)."""
    parts, escaped = [""], False
    for letter in value:
        if letter == sign and not escaped:
            parts.append("")
        else:
            parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


def _plain(text: str) -> str:
    return re.sub(r"\\([\\,|$])", r"\1", text)


def _statuses(value: str) -> Iterator[str]:
    for part in value.split(","):
        system, bar, status = part.rpartition("|")
        if status not in _STATUS.codes or (bar and system != _STATUS.system):
            raise BadInputError(f"`status` is one of {', '.join(sorted(_STATUS.codes))}")
        yield status


def _number(sent: Sent, name: str, usual: int) -> int:
    values = sent.get(name, (str(usual),))
    if len(values) != 1 or not re.fullmatch(r"[0-9]{1,3}", values[0]):
        raise BadInputError(f"`{name}` is one whole number")
    return min(int(values[0]), MOST_PEOPLE)


def _asked_date(text: str) -> tuple[str, Interval]:
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)  # noqa: TRY301 - one answer for all that is no date
        return found["prefix"] or "eq", _span(found)
    except (ValueError, OverflowError) as error:
        raise BadInputError("`period` is a date like `ge2026-05`, or a time with its zone") from error


def _span(found: re.Match[str]) -> Interval:
    """Return the time that a date stands for, as exactly as it was written."""
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    start = datetime(year, month, day, tzinfo=UTC)
    if found["time"]:
        zone = found["zone"].replace("Z", "+00:00")
        start = datetime.fromisoformat(f"{start.date().isoformat()}T{found['time']}{zone}")
        unit = timedelta(microseconds=1) if "." in found["time"] else timedelta(seconds=1)
        end = start + (unit if found["time"].count(":") > 1 else timedelta(minutes=1))
    elif found["day"]:
        end = start + timedelta(days=1)
    else:
        end = _next_month(year, month) if found["month"] else datetime(year + 1, 1, 1, tzinfo=UTC)
    return Interval(to_instant(start), to_instant(end))


def _next_month(year: int, month: int) -> datetime:
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _lies(during: Interval, prefix: str, asked: Interval) -> bool:
    """Say whether a period stands to a date as a prefix says (FHIR R4, search, 3.1.1.5.6)."""
    within = asked.start <= during.start and during.end <= asked.end
    answers = {
        "eq": within,
        "ne": not within,
        "gt": during.end > asked.end,
        "lt": during.start < asked.start,
        "ge": during.end > asked.end or within,
        "le": during.start < asked.start or within,
        "sa": during.start >= asked.end,
        "eb": during.end <= asked.start,
    }
    return answers[prefix]
