"""Officers at the page of forums: who gets there, what it says, one press that stops, two that let go on."""

from datetime import timedelta

import pytest

from governance.decision.vocabulary import Instant
from governance.effective.life.service import standing_of
from governance.effective.life.states import ENDINGS, Because, Mended, State
from governance.effective.replicas.service import Said, write_down
from governance.feed.webhooks.models import WebhookEvent
from governance.feed.webhooks.service import Announcer, Wanted, set_up
from governance.identity.permissions import Role
from governance.ledger.hints import HINTS, Hint
from governance.ledger.models import LedgerEntry
from governance.pdp.platforms.desk import words
from governance.pdp.platforms.service import go_live
from governance.pdp.platforms.steps import steps_of
from governance.ui.clock import now
from tests.forum import Forum, asked
from tests.identity.staff import client_of
from tests.pdp.platforms.conftest import LEAK
from tests.ui.spanish import in_spanish
from tests.ui.visits import Visitor

HCP = asked("nurse", "ana")
SURFACES = [
    {"surface": "title", "page": "/m/ana", "before": 2, "leaks": 1},
    {"surface": "text", "page": "/t/*", "before": 1, "leaks": 0},
]


@pytest.fixture
def olu(app, people):
    assert people
    return Visitor(client_of(app, Role.OFFICER))


@pytest.fixture
def page(people):
    return f"/desk/forums/{people.id}"


@pytest.fixture
def takes(people, life, prober):
    """A report of the probe is taken, some seconds from now."""

    def take(*leaks, seconds=0, **said):
        life(seconds=seconds).take(prober.says(leaks, ago=-timedelta(seconds=seconds), **said))
        people.session.commit()

    return take


def entries(people):
    rows = people.session.query(LedgerEntry).filter_by(kind="platform_life")
    return b" ".join(row.document for row in rows)


def back(people):
    people.session.commit()
    people.session.expire_all()
    state = standing_of(people.session, people.id).state
    # Not to hold the one writer's place while somebody presses.
    people.session.commit()
    return state


def test_only_officers_get_in(app, people, caller, page):
    others = sorted(set(Role) - {Role.OFFICER})
    clients = {role: (client_of(app, role, subject=role, name=role), {}) for role in others}
    clients |= {"a forum's token": (app.test_client(), caller.headers), "nobody": (app.test_client(), {})}
    for who, (client, headers) in clients.items():
        for path in ("/desk/forums", page, f"{page}/go-on"):
            answer = client.get(path, headers=headers)
            assert answer.status_code in {303, 403}, (who, path)
            assert "nhsuk-list--number" not in answer.text
        for path in (f"{page}/hold", f"{page}/go-on"):
            assert client.post(path, data={"because": "seen"}, headers=headers).status_code in {303, 400, 403}, who
    assert back(people) is State.TRYING
    officer = client_of(app, Role.OFFICER, subject="oda", name="Oda").get(page)
    assert (officer.status_code, "nhsuk-list--number" in officer.text) == (200, True)


def test_the_list_says_where_each_forum_is_and_what_is_next(olu, people):
    Forum(people.session, people.keyring, "other")
    people.session.commit()
    olu.get("/desk/forums")
    found = {link.get_text(): link.parent.get_text(" ") for link in olu.page.select("a[href*='/desk/forums/']")}
    assert set(found) == {"forum", "other"}
    assert "Being connected" in found["forum"]
    assert "Note the address that is checked" in found["forum"]
    assert "Have the forum tell us of each group" in found["other"]


def test_one_press_and_a_reason_stop_a_forum_at_once_and_the_ledger_says_who(olu, people, caller, page):
    assert caller.decides(HCP) == (True, "permitted")
    olu.get(page).press("Put it on hold", because="seen")
    assert "It is on hold." in olu.text
    assert "Our staff put it on hold, because somebody saw words there" in olu.text
    assert caller.decides(HCP) == (False, "hcp_not_eligible")
    assert back(people) is State.SUSPENDED
    assert b'"because":"seen"' in entries(people)
    assert b'"by":"' in entries(people)
    assert "Put it on hold" not in olu.get(page).page.main.get_text()


@pytest.mark.parametrize("sent", [{}, {"because": "bored"}])
def test_without_a_reason_nothing_is_stopped(olu, people, page, sent):
    olu.get(page).press("Put it on hold", **sent)
    assert (olu.status, back(people)) == (422, State.TRYING)
    assert "Pick why" in olu.text


def test_a_forum_goes_on_only_after_a_clean_report_since(olu, people, caller, page, takes):
    takes()
    olu.get(page).press("Put it on hold", because="asked")
    assert "There is no such check yet." in olu.text
    assert olu.get(f"{page}/go-on").path == page
    takes(seconds=2)
    assert back(people) is State.SUSPENDED
    assert caller.decides(HCP)[0] is False
    olu.get(f"{page}/go-on")
    assert "will be shown again what patients permitted" in olu.text
    olu.press("Yes, let it go on")
    assert "It goes on." in olu.text
    assert caller.decides(HCP) == (True, "permitted")
    assert back(people) is State.TRYING, "nothing was live before"


def test_a_hold_about_the_whole_forum_ends_by_what_was_mended_and_leaves_a_walk_owed(olu, people, page, takes):
    takes(LEAK, kind="canary")
    takes(LEAK, seconds=2)
    assert "What was mended?" not in olu.get(page).text
    assert "Within 3 days a check of the whole forum must find nothing" in olu.text
    takes(kind="canary", seconds=4)
    olu.get(f"{page}/go-on")
    olu.press("Yes, let it go on")
    assert (olu.status, back(people)) == (422, State.SUSPENDED)
    assert "Pick what was mended" in olu.text
    olu.press("Yes, let it go on", mended="patched")
    assert back(people) is State.TRYING
    assert "It owes a check of the whole forum" in olu.text
    assert b'"because":"patched"' in entries(people)
    # The pages of a hold that a check alone ends do not ask.
    takes(seconds=600)
    assert "It owes a check" not in olu.get(page).text
    olu.press("Put it on hold", because="asked")
    takes(kind="canary", seconds=900)
    assert "What was mended?" not in olu.get(f"{page}/go-on").text
    olu.press("Yes, let it go on")
    assert back(people) is State.TRYING


