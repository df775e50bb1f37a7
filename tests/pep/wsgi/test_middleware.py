"""What the middleware makes sure of on a real WSGI server, with a real sidecar, whatever the forum forgot."""

import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from governance.decision.vocabulary import Action
from governance.pep.questions import Resource, Words
from governance.pep.wsgi import VIEWER, GovernedPages, Mode, Sidecar
from governance.pep.wsgi.response import _private
from governance.pep.wsgi.viewer import Free
from tests.pep.replica.conftest import here, over_http, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import TOKEN, Caller, sidecar_on_socket
from tests.pep.sidecar.test_program import files, ready, set_up, started  # noqa: F401 - what an operator writes

SECRET = b"what ana wrote"
TAGGED = [("Content-Type", "text/html"), ("ETag", '"1"'), ("Cache-Control", "public, max-age=600"), ("Vary", "Accept")]
POSTS = [Resource("post", key, (Words(key, "c", "t", key),)) for key in ("ana", "bea", "nurse")]


def posts(environ, start):
    """A page that asks about its posts."""
    viewer = environ.get(VIEWER)
    answers = viewer.answers(Action.VIEW, POSTS) if viewer else [True] * 3
    start("200 OK", TAGGED)
    return [" ".join(post.id for post, answer in zip(POSTS, answers, strict=True) if answer).encode()]


def forgotten(_environ, start):
    start("200 OK", [*TAGGED, ("Content-Length", str(len(SECRET)))])
    return [b"", SECRET]


def streamed(environ, start):
    start("200 OK", TAGGED)
    yield b"<html>"
    yield from posts(environ, lambda *_: None)


def written(_environ, start):
    write = start("200 OK", TAGGED)
    write(SECRET)
    write(SECRET)
    return []


def about(environ, start):
    if VIEWER in environ:
        environ[VIEWER].shows_nobodys_words()
    start("200 OK", TAGGED)
    return [b"about us"]


def changed(environ, start):
    """A page that the browser may have kept."""
    if environ.get("HTTP_IF_NONE_MATCH") == '"1"':
        start("304 Not Modified", TAGGED)
        return []
    return posts(environ, start)


def fails(_environ, start):
    start("200 OK", TAGGED)
    error = KeyError()
    start("500 Internal Server Error", [("Content-Type", "text/plain")], (KeyError, error, error.__traceback__))
    return [b"it failed"]


def missing(environ, start):
    """An error whose page shows what else there is; it asks about that where it is told to."""
    if environ.get("QUERY_STRING") == "ask" and VIEWER in environ:
        environ[VIEWER].answers(Action.VIEW, POSTS)
    start("404 Not Found", [*TAGGED, ("Content-Length", str(len(SECRET)))])
    return [SECRET]


def moved(_environ, start):
    start("302 Found", [("Location", "/posts")])
    return [SECRET]


PAGES = (posts, forgotten, streamed, written, about, changed, fails, missing, moved)


class Forum:
    """Pages by their address; counts which of its answers were closed."""

    pages = {page.__name__: page for page in PAGES}  # noqa: RUF012

    def __init__(self):
        self.served = self.closed = 0

    def __call__(self, environ, start):
        self.served += 1
        return Closing(self, self.pages[environ["PATH_INFO"].strip("/")](environ, start))


class Closing:
    def __init__(self, forum, parts):
        self._forum, self._parts = forum, parts

    def __iter__(self):
        return iter(self._parts)

    def close(self):
        self._forum.closed += 1


class Running:
    def __init__(self, url, forum, middleware):
        self.url, self.forum, self.middleware = url, forum, middleware

    def get(self, page, viewer=None, method="GET", **headers):
        told = headers | ({"X-Viewer": viewer} if viewer else {})
        return requests.request(method, f"{self.url}/{page}", headers=told, timeout=10, allow_redirects=False)


@contextmanager
def forum_asking(socket, **more):
    forum = Forum()
    governed = GovernedPages(forum, Sidecar(str(socket), TOKEN), lambda environ: environ.get("HTTP_X_VIEWER"), **more)
    with over_http(governed) as url:
        yield Running(url, forum, governed)


@pytest.fixture
def socket():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "socket"


@pytest.fixture
def replica(here):  # noqa: F811
    replica, hands = here.replica()
    replica.follower.step()
    replica.hands = hands
    return replica


@pytest.fixture
def forum(replica, socket):
    with sidecar_on_socket(replica, socket), forum_asking(socket) as running:
        yield running


