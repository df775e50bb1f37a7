"""The sentences of our pages, collected from templates and doors; run as a module it brings `es.po` up to date.

It keeps every translation whose English is unchanged, adds what is new without one, and drops what is gone.
"""

import ast
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

import governance.app
import governance.reporting.training.service
from governance.errors import GovernanceError

SOURCE = Path(governance.__file__).parent
TRANSLATIONS = SOURCE / "ui" / "translations"
NOT_FOR_PEOPLE = {
    "demo",
    "pdp",
    "feed",
    "fhir",
    "decision",
    "ledger",
    "backup",
    "crypto",
    "config",
    "db",
    "effective",
    "policy",
}
"""Rooms without pages for patients, guardians, professionals or those who check them; the demo forum is not ours."""
PARTS = ("pdp/platforms",)
"""What is for people of rooms that are not: officers see there how forums stand."""
_SAID = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_IN_TEMPLATES = {**_SAID, "_": None}
_TRIMMED = {"trimmed": "true", "encoding": "utf-8", "silent": "false"}


def rooms():
    """Return the folders whose sentences people read."""
    whole = [p for p in SOURCE.iterdir() if p.is_dir() and p.name not in NOT_FOR_PEOPLE]
    return sorted([*whole, *(SOURCE / part for part in PARTS)])


def sentences():
    """Return a catalogue of everything our pages may say, without translations.

    What an error says stands on a page, too, where somebody did what cannot be done.
    """
    found = Catalog(charset="utf-8")
    in_doors = {**_SAID, **dict.fromkeys(_names_below(GovernanceError)), "Sentence": None}
    for room in rooms():
        for path in sorted(room.rglob("*.html")):
            _collect(found, path, "jinja2.ext:babel_extract", _IN_TEMPLATES)
        for path in sorted(room.rglob("*.py")):
            if not path.name.endswith("commands.py"):
                _collect(found, path, "python", in_doors)
                _collect_desks(found, path)
    return found


def no_sentences(source):
    """Yield the lines where an error is made of a text with values inside: no translator ever sees it."""
    names = _names_below(GovernanceError)
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    errors = [one for one in calls if getattr(one.func, "attr", getattr(one.func, "id", "")) in names]
    yield from (one.lineno for one in errors if any(isinstance(said, ast.JoinedStr) for said in one.args))


def written(language):
    """Return a language's catalogue as it is kept."""
    path = TRANSLATIONS / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(language):
    """Return a language's file with what is new and without what is gone."""
    kept = written(language)
    kept.update(sentences(), no_fuzzy_matching=True, update_creation_date=False)
    kept.header_comment = "# The sentences of our pages. Edited by hand; `python -m tests.ui.catalogue` adds and drops."
    kept.fuzzy = False
    kept.project, kept.version, kept.last_translator, kept.language_team = "hcp-governance", "1", "", ""
    # A date here would change the file at every look.
    kept.creation_date = kept.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    to = BytesIO()
    write_po(to, kept, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=False)
    return to.getvalue()


def _names_below(error):
    return {error.__name__}.union(*(_names_below(below) for below in error.__subclasses__()))


def _collect(found, path, method, keywords):
    options = _TRIMMED if path.suffix == ".html" else {}
    for _line, message, comments, context in extract_from_file(method, path, keywords, ("Translators:",), options):
        found.add(message, locations=[(_place(path), 0)], auto_comments=comments, context=context)


def _collect_desks(found, path):
    """Add what the page of staff calls each desk: the first line of what its view says of itself."""
    for view in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(view, ast.FunctionDef) and {"get", "staff_required"} <= _decorators(view):
            found.add(ast.get_docstring(view).splitlines()[0].rstrip("."), locations=[(_place(path), 0)])


def _decorators(view):
    """Return the names of a view's decorators; none where its address has places, which no list of desks can fill."""
    calls = [call for call in view.decorator_list if isinstance(call, ast.Call)]
    if any("<" in str(value.value) for call in calls for value in call.args if isinstance(value, ast.Constant)):
        return set()
    return {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}


def _place(path):
    return str(path.relative_to(SOURCE.parent))


if __name__ == "__main__":
    (TRANSLATIONS / "es.po").write_bytes(brought_up_to_date("es"))
