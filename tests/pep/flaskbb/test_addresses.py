"""A link in a member's text is a link to a post however it is written; what is overlooked is a quote unasked about."""

import pytest
from flask import Flask

from governance.pep.flaskbb.addresses import page_at

POST = ("forum.view_post", {"post_id": 3})
TO_A_POST = {
    "as the forum writes it": "/post/3",
    "with the forum's name": "https://forum.example/post/3?page=2#pid3",
    "with a name and no scheme": "//forum.example/post/3",
    "slashes too many": "/post//3",
    "many slashes too many": "/post////3",
    "a slash at the end": "/raw/3/",
    "no slash at the end": "/closed/3",
    "both": "//x/closed//3",
    "encoded letters": "/po%73t/%33",
    "encoded slashes too many": "/post/%2F3",
    "ways up and down": "/topic/../post/./3",
    "without a first slash": "post/3",
}
REDIRECTED = ("slashes too many", "many slashes too many", "no slash at the end", "both", "encoded slashes too many")


@pytest.fixture(autouse=True)
def forum():
    app = Flask(__name__)

    def shows(**_):
        return ""

    for rule, endpoint in (
        ("/post/<int:post_id>", "forum.view_post"),
        ("/raw/<int:post_id>/", "forum.view_post"),
        ("/closed/<int:post_id>/", "forum.view_post"),
        ("/user/<username>", "user.profile"),
    ):
        app.add_url_rule(rule, endpoint, shows)
    with app.app_context():
        yield app


def naively(forum, address):
    """As it was once: a redirect counted as no page of ours."""
    try:
        return forum.url_map.bind("localhost").match(address, method="GET")
    except Exception:  # noqa: BLE001 - the fault itself
        return "", {}


@pytest.mark.parametrize("way", TO_A_POST)
def test_a_link_to_a_post_is_found_however_it_is_written(way):
    assert page_at(TO_A_POST[way]) == POST


@pytest.mark.parametrize("way", REDIRECTED)
def test_an_address_that_is_redirected_was_overlooked_by_who_takes_every_error_for_a_no(forum, way):
    assert naively(forum, page_of(TO_A_POST[way])) == ("", {})


def page_of(address):
    return address.removeprefix("//x").replace("%2F", "/")


def test_a_name_is_read_as_it_is():
    assert page_at("/user/J%C3%BCrgen%20A") == ("user.profile", {"username": "Jürgen A"})


@pytest.mark.parametrize("address", ["/none", "/post/x", "http://[", "mailto:a@b.example", "#here", ""])
def test_what_is_no_page_of_ours_is_a_link_like_any_other(address):
    assert page_at(address) == ("", {})


def test_a_forum_below_a_path_reads_addresses_from_there(forum):
    with forum.test_request_context("/", base_url="http://forum.example/talk"):
        assert page_at("/talk/post/3") == POST


def test_a_router_that_fails_fails_the_page(monkeypatch):
    def breaks(*_, **__):
        raise KeyError

    monkeypatch.setattr("werkzeug.routing.MapAdapter.match", breaks)
    with pytest.raises(KeyError):
        page_at("/post/3")
