"""Rules of one's own at their pages: five questions, then check and save; a no takes nothing more than a yes."""

from http import HTTPStatus

import pytest
import textstat

from governance.db.extension import reading, transaction
from governance.decision.facts import Room
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import FOREVER, Ages, Level, Posture
from governance.identity.models import Account
from governance.identity.service import platform_named
from governance.optout.choices import Named
from governance.optout.models import ChosenPlace
from governance.patients.ages.bands import Band
from governance.patients.ages.service import Claim, People
from governance.patients.service import patient_for
from governance.pdp.communities import Communities, Wanted
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house
from tests.optout.test_web import in_force, offered, picked
from tests.optout.test_web_more import confirms, ready, rows, says
from tests.optout.wishes import grow_up, prove
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, Visitor, acknowledge, choose, doctor, forum, nurse, sign_in, stranger, visitor

__all__ = ["doctor", "forum", "nurse", "ready", "stranger", "visitor"]
PAGES = [
    "rules",
    *(f"rule/{page}" for page in ("who", "where", "what", "when", "posts")),
    "ready-made",
    "danger",
    "peers",
]
ZONE = "Europe/London"


def makes(visitor, level="closed", *, who=None, where=None, when=None):
    """Answer the five questions of a rule; nothing is confirmed."""
    visitor.get("/choices/rule/who").press("Go on", **(who or {"who": "others"}))
    visitor.press("Go on", **(where or {"where": "platform"}))
    visitor.press("Go on", level=level)
    visitor.press("Go on", **{"zone": ZONE, **(when or {"when": "open"})})
    return visitor.press("Go on", posts="all")


def opens_group(app, name):
    with app.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        wanted = Wanted(Room(Posture.INFORMED, Ages.MIXED))
        Communities(session, house().keyring, platform.id).put(name, wanted, now=now())


def the_rule(app):
    (rule,) = in_force(app).rules
    return rule


def test_a_rule_is_checked_and_then_counts(ready, forum, nurse):
    opens_group(forum, "type-1")
    where = {"where": "community", "place": "type-1"}
    makes(ready, who={"who": "named", "person": nurse}, where=where)
    assert ready.h1 == "Check your answers"
    said = rows(ready)["Rules of my own"]
    for words in ("Nora Quill", "in the group type-1", "“Closed”", "until I end it", "all my posts"):
        assert words in said
    confirms(ready)
    scope = the_rule(forum).scope
    assert (scope.who, scope.name, scope.scale) == (WhoKind.NAMED, nurse, Scale.COMMUNITY)
    assert scope.end == FOREVER
    assert "in the group type-1" in rows(ready)["Rules of my own"]
    ready.get("/my/choices")
    assert rows(ready)["Rules of my own"] == said
    prove(forum, ready)
    assert "Nora Quill, in the group type-1." in ready.get("/my/history").text


def test_what_was_typed_is_kept_sealed(ready, forum):
    makes(ready, where={"where": "thread", "place": "t-4711"})
    confirms(ready)
    with forum.app_context(), reading() as session:
        (row,) = session.query(ChosenPlace).all()
        assert b"4711" not in row.sealed_name
    assert "t-4711" in ready.get("/my/choices").text


def lacks(visitor, field, **given):
    """Send what is not enough; it is said at the top and at the question."""
    visitor.press("Go on", **given)
    assert visitor.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert visitor.page.select_one(".nhsuk-error-summary a")["href"] == f"#{field}"
    assert visitor.page.find(id=field)


@pytest.mark.usefixtures("nurse")
def test_what_is_missing_is_said_at_the_top_and_at_the_question(ready):
    ready.get("/choices/rule/who")
    lacks(ready, "who")
    lacks(ready, "organisation", who="organisation")
    lacks(ready, "profession", who="profession")
    ready.press("Go on", who="others")
    lacks(ready, "where")
    lacks(ready, "place", where="thread")
    lacks(ready, "place", where="community", place="typo")
    assert "has not told us of such a group" in ready.text
    ready.press("Go on", where="platform")
    lacks(ready, "level")
    ready.press("Go on", level="seen")
    lacks(ready, "when", zone=ZONE)
    days = {"when": "days", "zone": ZONE}
    lacks(ready, "first", **days)
    lacks(ready, "first", **days, first="2096-05-14", last="2096-05-01")
    lacks(ready, "first", **days, first="2021-05-01", last="2021-05-14")
    lacks(ready, "first", when="two_weeks", zone="Nowhere/Else")
    ready.press("Go on", when="open", zone=ZONE)
    lacks(ready, "posts")


