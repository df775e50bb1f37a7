"""Leaving at once: on every page of somebody signed in, without a script, and nothing to come back to."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from governance.config.public import PublicSettings
from tests.conftest import running, settings_in
from tests.ui.visits import Visitor, forum, found_forum, sign_in, stranger, visitor

__all__ = ["forum", "stranger", "visitor"]
ELSEWHERE = "https://www.bbc.co.uk/weather"


@pytest.mark.parametrize("path", ["/", "/my/choices", "/my/delete", "/my/put-right", "/no-such-page", "/privacy"])
def test_every_page_of_somebody_signed_in_has_the_way_out(visitor, path):
    link = visitor.get(path).page.find("a", attrs={"data-leave": True})
    assert (link["href"], "noreferrer" in link["rel"]) == ("/leave", True)


def test_a_page_for_anybody_has_none_but_where_one_looks_for_help(stranger):
    assert stranger.get("/").page.find("a", attrs={"data-leave": True}) is None
    assert stranger.get("/whom-to-call").page.find("a", attrs={"data-leave": True})


def test_it_leads_elsewhere_and_ends_the_sign_in(visitor):
    answer = visitor.client.get("/leave")
    assert (answer.status_code, answer.location) == (HTTPStatus.SEE_OTHER, ELSEWHERE)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert visitor.get("/my/choices").path == "/sign-in"


@pytest.mark.parametrize("header", [("Sec-Fetch-Site", "cross-site"), ("Sec-Purpose", "prefetch;prerender")])
def test_another_site_or_a_browser_by_itself_ends_nothing(visitor, header):
    assert visitor.client.get("/leave", headers=[header]).location == ELSEWHERE
    assert visitor.get("/my/choices").path == "/my/choices"


def test_the_operator_says_where_to(tmp_path):
    settings = replace(settings_in(tmp_path), public=PublicSettings("https://library.example/"))
    with running(settings) as app:
        found_forum(app)
        client = app.test_client()
        client.set_cookie("governance", sign_in(app, "ana"))
        assert Visitor(client).client.get("/leave").location == "https://library.example/"


def test_the_privacy_notice_is_for_anybody_and_says_what_nobody_has_set(stranger):
    stranger.get("/").follow("What we do with your data")
    assert stranger.h1 == "What we do with your data"
    assert "[the name of whoever runs this service is missing]" in stranger.text


def test_the_privacy_notice_names_who_runs_the_service(tmp_path):
    told = dict.fromkeys(("controller_name", "controller_contact", "dpo_contact", "authority", "hosting"), "The Trust")
    with running(replace(settings_in(tmp_path), public=PublicSettings(told=told))) as app:
        page = Visitor(app.test_client()).get("/privacy")
    assert "This service is run by The Trust." in page.text
    assert "is missing" not in page.text
