"""What is missing or odd in what a verifier typed: all of it at once, each at its field, before it is shown again."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext

from governance.conduct.desk.queue import DeskFile
from governance.conduct.errors import BadFileError, BadNumberError
from governance.conduct.feeds.files import day_in
from governance.conduct.numbers import read_number
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.ui.clock import on_the_wall
from governance.ui.languages import in_our_words


class Problem(NamedTuple):
    """One thing to mend, and in which field."""

    field: str
    words: str


def problems(act: str, given: Mapping[str, Any], file: DeskFile, at: Instant) -> tuple[Problem, ...]:
    """Return what has to be mended before an act can be shown once more; nothing if nothing has."""
    return tuple(Problem(field, f"{words[:1].upper()}{words[1:]}") for field, words in _found(act, given, file, at))


def _found(act: str, given: Mapping[str, Any], file: DeskFile, at: Instant) -> Iterator[tuple[str, str]]:
    if act == "check":
        yield from _in_check(given, file, at)
    if act == "status" and given["status"] is Status.STALE:
        yield "status", gettext("pick the status that the register shows")
    if act == "join" and not given["proof"].strip():
        yield "proof", gettext("write what showed that both are one person")
    if not given["evidence"].strip():
        yield "evidence", gettext("write what you saw")
    if not given["reason"].strip():
        yield "reason", gettext("write the reason")


def _in_check(given: Mapping[str, Any], file: DeskFile, at: Instant) -> Iterator[tuple[str, str]]:
    sure = given["assurance"]
    if sure is None:
        yield "assurance", gettext("pick how sure you are that it is them")
    elif sure >= Assurance.A3:
        yield from _on_register(given, file)
        yield from _in_renewal(given, at)
        if sure is Assurance.A4 and not file.is_proven and not given["proof"].strip():
            yield "proof", gettext("for A4, write what showed that the entry is theirs")


def _on_register(given: Mapping[str, Any], file: DeskFile) -> Iterator[tuple[str, str]]:
    if not given["name"].strip():
        yield "name", gettext("type the name that the register shows")
    yield from (("number", said) for said in _in_number(given["number"], file))
    if given["status"] is Status.UNKNOWN:
        yield "status", gettext("pick the status that the register shows")
    if not file.register.licence and not given["licence"].strip():
        yield "licence", gettext("this register holds no licences; write where you saw the licence")


def _in_number(typed: str, file: DeskFile) -> Iterator[str]:
    if not typed.strip():
        yield gettext("type the number that the register shows")
    elif file.case.words is not None:
        try:
            if read_number(file.register, typed).number != file.case.words.number:
                yield gettext("the number on the register is not the one they gave; mark that nobody was found")
        except BadNumberError as error:
            yield in_our_words(error.wrong)


def _in_renewal(given: Mapping[str, Any], at: Instant) -> Iterator[tuple[str, str]]:
    try:
        last_day = day_in(given["renews"].strip())
    except BadFileError as error:
        yield "renews", gettext(str(error))
        return
    # A look that ends in the past would be marked, and shut them out at once without a word about it.
    if (
        last_day is not None
        and last_day < on_the_wall(at).date()
        and given["status"] in {Status.GOOD, Status.RESTRICTED}
    ):
        yield "renews", gettext("this day is over; look at the day and at the status once more")
