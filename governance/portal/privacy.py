"""The door to the privacy notice."""

from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.identity.access import anyone
from governance.policy.privacy import NOTICE, languages, open_in, paper
from governance.ui.house import house
from governance.ui.languages import ENGLISH, page_language

blueprint = Blueprint("privacy", __name__, template_folder="templates")
_MISSING: Final = "…"
"""The page says beside it what the dots mean."""


@blueprint.get("/privacy")
@anyone
def notice() -> ResponseReturnValue:
    """Show what is done with people's data, filled with who runs the service."""
    told = house().settings.public.told
    language = page_language() if page_language() in languages(NOTICE) else ENGLISH
    parts = paper(NOTICE, told, missing=_MISSING, language=language)
    is_open = bool(open_in(NOTICE, told, language))
    return render_template("portal/privacy.html", parts=parts, is_open=is_open, language=language)
