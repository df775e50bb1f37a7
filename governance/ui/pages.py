"""Pages: the Jinja set-up, the words of policy records as safe HTML, what forms send."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import nh3
from flask import Flask, request
from jinja2 import ChainableUndefined, Environment, PackageLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup
from marshmallow import Schema, ValidationError

from governance.errors import BadInputError
from governance.ui.dates import clock_name, day, day_and_time, moment, month, time_of_day
from governance.ui.languages import in_our_words, set_up_languages
from governance.ui.professions import profession

_MACROS: Final = {
    "back-link": "backLink",
    "button": "button",
    "checkboxes": "checkboxes",
    "details": "details",
    "error-summary": "errorSummary",
    "file-upload": "fileUpload",
    "input": "input",
    "inset-text": "insetText",
    "notification-banner": "notificationBanner",
    "radios": "radios",
    "skip-link": "skipLink",
    "summary-list": "summaryList",
    "textarea": "textarea",
}
_TAGS: Final = {"p", "ul", "ol", "li", "strong", "em", "br", "code"}
_CSRF_FIELD: Final = "csrf_token"
_markdown: Final = MarkdownIt("commonmark", {"html": False})


def set_up_pages(app: Flask) -> None:
    """Give an app's templates the NHS.UK macros as `nhsuk` and our filters; a misspelt name raises."""
    set_up_languages(app)
    environment = app.jinja_env
    # A page that silently leaves a sentence out is worse here than one that says it broke.
    environment.undefined = StrictUndefined
    environment.globals["nhsuk"] = _nhsuk_macros()
    environment.filters["words"] = words
    environment.filters["in_our_words"] = in_our_words
    environment.filters["profession"] = profession
    environment.filters["moment"] = moment
    environment.globals["clock_name"] = clock_name
    environment.filters["day"] = day
    environment.filters["month"] = month
    environment.filters["time_of_day"] = time_of_day
    environment.filters["day_and_time"] = day_and_time
    environment.filters["profession"] = profession


def words(text: str) -> Markup:
    """Return Markdown as HTML with paragraphs, lists, emphasis and what is typed, and nothing else."""
    return Markup(nh3.clean(_markdown.render(text), tags=_TAGS, attributes={}))  # noqa: S704 - cleaned on this line


def form_values(*lists: str) -> dict[str, Any]:
    """Return what a form sent, without its CSRF token; fields named in `lists` keep all their values.

    Raises `BadInputError` where a field that has one value came more than once.
    """
    values: dict[str, Any] = {name: [] for name in lists}
    for name, sent in request.form.lists():
        if name in lists:
            values[name] = sent
        elif len(sent) > 1:
            raise BadInputError("this did not come from the buttons of our page; open the page again")
        elif name != _CSRF_FIELD:
            values[name] = sent[0]
    return values


def load(schema: Schema, values: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema makes of a form or an address. Raises `BadInputError`."""
    try:
        loaded: dict[str, Any] = schema.load(values)
    except ValidationError as error:
        raise BadInputError("this did not come from the buttons of our page; open the page again") from error
    return loaded


@cache
def _nhsuk_macros() -> dict[str, Callable[..., Markup]]:
    # Their macros need undefined names to pass silently, so they live in an environment of their own. It
    # knows nothing of an app, so all apps of a process share what was compiled.
    kit = Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=select_autoescape(default=True, default_for_string=True),
    )
    return {
        name: getattr(kit.get_template(f"nhsuk/components/{folder}/macro.jinja").module, name)
        for folder, name in _MACROS.items()
    }