def test_who_is_not_on_the_page_is_refused(ready):
    for given in ({"who": "named", "person": "no-key"}, {"who": "profession", "profession": "wizard"}, {"who": "all"}):
        ready.get("/choices/rule/who").press("Go on", **given)
        assert ready.status == HTTPStatus.BAD_REQUEST


@pytest.mark.slow
def test_a_later_page_without_the_earlier_answers_leads_to_the_first(ready):
    ready.get("/choices/rule/who")
    for page in ("where", "what", "when", "posts"):
        assert ready.get(f"/choices/rule/{page}").path == "/choices/rule/who"


@pytest.mark.parametrize(("said", "shown"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "Europe/London")])
def test_whose_clock_is_asked_with_the_one_where_somebody_lives_picked(ready, forum, said, shown):
    """And the control: of whom nobody said where they live, the usual one."""
    with forum.app_context(), transaction() as session:
        theirs, at = session.query(Account).one(), now()
        patient = patient_for(session, house().keyring, (theirs.id, theirs.platform_id, theirs.key), at)
        people = People(session, house().keyring, policies().optout, at)
        if said:
            people.says(patient, "platform:theirs", Claim(Band.ADULT, zone=said))
    ready.get("/choices/rule/who").press("Go on", who="others")
    ready.press("Go on", where="platform")
    ready.press("Go on", level="closed")
    assert [one.get_text() for one in ready.page.find(id="zone").find_all("option", selected=True)] == [shown]


def test_from_day_to_day_holds_for_whole_days_where_one_lives(ready, forum):
    days = {"when": "days", "first": "2096-05-01", "last": "2096-05-14", "zone": "America/New_York"}
    makes(ready, when=days)
    assert "from 1 May 2096 at 00:00 (America/New_York) to 15 May 2096 at 00:00 (America/New_York)" in ready.text
    confirms(ready)
    assert the_rule(forum).scope.zone == "America/New_York"


@pytest.mark.slow
def test_everyone_for_two_weeks_leaves_those_named_or_not_as_one_says(ready, forum, nurse):
    says(ready, nurse, "answered")
    makes(ready, who={"who": "everyone"}, where={"where": "everywhere"}, when={"when": "two_weeks"})
    confirms(ready)
    assert {rule.scope.who for rule in in_force(forum).rules} == {WhoKind.CARE_TEAM, WhoKind.OTHERS}
    ready.get("/choices/rule/who")
    assert "By name, you said yes to: Nora Quill." in ready.text
    assert "everyone_too" in offered(ready)
    makes(ready, who={"who": "everyone_too"}, where={"where": "everywhere"}, when={"when": "two_weeks"})
    confirms(ready)
    named = [rule for rule in in_force(forum).rules if rule.scope.who is WhoKind.NAMED]
    assert [(rule.scope.name, rule.level) for rule in named] == [(nurse, Level.CLOSED)]


@pytest.mark.slow
def test_without_a_yes_to_somebody_nobody_is_asked_about_them(ready):
    ready.get("/choices/rule/who")
    assert "everyone_too" not in offered(ready)


@pytest.mark.slow
def test_a_rule_is_taken_away(ready, forum):
    makes(ready)
    confirms(ready)
    ready.get("/choices/rules").press("Take this rule away")
    assert ready.h1 == "Check your answers"
    assert rows(ready)["Rules of my own"] == "None"
    grow_up(forum)
    prove(forum, ready)
    confirms(ready)
    assert ready.path == "/my/waiting"
    assert "Rule taken away: All other professionals, on the forum" in ready.text
    assert len(in_force(forum).rules) == 1


@pytest.mark.slow
def test_a_no_for_one_person_until_one_ends_it_is_the_no_by_name(ready, forum, doctor):
    makes(ready, who={"who": "named", "person": doctor}, where={"where": "everywhere"})
    confirms(ready)
    assert in_force(forum).named == {Named(doctor, Level.CLOSED)}
    assert in_force(forum).rules == frozenset()


