"""All routes, all identities: whoever is not meant is let in nowhere, and what is another's looks like nothing."""

import pytest
from sqlalchemy import delete, update

from governance.identity import current
from governance.identity.access import ANYONE, SIGNED_IN
from governance.identity.clients.remembered import RememberedTokens
from governance.identity.current import REMEMBERED_TOKENS
from governance.identity.models import Client, WebSession
from governance.identity.permissions import Role, Scope
from governance.pdp.operations import OPERATORS
from governance.ui.clock import now
from tests.contract.house import open_house, scopes_but
from tests.forum import asked

FAR = {"REMOTE_ADDR": "198.51.100.7"}
SIGN_IN, STAFF_SIGN_IN = "/sign-in", "/staff/sign-in"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def routes(house):
    return [route for route in house.routes() if route[2] != ANYONE]


def is_kept_out(answer, who):
    """Say whether the guard of such a route turned somebody away."""
    if who in set(Scope):
        return answer.status_code in (401, 403)
    if who == SIGNED_IN:
        return answer.status_code == 303 and answer.location.partition("?")[0] == SIGN_IN
    if who in set(Role):
        return answer.status_code == 403 or (answer.location or "").partition("?")[0] == STAFF_SIGN_IN
    return answer.status_code == 401


def let_in(routes, client, headers=None, only=None):
    """The routes, of those behind a guard, that did not turn this caller away."""
    return [
        (method, path)
        for method, path, who in routes
        if (only is None or who in only)
        and not is_kept_out(client.open(path, method=method, headers=headers, environ_base=FAR), who)
    ]


def test_there_are_routes_of_every_kind(routes):
    kinds = {who for *_, who in routes}
    assert kinds >= {SIGNED_IN, OPERATORS, Role.VERIFIER, Scope.DECISIONS_EVALUATE}
    assert len(routes) > 50


def test_nobody_is_let_in_anywhere(house, routes):
    assert let_in(routes, house.app.test_client()) == []


@pytest.mark.parametrize("member", ["ana", "bea", "nurse"])
def test_members_and_professionals_get_to_nothing_of_platforms_and_staff(house, routes, member):
    others = [route for route in routes if route[2] != SIGNED_IN]
    assert let_in(others, house.browser(member)) == []


def test_a_member_is_let_in_where_members_are_meant(house, routes):
    """The control: the same comparison finds routes that let somebody in."""
    own = [route[:2] for route in routes if route[2] == SIGNED_IN]
    found = let_in(routes, house.browser("ana"))
    assert found == own


@pytest.mark.parametrize("whose", ["people", "other"])
def test_a_platform_gets_to_nothing_of_people_and_staff(house, routes, whose):
    headers = house.token(getattr(house, whose))
    for_others = [route for route in routes if route[2] not in set(Scope)]
    assert let_in(for_others, house.app.test_client(), headers) == []


def test_a_platform_with_every_other_scope_is_kept_out(house, routes):
    for scope in Scope:
        own = [route for route in routes if route[2] == scope]
        if own:
            headers = house.token(house.people, scopes_but(scope))
            assert let_in(own, house.app.test_client(), headers) == []
            assert len(let_in(own, house.app.test_client(), house.token(house.people))) == len(own)


def test_staff_get_to_nothing_of_members_and_platforms(house, routes):
    every = house.staff(*Role, subject="every")
    not_staffs = [route for route in routes if route[2] not in set(Role)]
    assert let_in(not_staffs, every) == []
    assert let_in(routes, every) == [route[:2] for route in routes if route[2] in set(Role)]


@pytest.mark.parametrize("role", Role)
def test_staff_of_another_role_are_kept_out(house, routes, role):
    others = house.staff(*(one for one in Role if one is not role), subject=f"not {role}")
    assert let_in(routes, others, only={role}) == []


def test_a_session_that_ended_is_kept_out(house, routes):
    browsers = [house.browser("ana"), house.staff(*Role, subject="was here")]
    house.people.session.execute(update(WebSession).values(expires=now() - 1))
    house.people.session.commit()
    assert [let_in(routes, browser) for browser in browsers] == [[], []]


def test_a_session_that_was_taken_away_is_kept_out(house, routes):
    browsers = [house.browser("ana"), house.staff(*Role, subject="was ended")]
    house.people.session.execute(delete(WebSession))
    house.people.session.commit()
    assert [let_in(routes, browser) for browser in browsers] == [[], []]


def test_a_token_that_ended_is_kept_out_whether_it_was_seen_before_or_not(house, routes, monkeypatch):
    seen, fresh = house.token(house.people), house.token(house.people)
    client = house.app.test_client()
    assert client.post("/v1/opt-outs/query", json={"accounts": ["ana"]}, headers=seen).status_code == 200
    later = now() + 601 * 1_000_000
    monkeypatch.setattr(current, "now", lambda: later)
    assert let_in(routes, client, seen) == let_in(routes, client, fresh) == []


def test_a_token_whose_client_was_taken_away_is_kept_out(tmp_path, routes):
    with open_house(tmp_path) as house:
        headers = house.token(house.other)
        house.app.extensions[REMEMBERED_TOKENS] = RememberedTokens()
        with house.people.session as session:
            session.execute(delete(Client).where(Client.platform_id == house.other.id))
            session.commit()
        assert let_in(routes, house.app.test_client(), headers) == []


@pytest.mark.parametrize("path", ["/access/v1/evaluation", "/v1/opt-outs/query", "/v1/hcps/query"])
def test_what_is_another_platforms_answers_as_what_is_not_there(tmp_path, path):
    with open_house(tmp_path) as house:
        headers, client = house.token(house.other), house.app.test_client()

        def told(name):
            bodies = {"/access/v1/evaluation": asked(name, name)}
            answer = client.post(path, json=bodies.get(path, {"accounts": [name]}), headers=headers)
            assert answer.status_code == 200
            made = answer.json.get("context", {}).get("id", "none")
            headers_told = sorted((k, v) for k, v in answer.headers.items() if k not in {"Date", "Content-Length"})
            return headers_told, answer.text.replace(made, "").replace(name, "X")

        assert len({str(told(name)) for name in ("ana", "nurse", "doctor", "never", "pia")}) == 1
