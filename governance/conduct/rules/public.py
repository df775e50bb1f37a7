"""The public page of the rules: what software can make sure of, and what it cannot. Anybody may read it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from governance.identity.access import anyone
from governance.policy.here import policies_here

blueprint = Blueprint("guarantees", __name__, url_prefix="/rules-for-professionals")


@blueprint.get("")
@anyone
def shown() -> ResponseReturnValue:
    """Show every rule with what makes sure of it, by how much of it software can hold."""
    policy = policies_here().conduct
    table = policy.guarantees()
    groups = (
        ("decision", [one for one in table if one.by_decision]),
        ("forum", [one for one in table if one.by_forum and not one.by_decision]),
        ("people", [one for one in table if not one.by_decision and not one.by_forum]),
    )
    return render_template("conduct/guarantees.html", policy=policy, groups=groups)
