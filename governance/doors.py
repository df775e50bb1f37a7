"""Every door of the service, in the order in which a visitor may meet them, and where a sign-in may lead to."""

from flask import Flask

from governance.conduct import web as conduct
from governance.conduct.badge import api as badges
from governance.conduct.badge import web as badge
from governance.conduct.desk import web as desk
from governance.conduct.desk.organisations import web as desk_organisations
from governance.conduct.desk.person import web as desk_more
from governance.conduct.joining import web as joining
from governance.conduct.more import web as professional_more
from governance.conduct.proofs import web as professional_identity
from governance.conduct.rules import public as guarantees
from governance.conduct.rules import web as rules
from governance.conduct.sanctions import web as sanctions
from governance.disclosure import web as disclosure
from governance.disclosure.told import web as told
from governance.feed import api as feed_api
from governance.feed.webhooks import api as webhooks
from governance.fhir import api as fhir_api
from governance.identity.clients import api as identity_api
from governance.identity.wiring import init_identity
from governance.optout import web as optout
from governance.optout import web_more
from governance.optout.own import switches
from governance.optout.own import web as own_rules
from governance.patients.ages import api as ages
from governance.patients.guardians import web as guardian
from governance.patients.guardians.own import web as guardians
from governance.pdp import api as pdp_api
from governance.pdp import operations
from governance.pdp import web as docs
from governance.pdp.accounts import api as pdp_accounts
from governance.pdp.platforms import api as pdp_platforms
from governance.pdp.platforms.desk import web as forum_lives
from governance.pdp.reports import api as pdp_reports
from governance.policy import api as policy_api
from governance.portal import (
    changes,
    coming_of_age,
    contact,
    could_have_seen,
    erasing,
    export,
    forums,
    forums_yes,
    hide_codes,
    leaving,
    privacy,
    put_right,
    records,
    see_as,
)
from governance.portal import web as portal
from governance.reporting.cases import web as heard
from governance.reporting.custody import web as custody
from governance.reporting.desk import web as cases
from governance.reporting.desk.own import web as looks
from governance.reporting.filing import web as tell
from governance.reporting.inbox import web as talk
from governance.reporting.numbers import web as numbers
from governance.reporting.protection import web as block_ends
from governance.reporting.retention import web as kept
from governance.reporting.staff_intake import web as take_report
from governance.reporting.vaults import web as vaults
from governance.ui.api import describe

_FOR_PLATFORMS = (
    identity_api.blueprint,
    ages.blueprint,
    pdp_api.blueprint,
    pdp_accounts.blueprint,
    pdp_platforms.blueprint,
    pdp_reports.blueprint,
    webhooks.blueprint,
    badges.blueprint,
    feed_api.blueprint,
    policy_api.blueprint,
    fhir_api.blueprint,
    operations.blueprint,
)
_OF_PROFESSIONALS = (
    conduct.blueprint,
    joining.blueprint,
    rules.blueprint,
    professional_more.blueprint,
    professional_identity.blueprint,
    desk.blueprint,
    desk_more.blueprint,
    desk_organisations.blueprint,
    sanctions.blueprint,
    badge.blueprint,
    guarantees.blueprint,
)
_OF_REPORTS = (
    cases.blueprint,
    looks.blueprint,
    kept.blueprint,
    heard.blueprint,
    block_ends.blueprint,
    vaults.blueprint,
    vaults.custodians,
    numbers.blueprint,
    numbers.desk,
    forum_lives.blueprint,
    custody.officers,
    custody.custodians,
)
_FOR_PEOPLE = (
    docs.blueprint,
    portal.blueprint,
    changes.blueprint,
    coming_of_age.blueprint,
    records.blueprint,
    see_as.blueprint,
    could_have_seen.blueprint,
    contact.blueprint,
    erasing.blueprint,
    export.blueprint,
    leaving.blueprint,
    privacy.blueprint,
    put_right.blueprint,
    forums.blueprint,
    forums_yes.blueprint,
    hide_codes.blueprint,
    hide_codes.public,
    disclosure.blueprint,
    told.blueprint,
    optout.blueprint,
    web_more.blueprint,
    guardian.blueprint,
    guardians.blueprint,
    own_rules.blueprint,
    switches.blueprint,
    tell.blueprint,
    talk.blueprint,
    take_report.blueprint,
    *_OF_PROFESSIONALS,
    *_OF_REPORTS,
)
MAY_RETURN_TO = (
    "portal.choices",
    "disclosure.must_knows",
    "optout.care_team",
    "optout.check",
    "changes.show_again",
    "contact.change",
    "contact.shown",
    "erasing.confirm",
    "erasing.explained",
    "export.offered",
    "export.ready",
    "put_right.ask",
    "put_right.ask_for_all",
    "guardian.home",
    "guardians.mine",
    "changes.waiting",
    "records.history",
    "records.receipts",
    "see_as.choose",
    "could_have_seen.shown",
    "block_ends.ask",
    "could_have_seen.stopped",
    "forums.shown",
    "forums.new_code",
    "forums.type_code",
    "forums.confirm",
    "forums.come_back",
    "forums_yes.ask",
    "hide_codes.shown",
    "conduct.home",
    "conduct.capacity",
    "conduct.measures",
    "badge.shown",
    "joining.check",
    "rules.intro",
    "professional_more.proof",
    "professional_more.unregistered",
    "professional_more.work",
)
"""Where somebody may go after signing in: names of routes, never an address out of a request."""


def open_doors(app: Flask) -> None:
    """Open all doors of an app."""
    api = describe(app)
    for blueprint in _FOR_PLATFORMS:
        api.register_blueprint(blueprint)
    for page in _FOR_PEOPLE:
        app.register_blueprint(page)
    # A page for whoever holds a printed code needs no cookie, and nothing that another site could misuse.
    doors = (*_FOR_PLATFORMS, hide_codes.public)
    init_identity(app, home="portal.my", returns=MAY_RETURN_TO, bearer_doors=doors)
