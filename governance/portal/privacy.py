"""The doors to the papers that people read: the privacy notice, and what a forum and we promise each other."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.identity.access import anyone
from governance.policy.privacy import AGREEMENT, NOTICE, languages, open_in, paper
from governance.ui.house import house
from governance.ui.languages import ENGLISH, page_language

blueprint = Blueprint("privacy", __name__, template_folder="templates")


@blueprint.get("/privacy")
@anyone
def notice() -> ResponseReturnValue:
    """Show what is done with people's data, filled with who runs the service."""
    return _shown(NOTICE, "portal/privacy.html")


@blueprint.get("/platforms/agreement")
@anyone
def agreement() -> ResponseReturnValue:
    """Show what a forum and whoever runs the service promise each other."""
    return _shown(AGREEMENT, "portal/agreement.html")


def _shown(name: str, template: str) -> ResponseReturnValue:
    told = house().settings.public.told
    language = page_language() if page_language() in languages(name) else ENGLISH
    parts = paper(name, told, missing=_missing, language=language)
    is_open = bool(open_in(name, told, language))
    return render_template(template, parts=parts, is_open=is_open, language=language)


def _missing(name: str) -> str:
    """Return what stands on a paper where nothing was set: said plainly, as papers are printed and kept."""
    said = {
        "controller_name": gettext("the name of whoever runs this service is missing"),
        "controller_contact": gettext("how to reach whoever runs this service is missing"),
        "dpo_contact": gettext("how to reach whoever looks after your data rights is missing"),
        "authority": gettext("the authority to which one can complain is missing"),
        "hosting": gettext("the place where the data are kept is missing"),
    }
    return f"[{said[name]}]"
