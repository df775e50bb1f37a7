"""Every page that refuses, in Spanish; no sentence that is said once and for all; mail in both languages."""

import pytest
from bs4 import BeautifulSoup
from flask import abort, render_template
from jinja2 import Environment, nodes

from governance.errors import GovernanceError
from tests.ui import catalogue
from tests.ui.spanish import in_spanish, short_in
from tests.ui.test_languages import FOLDERS
from tests.ui.test_problems import FAULTS, subclasses
from tests.ui.visits import Visitor
from tests.ui.words_left import english_in

JINJA = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 - it renders nothing
STATUSES = [400, 401, 403, 404, 405, 409, 413, 415, 418, 422, 429, 500, 503]
SPANISH = {"headers": {"Cookie": "governance_language=es"}}


def left_on(app, code, status, who):
    with app.test_request_context("/", **SPANISH):
        page = render_template("ui/error.html", code=code, status=status, detail="algo", ours=True, signed_in=who)
    page = BeautifulSoup(page, "html.parser")
    return short_in(page) + english_in(page)


def test_every_error_has_its_page_in_spanish(app):
    codes = {error.code for error in subclasses(GovernanceError)} | {"busy", "internal", "unavailable"}
    left = {code: left_on(app, code, 409, who) for code in codes for who in (None, "ana")}
    left |= {status: left_on(app, "bad", status, "ana") for status in STATUSES}
    assert {what: found for what, found in left.items() if found} == {}


def test_what_an_error_says_is_said_in_spanish(app):
    app.add_url_rule("/fails/<name>", "fails_here", lambda name: abort(int(name)) if name.isdigit() else fail(name))
    reader = in_spanish(Visitor(app.test_client()))
    for name in ("value", "recursion", "429", "503"):
        reader.get(f"/fails/{name}")
    assert reader.left == {}


def fail(name):
    raise FAULTS[name]


def said_at_import(environment, folders):
    """Return the templates that are imported without a page and say something outside of a macro."""
    found = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for one in tree.find_all((nodes.Import, nodes.FromImport)):
            if not one.with_context:
                found.setdefault(one.template.value, set()).add(path.name)
    return {name: pages for name, pages in found.items() if says_outside_macros(environment, folders, name)}


def says_outside_macros(environment, folders, name):
    path = next(folder / name for folder in folders if (folder / name).exists())
    outside = [one for one in environment.parse(path.read_text(encoding="utf-8")).body if type(one) is not nodes.Macro]
    return any(call.node.name in {"_", "gettext", "ngettext"} for one in outside for call in calls_in(one))


def calls_in(node):
    return [call for call in node.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]


def test_nothing_is_said_once_for_readers_of_every_language():
    """THREAT: Jinja keeps what it imported without a page, in the language of whoever came first."""
    folders = [room / "templates" for room in catalogue.rooms() if (room / "templates").exists()]
    assert said_at_import(JINJA, folders) == {}


def test_a_sentence_said_at_import_would_be_found(tmp_path):
    (tmp_path / "words.html").write_text('{% set words = {"a": _("One thing")} %}')
    (tmp_path / "page.html").write_text('{% from "words.html" import words %}')
    assert said_at_import(JINJA, [tmp_path]) == {"words.html": {"page.html"}}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_template_takes_the_name_by_which_sentences_are_said(folder):
    assert {path.name for path in folder.glob("*.html") if takes_its_name(path.read_text(encoding="utf-8"))} == set()


def takes_its_name(source):
    names = JINJA.parse(source).find_all(nodes.Name)
    return any(one.name == "_" and one.ctx != "load" for one in names)


def test_a_template_that_takes_it_would_be_found():
    assert takes_its_name("{% set _ = items.append(1) %}")
    assert not takes_its_name("{{ _('One thing') }}")


@pytest.mark.parametrize("name", ["code", "news", "done"])
def test_mail_says_the_same_in_both_languages(name):
    folder = catalogue.SOURCE / "ui" / "templates" / "mail"
    english, spanish = ((folder / file).read_text(encoding="utf-8") for file in (f"{name}.txt", f"{name}.es.txt"))
    assert english.count("\n\n") == spanish.count("\n\n")
    assert english.count("{code}") == spanish.count("{code}")
