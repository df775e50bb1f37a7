"""The page of see as, for a day that is over and for one group: what it shows, and what it asks for again."""

from datetime import date, time, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
import textstat

from governance.crypto.blind_index import place_key
from governance.db.extension import transaction
from governance.decision.facts import Room
from governance.decision.vocabulary import Action, Ages, Instant, Posture
from governance.effective.models import InForce
from governance.effective.service import Register
from governance.identity.service import platform_named
from governance.pdp.communities import Communities, Wanted
from governance.portal.reasons import Why
from governance.portal.seeing import Seen
from governance.ui.clock import from_the_wall, now, on_the_wall
from governance.ui.house import house
from tests.conftest import running, settings_in
from tests.portal.test_see_as import entries, look
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, Visitor, acknowledge, choose, found_forum, register, sign_in

HOUR = 3_600_000_000


def group(app, name, posture=Posture.INFORMED, **said):
    with app.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        wanted = Wanted(Room(posture, Ages.ADULTS), **said)
        Communities(session, house().keyring, platform.id).put(name, wanted, now=now(), told=Instant(now() - HOUR))


def at(visitor, whom, day, hour="12:00", **given):
    return visitor.get("/my/see-as").press("Who looks?", whom=whom, group="informed", day=day, time=hour, **given)


@pytest.fixture(scope="module")
def forum(tmp_path_factory):
    """One forum for the whole file, since hardly anybody changes anything."""
    with running(settings_in(tmp_path_factory.mktemp("pages"))) as app:
        found_forum(app)
        yield app


@pytest.fixture(scope="module")
def nurse(forum):
    return register(forum, "Nora Quill", "nurse", "nora")


@pytest.fixture(scope="module")
def chosen(forum, nurse):
    """Ana answers her nurse; three groups have said what they are."""
    group(forum, "open-talk", audience="public")
    group(forum, "closed-talk", Posture.PEER_ONLY, audience="members")
    group(forum, "trial", mode="observe")
    visitor = Visitor(forum.test_client())
    visitor.client.set_cookie("governance", sign_in(forum, "ana"))
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    return visitor


def test_a_day_before_the_record_began_is_said_to_be_unknown(chosen, nurse):
    at(chosen, nurse, "2020-05-03")
    assert chosen.status == 200
    assert "We cannot tell you that. You asked for 3 May 2020 at 12:00 (UK time)." in chosen.text
    assert "What we can show you begins on" in chosen.text
    assert "They could" not in chosen.text


def test_what_is_no_past_day_is_asked_for_again(chosen, nurse):
    for day, hour in (("soon", "12:00"), ("9999-12-31", "12:00"), ("2026-01-01", "noon")):
        at(chosen, nurse, day, hour)
        assert chosen.status == 400
        assert "Give a day that has come" in chosen.text


def test_a_day_to_come_is_no_past_one_and_today_is(chosen, nurse):
    today = on_the_wall(now()).date()
    assert at(chosen, nurse, (today + timedelta(days=1)).isoformat()).status == 400
    assert at(chosen, nurse, today.isoformat(), "23:59").status == 200
    assert "They could" in chosen.text


def test_looking_at_the_past_leaves_nothing_behind(forum, chosen, nurse):
    before = entries(forum)
    at(chosen, nurse, on_the_wall(now()).date().isoformat(), "23:59")
    assert entries(forum) == before


def test_an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_lies_behind_the_gap():
    twice = from_the_wall(date(2026, 10, 25), time(1, 30))
    assert from_the_wall(date(2026, 10, 25), time(2, 30)) - twice == 2 * HOUR
    assert on_the_wall(from_the_wall(date(2026, 3, 29), time(1, 30))).hour == 2


def test_one_group_is_shown_with_who_can_read_it(chosen, nurse):
    for name, said in (("open-talk", "Anybody can read it"), ("closed-talk", "Only members can read it")):
        chosen.get("/my/see-as").press("Who looks?", whom=nurse, group="one", community=name)
        assert chosen.h1 == f"What Nora Quill can do in the group “{name}”"
        assert said in chosen.page.select_one(".about-group").get_text()
    groups = [item.get_text() for item in chosen.page.select(".groups li")]
    assert groups == [
        "2 where your choices decide: anybody can read, signed in or not",
        "1 for members alone: only members can read",
    ]


def test_who_is_signed_out_reads_a_public_group_and_no_other(chosen):
    for name, said in (("open-talk", "Anybody can read in this group."), ("closed-talk", "Only members can read in")):
        chosen.get("/my/see-as").press("Who looks?", whom="signed_out", group="one", community=name)
        assert said in chosen.text


def test_a_group_that_is_none_is_asked_for_again(chosen, nurse):
    for name in ("", "no such group", "x" * 5_000):
        chosen.get("/my/see-as").press("Who looks?", whom=nurse, group="one", community=name)
        assert chosen.status == 400
        assert "Your forum has no group of this name" in chosen.text


def test_a_group_that_only_tries_it_out_says_that_all_is_seen(forum, chosen, nurse):
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        subject = f"{platform.id}/{place_key(house().keyring, platform.id, 'community', 'trial')}"
        register = Register(session, house().keyring, now())
        register.put("community", subject, "pdp", {**register.said("community", subject, "pdp"), "mode_since": 0})
    chosen.get("/my/see-as").press("Who looks?", whom=nurse, group="one", community="trial")
    assert "Your forum is still trying this out here." in chosen.text


def test_the_answers_are_easy_to_read_now_and_then(chosen, nurse):
    today = on_the_wall(now()).date().isoformat()
    for whom, day in zip((nurse, "team", "profession:nurse", "signed_out"), ("", today, "", today), strict=True):
        chosen.get("/my/see-as").press("Who looks?", whom=whom, group="informed", day=day, time="23:59")
        assert chosen.status == 200
        assert textstat.flesch_kincaid_grade(sentences(chosen.page)) <= 6


def test_every_reason_has_its_sentence(forum):
    with forum.test_request_context():
        template = forum.jinja_env.get_template("portal/see_as_words.html").module
        for why, past in product(Why, (False, True)):
            said = template.why(Seen(Action.VIEW, permit=True, why=why), past)
            assert said.strip().endswith(".")


def test_a_row_that_another_hand_changed_closes_no_page(forum, chosen):
    with forum.app_context(), transaction() as session:
        before = session.execute(sa.select(InForce.subject, InForce.mac).where(InForce.kind == "community")).all()
        session.execute(sa.text("UPDATE effective_row SET mac = zeroblob(32) WHERE kind = 'community'"))
    looked = look(chosen, "other").status
    chosen.get("/my/see-as").press("Who looks?", whom="other", group="one", community="open-talk")
    with forum.app_context(), transaction() as session:
        for subject, mac in before:
            session.execute(
                sa.text("UPDATE effective_row SET mac = :mac WHERE subject = :it"), {"mac": mac, "it": subject}
            )
    assert looked == 200
    assert "We cannot tell you that." in chosen.text
