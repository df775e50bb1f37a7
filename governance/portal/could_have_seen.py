"""The door to *professionals who could have seen my posts*: for the person's own eyes, after a fresh proof."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.identity.current import signed_in
from governance.identity.proofs.proof import proof_required
from governance.portal.onlookers import onlookers
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("could_have_seen", __name__, url_prefix="/my", template_folder="templates")


@blueprint.get("/could-have-seen")
@proof_required
def shown() -> ResponseReturnValue:
    """Show what is known of the last 30 days; see `OWN_EYES` for what this must never read from a request."""
    with reading() as session:
        found = onlookers(session, house().keyring, signed_in().account_id, now())
    forums = {one.forum for one in found.professionals} | {one.forum for one in found.members}
    return render_template("portal/could_have_seen.html", found=found, several=len(forums) > 1)
