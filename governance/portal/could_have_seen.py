"""Doors to who could have seen one's posts, and what a choice cannot undo: for one's own eyes, after a fresh proof."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.identity.current import signed_in
from governance.identity.proofs.proof import proof_required
from governance.portal import service
from governance.portal.onlookers import Onlookers, onlookers
from governance.portal.sealed import keep_sealed
from governance.portal.stopping import following, seen_before
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("could_have_seen", __name__, url_prefix="/my", template_folder="templates")
blueprint.before_request(keep_sealed)


@blueprint.get("/could-have-seen")
@proof_required
def shown() -> ResponseReturnValue:
    """Show what is known of the last 30 days; see `OWN_EYES` for what this must never read from a request."""
    with reading() as session:
        found = onlookers(session, house().keyring, signed_in().account_id, now())
    return render_template("portal/could_have_seen.html", found=found, several=_on_several(found))


@blueprint.get("/stopped")
@proof_required
def stopped() -> ResponseReturnValue:
    """Show by when forums follow the newest choices, and who could have seen something before: that stays seen."""
    person, at, keyring = signed_in(), now(), house().keyring
    with reading() as session:
        standing = service.standing(session, keyring, person.account_id, person.platform_id, at)
        follow = following(session, keyring, person.account_id, at)
        found = seen_before(session, keyring, person.account_id, standing.since or at, at)
    several = _on_several(found)
    return render_template("portal/stopped.html", standing=standing, follow=follow, found=found, several=several)


def _on_several(found: Onlookers) -> bool:
    return len({one.forum for one in found.professionals} | {one.forum for one in found.members}) > 1
