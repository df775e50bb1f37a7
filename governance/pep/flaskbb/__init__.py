"""The plugin for FlaskBB 3: what patients chose is obeyed on every page, whoever wrote the page.

Enable it by `flaskbb plugins enable hcp_governance`, and set in `flaskbb.cfg` what `governance platform add` printed:
`HCP_GOVERNANCE_URL`, `HCP_GOVERNANCE_CLIENT_ID`, `HCP_GOVERNANCE_CLIENT_SECRET`, and `HCP_GOVERNANCE_EMERGENCY`, the
line that says whom to call. The platform's accounts are FlaskBB's user numbers, its communities the numbers of forums,
its threads those of topics: `PUT /v1/communities/1` speaks of forum 1.

With `HCP_GOVERNANCE_SIDECAR` (its socket, or its address on loopback) and `HCP_GOVERNANCE_SIDECAR_TOKEN` pages are
asked about there: then members go on reading while the service is away. Without one, a page that cannot ask is empty.

Signed-out readers see what the forum shows to everybody: nobody knows who they are. This package is imported by FlaskBB
alone, which must have loaded its models first.
"""

from typing import Any, Final

from pluggy import HookimplMarker

impl: Final = HookimplMarker("flaskbb")


@impl
def flaskbb_extensions(app: Any) -> None:  # noqa: ANN401 - FlaskBB's app
    """Refuse to start without settings: a forum that cannot ask must not show."""
    from governance.pep.flaskbb.asking import Service  # noqa: PLC0415 - FlaskBB's models are not loaded before
    from governance.pep.flaskbb.page import SERVICE  # noqa: PLC0415

    app.extensions[SERVICE] = Service(app.config)


@impl
def flaskbb_load_blueprints(app: Any) -> None:  # noqa: ANN401 - FlaskBB's app
    """Add the plugin's own pages."""
    from governance.pep.flaskbb.pages import blueprint  # noqa: PLC0415 - FlaskBB's models are not loaded before

    app.register_blueprint(blueprint, url_prefix="/governance")


@impl
def flaskbb_request_processors(app: Any) -> None:  # noqa: ANN401 - FlaskBB's app
    """Ask before anything is changed, and forget after every request."""
    from governance.pep.flaskbb.gates import gate  # noqa: PLC0415 - FlaskBB's models are not loaded before
    from governance.pep.flaskbb.page import close_page  # noqa: PLC0415

    app.before_request(gate)
    app.teardown_request(close_page)


@impl
def flaskbb_additional_setup(app: Any) -> None:  # noqa: ANN401 - FlaskBB's app
    """Put the filter under the pages, and the templates' stored numbers behind it."""
    from governance.pep.flaskbb.everybody import read_for_everybody  # noqa: PLC0415
    from governance.pep.flaskbb.rendering import govern_templates  # noqa: PLC0415 - FlaskBB's models come first

    read_for_everybody()
    govern_templates(app)


@impl
def flaskbb_tpl_user_nav_menu(user: Any) -> list[Any]:  # noqa: ANN401 - FlaskBB's user
    """Link to one's choices."""
    from flaskbb.display.navigation import NavigationLink  # noqa: PLC0415

    from governance.pep.flaskbb.words import say  # noqa: PLC0415

    signed_in = user.is_authenticated
    return [NavigationLink("hcp_governance.choices", say("choices"), "fas fa-user-shield")] if signed_in else []


@impl
def flaskbb_tpl_post_author_info_after(user: Any, post: Any) -> str:  # noqa: ANN401, ARG001 - FlaskBB's own
    """Show the badge of a professional beside what they wrote."""
    return _badge(user)


@impl
def flaskbb_tpl_profile_stats(user: Any) -> str:  # noqa: ANN401 - FlaskBB's user
    """Show the badge on a professional's profile."""
    return _badge(user)


@impl
def flaskbb_tpl_post_menu_after(post: Any) -> str:  # noqa: ANN401 - FlaskBB's post
    """Offer to report a post to the independent officers."""
    from flask import url_for  # noqa: PLC0415
    from flask_login import current_user  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    from governance.pep.flaskbb.words import say  # noqa: PLC0415

    if not current_user.is_authenticated:
        return ""
    address = url_for("hcp_governance.ask", post_id=post.id)
    return Markup('<a class="btn btn-sm btn-link" href="{}">{}</a>').format(address, say("report"))


def _badge(user: Any) -> str:  # noqa: ANN401 - FlaskBB's user
    from markupsafe import Markup  # noqa: PLC0415

    from governance.pep.flaskbb.page import page_now  # noqa: PLC0415

    page = page_now()
    if page is None or user is None:
        return ""
    words = page.badges([str(user.id)])[str(user.id)].words
    return Markup('<div class="author-badge">{}</div>').format(words) if words else ""