@pytest.mark.slow
def test_of_an_organisation_the_page_says_what_a_yes_is_worth(ready, forum):
    ready.get("/choices/rule/who").press("Go on", who="organisation", organisation="  Hillview   Clinic ")
    ready.press("Go on", where="everywhere")
    assert "We ask places of care who works there" in ready.text
    ready.press("Go on", level="closed")
    ready.press("Go on", when="open", zone=ZONE)
    ready.press("Go on", posts="all")
    assert "All who say they work at: Hillview Clinic" in ready.text
    confirms(ready)
    assert the_rule(forum).scope.name not in ("", "Hillview Clinic")


# --- choices that cross


def test_choices_that_cross_warn_with_an_example_before_saving(ready, nurse):
    says(ready, nurse, "answered")
    assert "Two of your choices cross." not in ready.text
    makes(ready, who={"who": "others"})
    assert "Two of your choices cross." in ready.text
    assert "Who: Nora Quill. Where: on the forum t1d-forum. What: “Read my posts”. The answer is no." in ready.text


@pytest.mark.slow
def test_a_choice_within_another_one_does_not_cross(ready, nurse):
    says(ready, nurse, "answered")
    makes(ready, who={"who": "named", "person": nurse})
    assert "Two of your choices cross." not in ready.text


# --- ready-made answers, danger, peers


def test_ready_made_answers_stand_in_no_order_of_worth_and_none_is_picked(visitor):
    visitor.get("/choices/ready-made")
    assert picked(visitor) == []
    assert offered(visitor) == ["nobody", "team_reads", "team_only", "not_my_team", "all_may_answer", "open"]
    visitor.press("Go on", preset="not_my_team")
    assert visitor.path == "/choices/team"
    visitor.press("Go on")
    assert rows(visitor)["All other professionals"].startswith("Answered")


@pytest.mark.slow
def test_help_in_danger_is_no_until_somebody_says_yes(ready, forum):
    assert picked(ready.get("/choices/danger")) == []
    for answer, said in (("later", "No"), ("yes", "Yes"), ("later", "Yes"), ("no", "No"), ("yes", "Yes")):
        ready.get("/choices/danger").press("Go on", answer=answer)
        assert rows(ready)["Help when someone says I am in danger"] == said
    confirms(ready)
    assert in_force(forum).emergency


def test_a_yes_to_help_in_danger_waits_and_a_no_does_not(ready, forum):
    confirms(ready)
    grow_up(forum)
    prove(forum, ready)
    ready.get("/choices/danger").press("Go on", answer="yes")
    confirms(ready)
    assert ready.path == "/my/waiting"
    assert "Help in danger: yes." in ready.text
    assert not in_force(forum).emergency
    ready.get("/choices/danger").press("Go on", answer="no")
    confirms(ready)
    assert "Nothing waits" in ready.get("/my/waiting").text


@pytest.mark.slow
def test_peers_are_a_choice_of_adults(ready, forum):
    assert "Professionals who are ill themselves" not in rows(ready)
    assert ready.get("/choices/peers").path == "/choices/check"
    grow_up(forum)
    ready.get("/choices/peers").press("Go on", answer="yes")
    assert rows(ready)["Professionals who are ill themselves"] == "They may meet me as any member"
    confirms(ready)
    assert in_force(forum).peers


# --- a no takes nothing more than a yes


def cost(visitor, path, *answers, button="Go on"):
    """Count the pages, the presses and the fields that were on the way to the check page."""
    visitor.get(path)
    pages, presses, fields = 1, 0, 0
    for answer in answers:
        fields += len(visitor.page.select("main input:not([type=hidden]), main select, main textarea"))
        visitor.press(button, **answer)
        pages, presses = pages + 1, presses + 1
    assert visitor.h1 == "Check your answers", visitor.text
    return pages, presses, fields


def way_of_a_rule(level, who, when):
    return {"who": who}, {"where": "platform"}, {"level": level}, {"zone": ZONE, **when}, {"posts": "all"}