def test_what_is_no_answer_ends_no_hold(olu, people, page, takes):
    olu.get(page).press("Put it on hold", because="seen")
    takes(seconds=2)
    olu.get(f"{page}/go-on").press("Yes, let it go on", mended="bored")
    assert (olu.status, back(people)) == (422, State.SUSPENDED)


def test_a_leak_that_came_while_somebody_read_the_page_is_not_resumed(olu, people, page, takes):
    olu.get(page).press("Put it on hold", because="silent")
    takes(seconds=2)
    olu.get(f"{page}/go-on")
    takes(LEAK, kind="canary", seconds=4)
    olu.press("Yes, let it go on")
    assert (olu.status, back(people)) == (409, State.SUSPENDED)
    assert "The forum stays on hold" in olu.text


def test_who_signed_in_long_ago_signs_in_again_before_anything_opens(app, people, page, takes):
    long_ago = Instant(now() - 3600 * 1_000_000)
    late = Visitor(client_of(app, Role.OFFICER, auth_time=long_ago))
    late.get(page).press("Put it on hold", because="other")
    assert back(people) is State.SUSPENDED
    takes(seconds=2)
    assert late.get(f"{page}/go-on").path == "/staff/sign-in"
    assert back(people) is State.SUSPENDED


def test_a_forum_that_ended_can_neither_be_stopped_nor_go_on(olu, people, page, life):
    olu.get(page)
    life().end()
    people.session.commit()
    olu.press("Put it on hold", because="seen")
    assert (olu.status, back(people)) == (409, State.ENDED)
    assert "Ended since" in olu.get(page).text
    assert olu.get(f"{page}/go-on").path == page


def test_what_the_probe_found_is_told_by_kind_of_place_and_no_page_is_named(olu, page, takes):
    takes(LEAK, kind="canary", told={"surfaces": SURFACES})
    olu.get(page)
    assert "A look at the words that stay there for this found that they could be read." in olu.text
    assert "title: read on 1 page" in olu.text
    assert "title: read on 1 pages" not in olu.text
    assert "text: hidden" in olu.text
    assert "/m/ana" not in olu.html
    assert not {"ana", "nurse"} & set(olu.page.main.get_text(" ").lower().split())


def test_a_report_of_another_form_is_told_without_its_table(olu, page, takes):
    forms = (None, [1], [{"surface": "x"}], {"surface": 1}, [{**SURFACES[0], "leaks": "many"}])
    for seconds, rows in enumerate(forms):
        takes(seconds=seconds, told={"surfaces": rows})
        assert "It found nothing that should have been hidden." in olu.get(page).text, rows


def test_programs_that_decide_by_themselves_and_hints_are_told(olu, people, page):
    write_down(people.session, people.keyring, people.id, Said("one", 1, 5_000), now())
    hook = set_up(people.session, people.keyring, people.id, Wanted("https://forum.example/h", frozenset(HINTS)), now())
    Announcer(people.keyring)
    dead = WebhookEvent(id=hook.id, webhook_id=hook.id, hint=Hint.PING.value, state="dead", tries=9)
    dead.at = dead.begun = dead.due = dead.ended = now()
    people.session.add(dead)
    people.session.commit()
    olu.get(page)
    assert "It has number 1." in olu.text
    assert "it may go on for 5." in olu.text
    assert "1 hint was given up." in olu.text
    assert "forum.example/h" not in olu.html


def test_a_record_that_another_hand_changed_keeps_nobody_from_stopping_the_forum(olu, people, page, caller):
    people.session.connection().exec_driver_sql("UPDATE effective_row SET mac = x'00' WHERE kind = 'community'")
    people.session.commit()
    assert "A record of it cannot be read." in olu.get("/desk/forums").text
    olu.get(page).press("Put it on hold", because="seen")
    assert back(people) is State.SUSPENDED
    assert caller.decides(HCP)[0] is False


def test_every_step_reason_and_state_has_its_words(people):
    steps = steps_of(people.session, people.keyring, people.platform, now()).steps
    assert [one.name for one in steps] == list(words.STEPS)
    assert set(words.STATES) == set(State)
    assert set(words.BECAUSE) == set(Because)
    assert set(words.MENDED) == set(Mended)
    assert set(words.WHY) == set(ENDINGS)


def test_a_forum_that_is_live_says_so_and_nothing_is_left_to_do(olu, people, page, takes):
    takes()
    go_live(people.session, people.keyring, people.id, "c", now())
    people.session.commit()
    assert "not yet" not in olu.get(page).text
    assert "Live since" in olu.text


def test_all_of_it_in_spanish(app, page, takes):
    reader = in_spanish(Visitor(client_of(app, Role.OFFICER)))
    reader.get("/desk/forums")
    reader.get(page)
    reader.press(reader.page.select_one("form[action$=hold] button").get_text(strip=True), because="seen")
    takes(seconds=2, told={"surfaces": SURFACES})
    reader.get(page)
    reader.get(f"{page}/go-on")
    go_on = reader.page.select_one("main form button").get_text(strip=True)
    reader.press(go_on)
    reader.press(go_on, mended="other")
    assert reader.left == {}