def test_a_page_that_asks_is_served_as_the_sidecar_answers(forum):
    assert forum.get("posts", "nurse").text == "ana nurse"
    assert forum.get("posts", "doctor").text == ""
    assert forum.get("posts", "pia").text == "ana bea nurse"
    assert forum.get("posts").text == "ana bea nurse"
    assert forum.middleware.counts == {"unanswered": 0, "unasked": 0, "would_hide": 0}


@pytest.mark.parametrize("page", ["forgotten", "written", "streamed"])
def test_a_page_that_did_not_ask_before_it_began_is_refused_to_who_is_governed(forum, page):
    refused = forum.get(page, "nurse")
    assert (refused.status_code, SECRET in refused.content, b"ana" in refused.content) == (503, False, False)
    assert int(refused.headers["Content-Length"]) == len(refused.content)
    assert refused.headers["Cache-Control"] == "no-store"
    assert "etag" not in refused.headers
    for viewer in ("pia", None):
        shown = forum.get(page, viewer)
        assert shown.status_code == 200
        assert b"ana" in shown.content
    assert forum.middleware.counts["unasked"] == 1
    ends = time.monotonic() + 10
    while forum.forum.closed < forum.forum.served and time.monotonic() < ends:
        time.sleep(0.01)
    assert forum.forum.closed == forum.forum.served


def test_a_page_without_a_body_is_not_told_by_its_length_either(forum):
    assert "Content-Length" in forum.get("forgotten", "pia", "HEAD").headers
    told = forum.get("forgotten", "nurse", "HEAD")
    assert (told.status_code, told.headers.get("Content-Length") == str(len(SECRET))) == (503, False)


def test_a_page_of_nobodys_words_a_way_elsewhere_and_a_failure_are_served(forum):
    assert forum.get("about", "nurse").text == "about us"
    assert forum.get("moved", "nurse").headers["Location"] == "/posts"
    assert forum.get("fails", "nurse").status_code == 500
    assert forum.get("fails", "pia").text == "it failed"


@pytest.mark.parametrize(("page", "status"), [("missing", 404), ("moved", 302), ("fails", 500)])
def test_no_words_stand_in_an_error_or_a_way_elsewhere_about_which_nobody_asked(forum, page, status):
    """An error often shows the rest of the forum beside it, or the form with the conversation once more."""
    told = forum.get(page, "nurse")
    assert (told.status_code, SECRET in told.content, b"it failed" in told.content) == (status, False, False)
    assert int(told.headers["Content-Length"]) == len(told.content)
    assert "etag" not in told.headers
    length = forum.get(page, "nurse", "HEAD").headers["Content-Length"]
    assert length == str(len(told.content))
    for viewer in ("pia", None):
        shown = forum.get(page, viewer)
        assert shown.status_code == status
        assert SECRET in shown.content or shown.content == b"it failed"
    # These are no pages that the forum forgot to ask about.
    assert forum.middleware.counts["unasked"] == 0
    assert forum.get("missing?ask", "nurse").content == SECRET


def test_an_exempt_address_is_served_as_it_is(replica, socket):
    with forum_asking(socket, exempt=lambda environ: environ["PATH_INFO"] == "/forgotten") as running:
        assert running.get("forgotten", "nurse").headers["Cache-Control"] == "public, max-age=600"
        with sidecar_on_socket(replica, socket):
            assert running.get("streamed", "nurse").status_code == 503


def test_no_shared_cache_keeps_what_somebody_signed_in_reads(forum):
    for viewer, kept in (("nurse", "no-store"), ("pia", "no-cache")):
        told = forum.get("posts", viewer).headers
        assert (told["Cache-Control"], told["Vary"]) == (f"private, {kept}", "Accept, Cookie")
    assert forum.get("posts").headers["Cache-Control"] == "public, max-age=600"


@pytest.mark.parametrize("page", ["posts", "about", "missing?ask", "changed"])
def test_of_who_is_governed_no_browser_keeps_any_page_whatever_it_holds(forum, page):
    for condition in ({}, {"If-None-Match": '"1"'}):
        assert forum.get(page, "nurse", **condition).headers["Cache-Control"] == "private, no-store"


def test_what_the_forum_itself_lets_nobody_keep_stays_so():
    kept = [("cache-control", "No-Store, max-age=0"), ("Vary", "Accept")]
    assert dict(_private(kept, may_be_kept=True)) == {"Cache-Control": "private, no-store", "Vary": "Accept, Cookie"}
    assert dict(_private(kept[1:], may_be_kept=True))["Cache-Control"] == "private, no-cache"


