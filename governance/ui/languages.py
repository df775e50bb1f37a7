"""In which language a page speaks: the one picked by a link, else the browser's, else English.

Sentences stand in templates and in doors in English; `translations/es.po` holds the Spanish of each. The texts that
people agree to are policy records, each with its own languages.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, after_this_request, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain, gettext
from werkzeug.wrappers import Response as BaseResponse

from governance.sentences import Sentence
from governance.ui.programs import for_programs

ENGLISH: Final = "en"
LANGUAGES: Final = {ENGLISH: "English", "es": "Español"}
"""The languages of our pages, each by its own name."""
_TRANSLATIONS: Final = Path(__file__).parent / "translations"
_COOKIE: Final = "governance_language"
"""Says which language and nothing about who; gone when the browser is closed, as the sign-in is."""
_PICK: Final = "lang"


class Switch(NamedTuple):
    """A link to the same page in another language."""

    language: str
    name: str
    href: str


def set_up_languages(app: Flask) -> None:
    """Let an app's pages speak the reader's language."""
    babel = Babel(app, locale_selector=page_language)
    babel.domain_instance = _Catalogues()
    # A sentence may be broken over lines where it stands; its translation is not.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals["page_language"] = page_language
    app.jinja_env.globals["language_switches"] = language_switches
    app.before_request(_pick)
    app.after_request(_name_the_language)


def page_language() -> str:
    """Return the language of the page that is being made; English outside a request."""
    if not has_request_context():
        return ENGLISH
    if "page_language" not in g:
        picked = request.cookies.get(_COOKIE, "")
        g.page_language = picked if picked in LANGUAGES else _browsers_language()
    spoken: str = g.page_language
    return spoken


def _browsers_language() -> str:
    """Return the first of our languages that a browser asks for, in whatever country's form."""
    # The library prefers `es` to an earlier `en-US`: nobody wants that.
    wanted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((language for language in wanted if language in LANGUAGES), ENGLISH)


def picked_language() -> str | None:
    """Return the language that this browser's reader picked, if they did."""
    picked = request.cookies.get(_COOKIE)
    return picked if picked in LANGUAGES else None


def speak(language: str) -> None:
    """Make this page and the next ones speak a language; one in which we have no pages changes nothing."""
    if language not in LANGUAGES:
        return
    g.page_language = language

    @after_this_request
    def _keep(response: Response) -> BaseResponse:
        return _with_cookie(response, language)


def in_our_words(sentence: Sentence) -> str:
    """Return a sentence of a service in the language of the page that is being made."""
    said = {name: in_our_words(one) if isinstance(one, Sentence) else one for name, one in sentence.values.items()}
    whole: str = gettext(sentence.text, **said)
    return whole


def opens_once() -> None:
    """Say that the address of this request leads here once, and that what it holds belongs into no link."""
    g.opens_once = True


def language_switches() -> list[Switch]:
    """Return links to this page in the other languages; none where opening it again would not show the same."""
    if request.method != "GET" or request.endpoint is None or "opens_once" in g:
        return []
    others = [language for language in LANGUAGES if language != page_language()]
    return [Switch(language, LANGUAGES[language], _here(language)) for language in others]


def _pick() -> ResponseReturnValue | None:
    """Keep the language of a link and show the page anew, so that no later link carries it along."""
    if request.method != "GET" or request.endpoint is None or _PICK not in request.args:
        return None
    if for_programs(request.path):
        # A parameter like any other: what a program asks for has no page whose language anybody could pick.
        return None
    response = redirect(_here(None))
    picked = request.args[_PICK]
    return _with_cookie(response, picked) if picked in LANGUAGES else response


def _here(language: str | None) -> str:
    """Return the address of this very page, built from its route: what was typed might lead elsewhere (`//evil`)."""
    asked = {name: values for name, values in request.args.to_dict(flat=False).items() if name != _PICK}
    if language is not None:
        asked[_PICK] = [language]
    where = url_for(request.endpoint or "", **request.view_args or {})
    return f"{where}?{urlencode(asked, doseq=True)}" if asked else where


def _with_cookie(response: BaseResponse, language: str) -> BaseResponse:
    response.set_cookie(
        _COOKIE, language, secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
    )
    return response


def _name_the_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", page_language())
        response.vary.update(("Accept-Language", "Cookie"))
    return response


class _Catalogues(Domain):  # type: ignore[misc]
    """The sentences of our pages, read from the very files that translators edit."""

    def get_translations(self) -> NullTranslations:
        return _catalogue(page_language())


@cache
def _catalogue(language: str) -> NullTranslations:
    """Return one language's sentences; compiled here, so that there is no second file to grow stale."""
    if language == ENGLISH:
        return NullTranslations()
    with (_TRANSLATIONS / f"{language}.po").open("rb") as written:
        catalogue = read_po(written, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
