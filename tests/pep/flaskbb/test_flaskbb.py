"""FlaskBB 3 from its package, with the plugin, beside a service: what a patient said no to is on no page."""

import base64
import json
import re
import sqlite3

import pytest

from governance.pep.probe.__main__ import FOUND_NOTHING, LEAKS, main
from governance.pep.probe.signing import verify
from tests.pep.flaskbb.board import Member

pytestmark = [pytest.mark.forum, pytest.mark.timeout(900)]


def report_of(board):
    signed = board.report.read_text()
    header = json.loads(base64.urlsafe_b64decode(signed.split(".")[0] + "=="))
    return verify(signed, header["jwk"]["x"])


def rows(board, statement):
    with sqlite3.connect(board.folder / "flaskbb.db") as database:
        return database.execute(statement).fetchall()


def reads(member, path):
    """Which of the words stand on a page."""
    shown = member.get(path)
    said = (shown.text + str(shown.headers)).lower()
    return {kind for kind, word in member.board.marks.items() if word in said}


def test_the_probe_finds_no_leak_after_ana_hid_and_every_surface_was_read_before(board):
    report = report_of(board)
    assert report["leaks"] == []
    assert board.left == FOUND_NOTHING
    # What somebody tells of themselves takes `look_up`, which is in no level: no professional ever read it.
    assert report["unproven"] == ["notes"]
    assert report["proves"] is True
    assert report["lost"] == []
    # What everybody reads who is signed out is told, and is no leak.
    assert {"text", "title", "quote"} <= set(report["public"])
    pages = {one["page"] for one in report["surfaces"]}
    assert {
        "/",
        "/post/*/raw",
        "/topic/*",
        "/forum/*",
        "/user/ana",
        "/search (search)",
        "/uploads/attachments/*/*",
    } <= pages
    assert report["walked"]["after professional"]["pages"] > 40
    assert all(walk["failed"] == 0 for walk in report["walked"].values())


def test_the_probe_catches_a_plugin_that_only_takes_posts_out_of_topics(naive_board):
    report = report_of(naive_board)
    assert naive_board.left == LEAKS
    leaked = {(one["surface"], one["page"]) for one in report["leaks"]}
    for leak in (
        ("title", "/forum/*"),
        ("quiet_title", "/"),
        ("quote", "/topic/*"),
        ("text", "/search (search)"),
        ("text", "/post/*/raw"),
        ("text", "/user/ana/posts"),
        ("notes", "/user/ana"),
        ("attached", "/uploads/attachments/*/*"),
        ("count", "/forum/2"),
    ):
        assert leak in leaked, leak
    # What it does filter is filtered: the posts that Ana wrote, on the page of their topic.
    assert ("text", "/topic/*") not in leaked


def test_canaries_go_on_being_watched(board, naive_board):
    assert main(["canary", str(board.plan_file)]) == FOUND_NOTHING
    assert main(["canary", str(naive_board.plan_file)]) == LEAKS


def test_a_peer_reads_all_and_a_professional_the_rest(board):
    assert reads(Member(board, "ben"), "/topic/3") >= {"reply", "quote", "edited"}
    shown = Member(board, "nia").text("/topic/3")
    assert "benasks" in shown
    # Cal quoted Ana, and Ben quoted that: both posts hold her words.
    assert "calquotes" not in shown
    assert "bennests" not in shown


def test_a_quote_whose_link_is_written_carelessly_is_a_quote(board):
    ben = Member(board, "ben")
    quote = "> [view post](/post//5)\n>\n> carelesswords"
    topic = ben.post("/2/topic/new", page="/2/topic/new", title="What Ben adds", content="benadds", submit="Post").url
    path = topic.removeprefix(board.forum_url).partition("#")[0]
    assert path.startswith("/topic/")
    ben.post(path, content=quote)
    assert "carelesswords" in ben.text(path)
    shown = Member(board, "nia").text(path)
    assert "benadds" in shown
    assert "carelesswords" not in shown