def test_a_browser_is_not_told_to_show_again_what_it_kept(forum):
    kept = {"If-None-Match": '"1"'}
    assert forum.get("changed", "nurse", **kept).text == "ana nurse"
    assert forum.get("changed", "pia", **kept).status_code == 304


def test_while_the_sidecar_is_away_members_go_on_and_nobody_else_is_let_in(replica, socket):
    with forum_asking(socket) as running:
        # Never heard of: not even a member.
        assert running.get("posts", "pia").status_code == 503
        with sidecar_on_socket(replica, socket):
            assert running.get("posts", "pia").status_code == running.get("posts", "nurse").status_code == 200
        assert running.get("about", "pia").text == "about us"
        # Nobody answers for the posts themselves: the forum shows none of them.
        assert running.get("posts", "pia").text == ""
        before = running.forum.served
        refused = running.get("posts", "nurse")
        assert (refused.status_code, refused.content) == (503, running.get("posts", "joe").content)
        assert running.forum.served == before
        assert running.get("posts").text == "ana bea nurse"
        assert running.middleware.counts["unanswered"] == 3


def test_who_was_free_and_is_governed_now_is_kept_as_governed():
    free = Free(most=2)
    for account in ("a", "b", "c"):
        free.heard(account, governed=False)
    free.heard("b", governed=True)
    assert [account in free for account in "abc"] == [False, False, True]


def test_an_answer_that_is_none_lets_nobody_in(replica, socket):
    with sidecar_on_socket(replica, socket):
        assert Sidecar(str(socket), TOKEN).is_governed("nurse") is True
        assert Sidecar(str(socket), TOKEN).is_governed("pia") is False
        assert Sidecar(str(socket), "x" * 40).is_governed("pia") is None
        replica.hidden_authors = lambda *_: {"rest": ["ask"]}
        assert Sidecar(str(socket), TOKEN).is_governed("pia") is None
        replica.hidden_authors = lambda *_: {"rest": "peek"}
        assert Sidecar(str(socket), TOKEN).is_governed("pia") is None


def test_a_trial_of_the_middleware_refuses_nothing_and_counts(replica, socket):
    with forum_asking(socket, mode=lambda: Mode.OBSERVE) as running:
        assert running.get("forgotten", "nurse").content == SECRET
        assert running.middleware.counts == {"unanswered": 1, "unasked": 1, "would_hide": 0}
        with sidecar_on_socket(replica, socket):
            assert running.get("forgotten", "nurse").content == SECRET
            # What the forum filters by the answers stays filtered.
            assert running.get("posts", "nurse").text == "ana nurse"
        assert running.middleware.counts["unasked"] == 2


def test_the_switch_works_at_the_next_request(replica, socket):
    modes = [Mode.OFF]
    with sidecar_on_socket(replica, socket), forum_asking(socket, mode=lambda: modes[-1]) as running:
        assert running.get("forgotten", "nurse").content == SECRET
        modes.append(Mode.ENFORCE)
        assert running.get("forgotten", "nurse").status_code == 503
        modes.append("something else")
        assert running.get("forgotten", "nurse").status_code == 503


def test_a_viewer_answers_for_nobody_else(replica, socket):
    told = []

    def page(environ, start):
        viewer = environ[VIEWER]
        told.append([viewer.evaluate_page(who, Action.VIEW, POSTS[:1])[0].permit for who in ("nurse", "pia")])
        start("200 OK", TAGGED)
        return [b"done"]

    governed = GovernedPages(page, Sidecar(str(socket), TOKEN), lambda _: "nurse")
    with sidecar_on_socket(replica, socket), over_http(governed) as url:
        assert requests.get(url, timeout=10).text == "done"
    assert told == [[True, False]]


@pytest.mark.slow
def test_with_the_sidecar_as_a_process_that_is_killed(here, files):  # noqa: F811
    set_up(here, files)
    with started(files) as process, forum_asking(files / "socket") as running:
        assert ready(Caller(files / "socket"))
        assert running.get("posts", "nurse").text == "ana nurse"
        assert running.get("forgotten", "nurse").status_code == 503
        assert running.get("about", "pia").text == "about us"
        process.kill()
        process.wait(30)
        assert running.get("posts", "nurse").status_code == 503
        assert running.get("about", "pia").text == "about us"