DAYS = {"when": "days", "first": "2096-05-01", "last": "2096-05-14"}
KINDS = {
    "a group": ("/choices/others", ({"level": "closed"},), ({"level": "answered"},)),
    "the team": ("/choices/care-team", ({"level": "closed"},), ({"level": "in_touch"},)),
    "ready-made": ("/choices/ready-made", ({"preset": "nobody"},), ({"preset": "open"},)),
    "danger": ("/choices/danger", ({"answer": "no"},), ({"answer": "yes"},)),
    "peers": ("/choices/peers", ({"answer": "no"},), ({"answer": "yes"},)),
    "extras": ("/choices/more/others", ({},), ({"actions": ["quote"]},)),
    **{
        f"a rule for {who} {when['when']}": (
            "/choices/rule/who",
            way_of_a_rule("closed", who, when),
            way_of_a_rule("answered", who, when),
        )
        for who, when in (("everyone_too", {"when": "two_weeks"}), ("others", DAYS))
    },
}


@pytest.fixture
def grown(ready, forum, nurse):
    says(ready, nurse, "answered")
    confirms(ready)
    grow_up(forum)
    return ready


def test_refusing_takes_no_more_pages_presses_or_fields_than_allowing(grown):
    for path, no, yes in KINDS.values():
        refusing, allowing = cost(grown, path, *no), cost(grown, path, *yes)
        assert all(less <= more for less, more in zip(refusing, allowing, strict=True)), path


@pytest.mark.slow
def test_by_name_refusing_takes_no_more_than_allowing(grown, nurse):
    person = {"who": nurse}
    assert cost(grown, "/choices/people", person, {"level": "closed"}) <= cost(
        grown, "/choices/people", person, {"level": "answered"}
    )


@pytest.mark.slow
def test_saving_a_no_takes_one_press_and_a_yes_a_proof_and_a_day(grown):
    makes(grown)
    grown.press("Save my choices")
    assert grown.path == "/my/choices/saved"
    makes(grown, "answered", who={"who": "profession", "profession": "nurse"})
    grown.press("Save my choices")
    assert grown.path == "/prove"


# --- all pages


def reads_well(visitor):
    assert textstat.flesch_kincaid_grade(sentences(visitor.page)) <= 6, visitor.path
    assert textstat.flesch_reading_ease(sentences(visitor.page)) >= 70, visitor.path
    fields = {field["id"] for field in visitor.page.select("main input:not([type=hidden]), main select")}
    assert fields == {label["for"] for label in visitor.page.select("main label")}
    (heading,) = visitor.page.find_all("h1")
    assert visitor.page.title.get_text().startswith(" ".join(heading.get_text().split()))
    assert [script["src"] for script in visitor.page.find_all("script")] == ["/static/leave.js"]
    assert visitor.page.find_all("style") == []
    assert "Say no to everyone now" in visitor.text


def test_the_pages_are_easy_to_read_and_let_people_say_no(ready, nurse):
    says(ready, nurse, "answered")
    makes(ready)
    first, *others = way_of_a_rule("closed", "organisation", {"when": "open"})
    ready.get("/choices/rule/who")
    for answer in ({**first, "organisation": "Hillview"}, *others):
        reads_well(ready)
        ready.press("Go on", **answer)
    for path in ("rules", "ready-made", "danger"):
        reads_well(ready.get(f"/choices/{path}"))


def test_who_is_not_signed_in_is_sent_to_sign_in(stranger):
    for path in PAGES:
        assert stranger.get(f"/choices/{path}").path == "/sign-in"


# --- nobody is told


@pytest.mark.slow
def test_no_page_of_a_professional_and_no_answer_of_ours_tells_who_named_them(forum, nurse):
    """What a nurse reads and what her forum is told is the same before and after a patient names her."""
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ana"))
    patient = Visitor(client)
    acknowledge(patient)
    hers = forum.test_client()
    hers.set_cookie("governance", sign_in(forum, "nora"))
    work = Visitor(hers)

    def told():
        return [work.get(path).text for path in ("/professional", "/my/choices", "/my/receipts")]

    before = told()
    choose(patient, "part_of_care", "closed", [nurse])
    says(patient, nurse, "in_touch")
    makes(patient, who={"who": "named", "person": nurse})
    confirms(patient)
    assert in_force(forum).team == {nurse}
    assert told() == before


def test_a_clinic_of_a_rule_is_called_as_its_patient_typed_it(ready):
    makes(ready, who={"who": "organisation", "organisation": "Hillview"})
    confirms(ready)
    page = ready.get("/my/see-as")
    assert "Anybody from Hillview" in page.text
    (clinic,) = (field["value"] for field in page.page.select("input[name=whom]") if "organisation" in field["value"])
    assert "It is about: Hillview." in ready.press("Look", whom=clinic, group="informed").text
