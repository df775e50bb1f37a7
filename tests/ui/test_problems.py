"""Every error is answered: a problem document for programs, a page for people, and nothing personal in either."""

from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup
from flask import abort
from structlog.testing import capture_logs

from governance.effective.errors import BrokenRowError
from governance.errors import BadInputError, GovernanceError, NotFoundError
from governance.ui.problems import register_status

SECRET = "ana has diabetes"


class UnknownToAllError(GovernanceError):
    code = "unknown_to_all"


FAULTS = {
    "bad-input": BadInputError("`community`: say which"),
    "not-found": NotFoundError("there is no such thing"),
    "broken": BrokenRowError("restore it from a backup"),
    "no-status": UnknownToAllError(SECRET),
    "value": ValueError(SECRET),
    "key": KeyError(SECRET),
    "recursion": RecursionError(SECRET),
}


@pytest.fixture
def client(app):
    def fail(name):
        if name.isdigit():
            abort(int(name))
        raise FAULTS[name]

    app.add_url_rule("/v1/fails/<name>", "fails_for_programs", fail)
    app.add_url_rule("/fails/<name>", "fails_for_people", fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("bad-input", 400, "bad_input"),
        ("not-found", 404, "not_found"),
        ("broken", 500, "internal"),
        ("no-status", 500, "internal"),
        ("value", 500, "internal"),
        ("key", 500, "internal"),
        ("recursion", 500, "internal"),
        ("404", 404, "not_found"),
        ("429", 429, "too_many_requests"),
        ("503", 503, "service_unavailable"),
    ],
)
def test_a_program_gets_a_problem_document(client, name, status, code):
    answer = client.get(f"/v1/fails/{name}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["type"] == f"urn:governance:problem:{code}"
    assert answer.json["title"] == HTTPStatus(status).phrase
    assert answer.json["status"] == status


@pytest.mark.parametrize("name", [*FAULTS, "404", "503"])
def test_a_person_gets_a_page_with_the_same_status(client, name):
    answer = client.get(f"/fails/{name}")
    assert answer.status_code == client.get(f"/v1/fails/{name}").status_code
    assert answer.content_type == "text/html; charset=utf-8"


def test_what_to_do_reaches_who_asked(client):
    assert client.get("/v1/fails/bad-input").json["detail"] == "`community`: say which"


@pytest.mark.parametrize("name", ["no-status", "value", "key", "recursion", "broken"])
def test_our_own_failures_keep_their_words_and_wake_somebody(client, name):
    with capture_logs() as logs:
        answer = client.get(f"/v1/fails/{name}?q={SECRET}")
    assert [entry["log_level"] for entry in logs] in (["critical"], ["error"])
    for told in (answer.text, str(logs)):
        assert "diabetes" not in told
        assert "backup" not in told


def test_a_refusal_that_the_asker_can_mend_wakes_nobody(client):
    with capture_logs() as logs:
        client.get("/v1/fails/bad-input")
    assert logs == []


WAYS_HOME = {"Go to the first page": "/"}
JARGON = ("URL", "server", "request", "method", "capacity limit", "data value", "Bad Request", "payload")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
def test_a_page_that_refuses_says_in_plain_words_what_to_do_and_leads_home(app, status):
    app.add_url_rule("/refuses", "refuses", lambda: abort(status))
    page = BeautifulSoup(app.test_client().get("/refuses").text, "html.parser").main
    words = " ".join(page.get_text().split())
    assert len(page.h2.find_next("p").get_text()) > len("Wait a minute.")
    assert {link.get_text(): link["href"] for link in page.find_all("a")} == WAYS_HOME
    assert [jargon for jargon in JARGON if jargon in words.partition("If you ask somebody")[0]] == []


@pytest.mark.parametrize("status", [400, 405, 413, 422, 429])
def test_a_press_that_was_refused_does_not_pass_for_a_hiding(app, status):
    app.add_url_rule("/refuses", "refuses", lambda: abort(status))
    assert "If you wanted to hide, or to say no: that is not saved yet." in app.test_client().get("/refuses").text


def test_headers_that_say_what_to_do_next_are_kept(client):
    assert client.post("/v1/fails/404").headers["Allow"]


@pytest.mark.parametrize("path", ["/v1/fails/value", "/fails/value", "/v1/nothing", "/nothing"])
def test_errors_carry_the_security_headers_too(client, path):
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_an_address_that_is_echoed_nowhere_cannot_be_used_to_write_on_a_page(client):
    answer = client.get("/nothing/<script>alert(1)</script>")
    assert "script>alert" not in answer.text


def test_one_code_has_one_status():
    register_status("bad_input", HTTPStatus.BAD_REQUEST)
    with pytest.raises(ValueError, match="bad_input"):
        register_status("bad_input", HTTPStatus.CONFLICT)


def test_a_failure_leaves_no_connection_behind(app, client):
    client.get("/v1/fails/value")
    with app.app_context():
        assert app.extensions["sqlalchemy"].engine.pool.checkedout() == 0


def subclasses(error):
    for found in error.__subclasses__():
        yield found
        yield from subclasses(found)


def test_every_code_is_one_word_list_in_small_letters(app):
    assert app
    codes = {error.code for error in subclasses(GovernanceError)}
    assert all(code == code.lower() and code.replace("_", "").isalpha() for code in codes)
