"""Every route says who may call it, is described, and answers errors as problem details."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import text

from governance.db.extension import transaction
from governance.identity.access import ANYONE, SIGNED_IN, who_may_call
from governance.identity.permissions import PERMISSIONS, Role, Scope
from governance.pdp.operations import OPERATORS
from governance.ui.clock import now, to_datetime
from tests.forum import asked
from tests.pdp.conftest import Caller

PUBLISHED = {"static", "api-docs.openapi_json"}


@pytest.fixture
def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PUBLISHED]


def test_every_route_says_who_may_call_it(app, rules):
    silent = {rule.endpoint for rule in rules if who_may_call(app.view_functions[rule.endpoint]) is None}
    assert silent == set()


def test_what_routes_say_is_one_of_a_closed_list(app, rules):
    said = {who_may_call(app.view_functions[rule.endpoint]) for rule in rules}
    assert said <= {ANYONE, SIGNED_IN, OPERATORS, *Scope, *Role}


def test_the_permission_table_names_exactly_the_routes_of_each_scope(app, rules):
    by_scope = {scope: set() for scope in Scope}
    for rule in rules:
        who = who_may_call(app.view_functions[rule.endpoint])
        if who in by_scope:
            path = re.sub(r"<(\w+)>", r"{\1}", rule.rule.replace("<path:community>", "{id}"))
            by_scope[who] |= {f"{method} {path}" for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert by_scope == {scope: set(routes) for scope, routes in PERMISSIONS.items()}


SENT = {
    "decisions:evaluate": ("POST", "/access/v1/evaluation", asked("nurse", "ana")),
    "decisions:evaluate, batch": ("POST", "/access/v1/evaluations", asked("nurse", "ana")),
    "decisions:evaluate, governed": ("GET", "/v1/hcps", None),
    "decisions:evaluate, professionals": ("POST", "/v1/hcps/query", {"accounts": ["nurse"]}),
    "optouts:read": ("POST", "/v1/opt-outs/query", {"accounts": ["ana"]}),
    "optouts:tighten": ("POST", "/v1/opt-outs/tighten", {"account": "ana"}),
    "hcps:declare": ("POST", "/v1/hcps/declare", {"accounts": ["doctor"]}),
    "communities:write": ("PUT", "/v1/communities/c", {"posture": "informed"}),
    "system/Consent.rs": ("GET", f"/fhir/Consent?_id={'A' * 64}", None),
    "webhooks:write": ("GET", "/v1/webhooks", None),
    "webhooks:write, set up": ("POST", "/v1/webhooks", {"url": "https://forum.example/hints"}),
    "exposures:write": (
        "POST",
        "/v1/exposures",
        {"exposures": [{"viewer": "nurse", "author": "ana", "at": to_datetime(now()).isoformat()}]},
    ),
}
ONCE = {"Idempotency-Key": "one"}
WEBHOOKS = ("webhook_event", "webhook_pace", "webhook")


@pytest.mark.parametrize("needed", SENT)
@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_what_its_scope_names_and_nothing_else(app, people, needed, scope):
    method, path, body = SENT[needed]
    answer = Caller(app, people.credentials, scope).send(path, body, method=method, **ONCE)
    assert answer.status_code == (200 if needed.startswith(scope) else 403)


@pytest.mark.parametrize("needed", SENT)
def test_without_a_token_no_body_is_read(app, needed):
    method, path, _ = SENT[needed]
    answer = app.test_client().open(path, method=method, data=b"{", content_type="application/json")
    assert answer.status_code == 401


def described(app):
    return app.test_client().get("/openapi.json").json


def test_the_openapi_document_is_valid_3_1(app):
    document = described(app)
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_the_openapi_document_names_every_route_of_decisions_and_operations(app, rules):
    routes = {
        (rule.rule.replace("<path:community>", "{community}"), method.lower())
        for rule in rules
        if rule.endpoint.startswith(("pdp.", "operations."))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    paths = described(app)["paths"].items()
    named = {(path, method) for path, item in paths for method in item if method != "parameters"}
    assert named >= routes


def test_the_openapi_document_says_which_scope_a_route_needs(app):
    paths = described(app)["paths"]
    assert paths["/v1/opt-outs/query"]["post"]["security"] == [{"platform": ["optouts:read"]}]
    assert "security" not in paths["/healthz"]["get"]


def test_the_openapi_document_describes_errors_as_problem_documents(app):
    default = described(app)["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert default == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.mark.parametrize("path", ["/access/v1/nothing", "/v1/communities", "/access/v1/evaluation/"])
def test_what_is_not_there_is_a_problem_document(asker, path):
    answer = asker.send(path, {})
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_wrong_method_says_which_are_right(asker):
    answer = asker.client.get("/access/v1/evaluation")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_alive_and_ready_are_two_things(app):
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    # The tables of this test were made without migrations.
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(("method", "path", "body"), SENT.values(), ids=SENT)
def test_without_its_tables_the_service_answers_one_clean_error(app, caller, method, path, body):
    with app.app_context(), transaction() as session:
        for table in ("effective_row", "effective_account", "effective_account_version", *WEBHOOKS):
            session.execute(text(f"DROP TABLE {table}"))
    answer = caller.send(path, body, method=method, **ONCE)
    spoken = "application/fhir+json" if path.startswith("/fhir") else "application/problem+json"
    assert (answer.status_code, answer.content_type) == (500, spoken)
    assert "effective_" not in answer.text