def test_a_professional_is_told_no_number_of_a_whole_forum_and_the_count_of_what_they_read(board):
    def counted(page):
        row = page.partition("What Ben asks")[2]
        return int(re.search(r'topic-stats">(\d+)</div>', row).group(1))

    professional = Member(board, "dan")
    # Two posts of Ana's, Cal's quote of her, and Ben's quote of that.
    assert counted(professional.text("/forum/2")) == counted(Member(board, "ben").text("/forum/2")) - 4
    assert 'forum-posts">\N{EN DASH}</div>' in professional.text("/")


def test_a_reported_post_is_there_for_its_moderator_alone(board):
    assert "text" in reads(Member(board, "mo"), "/post/2/raw")
    assert "reply" not in reads(Member(board, "mo"), "/topic/3")
    assert reads(Member(board, "nia"), "/post/2/raw") == set()


def test_a_professional_can_do_nothing_to_what_they_may_not_see(board):
    nurse = Member(board, "nia")
    before = rows(board, "select count(*) from posts")
    assert nurse.post("/topic/2", page="/topic/3", content="unasked for").status_code == 404
    assert nurse.post("/topic/2/post/2/reply", page="/topic/3", content="unasked for").status_code == 404
    assert nurse.get("/topic/2/post/2/reply").status_code != 200 or reads(nurse, "/topic/2/post/2/reply") == set()
    assert nurse.post("/post/2/report", page="/topic/3", reason="let me look").status_code == 404
    assert rows(board, "select count(*) from posts") == before


def test_what_flaskbb_stores_for_everybody_is_never_counted_through_one_viewers_eyes(board):
    counted = "select topic_count, post_count, last_post_title from forums where id = 2"
    before = rows(board, counted)
    nurse = Member(board, "nia")
    written = nurse.post("/2/topic/new", page="/2/topic/new", title="From a nurse", content="hello all", submit="Post")
    assert written.status_code == 200
    topics, posts, _ = before[0]
    assert rows(board, counted) == [(topics + 1, posts + 1, "From a nurse")]
    for page in ("/", "/forum/2", "/topic/3"):
        nurse.get(page)
    assert rows(board, counted) == [(topics + 1, posts + 1, "From a nurse")]


def test_nobody_writes_to_a_patient_who_did_not_write_first(board):
    told = {"subject": "hello", "message": "may I help", "send_message": "Send"}
    sent = Member(board, "dan").post("/conversations/new", to_user="ana", **told)
    assert "You cannot send this message" in sent.text
    assert rows(board, "select count(*) from conversations where subject = 'hello'") == [(0,)]
    Member(board, "cal").post("/conversations/new", to_user="ana", **told)
    assert rows(board, "select count(*) from conversations where subject = 'hello'") == [(2,)]


def test_a_letter_belongs_to_its_addressee(board):
    told = {"subject": "from ana", "message": "a letter to my nurse", "send_message": "Send"}
    Member(board, "ana").post("/conversations/new", to_user="nia", **told)
    number = rows(board, "select c.id from conversations c join users u on u.id = c.user_id where u.username = 'nia'")
    assert "a letter to my nurse" in Member(board, "nia").text(f"/conversations/{number[0][0]}/view")


def test_a_badge_stands_beside_a_professional_and_the_way_to_the_choices_in_the_menu(board):
    nurse = Member(board, "nia")
    nurse.post("/topic/3", content="a word from a nurse")
    shown = Member(board, "ben").text("/topic/3")
    assert "author-badge" in shown.partition("a word from a nurse")[0].rpartition('class="row post-row')[2]
    assert "Your choices about health professionals" in shown
    assert "author-badge" not in Member(board).text("/topic/3")


def test_a_report_through_the_forums_button_brings_a_code(board):
    ben = Member(board, "ben")
    asked = ben.text("/governance/report/3")
    assert "In danger? Call 112." in asked
    assert "/governance/report/3" in ben.text("/topic/2")
    told = ben.post("/governance/report/3", type="other", what="It was unkind", key="0f5b1c9a-report-of-ben")
    # Who reads reports is appointed in a test of the service; here nobody is, and the forum keeps nothing of it.
    assert told.status_code in {200, 503}
    assert rows(board, "select count(*) from reports") == [(1,)]
    assert Member(board, "nia").get("/governance/report/2").status_code == 404
