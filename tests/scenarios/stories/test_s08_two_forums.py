"""S8, one patient on two forums: Ana answers her nurse on F, and links her account on G by signing in at both ends."""

import json
import re

import pytest

from governance.patients.intake.commands import unjoin
from tests.conduct.people import in_good_standing
from tests.conduct.people import says as says_so
from tests.conduct.test_one_person import joins as ties
from tests.optout.wishes import prove
from tests.patients.house import house, person, question
from tests.portal.test_export import copy

__all__ = ["house", "person"]
A_CODE_OF_FHIR = "v3-ParticipationType"
PAGES = ("/my/choices", "/my/history", "/my/receipts", "/my/forums", "/my/waiting", "/my/could-have-seen")


@pytest.fixture(scope="module")
def dan(house):
    """A midwife who is on both forums, and proved that both accounts are his."""
    in_good_standing(house.f, "dan", name="Dan Vale", profession="midwife")
    twin = says_so(house.g, "dan-on-g", name="Dan Vale", profession="midwife")
    ties(house.g, twin)
    house.session.commit()


def permits(caller, author, viewer="nurse", action="view"):
    return caller.decides(question(viewer, author, action))[0]


def status(caller, name):
    (found,) = caller.send("/v1/opt-outs/query", {"accounts": [name]}).json["opt_outs"]
    assert found.pop("account") == name
    return found


def she_is_asked_and_links_them(ana):
    ana.f.get("/my/forums/add").press("Show my code")
    code = ana.f.page.find(class_="code").get_text()
    ana.g.get("/my/forums/code").press("Go on", code=code)
    ana.g.press("Yes, this is me")
    asked = ana.f.get("/my/forums/confirm").text
    assert "Each no then counts on both forums at once. A yes counts only where you said it." in asked
    ana.f.press("Yes, join this account")
    assert "joined" in ana.f.text


def her_yes_stays_where_she_gave_it(house, ana):
    assert permits(house.on_f, ana.ana)
    assert not permits(house.on_g, ana.other)
    assert (status(house.on_f, ana.ana)["care_team"], status(house.on_g, ana.other)["care_team"]) == (
        "answered",
        "closed",
    )


def her_no_to_dan_by_name_on_g_reaches_f(house, ana):
    dan = house.g.key("dan-on-g")
    # Whoever reads in this session keeps all others from writing until it ends.
    house.session.commit()
    ana.g.get("/choices/people").press("Go on", who=dan).press("Go on", level="closed")
    ana.g.get("/choices/check").press("Save my choices")
    assert ana.g.h1 == "Your choices are saved"
    for action in ("view", "message", "find"):
        assert not permits(house.on_f, ana.ana, "dan", action)
        assert not permits(house.on_g, ana.other, "dan-on-g", action)


def seen_by(caller, account):
    """Everything that a forum may ask about its member."""
    asked = {"patient.identifier": account}
    consents = caller.client.post("/fhir/Consent/_search", data=asked, headers=caller.headers).json
    decided = [caller.send("/access/v1/evaluation", question("nurse", account)).json for _ in range(2)]
    return consents, caller.send("/v1/opt-outs/query", {"accounts": [account]}).json, decided


def counter(caller):
    """A forum's own revision, as any change of its own tells it."""
    return caller.send("/v1/opt-outs/tighten", {"account": "somebody else"}).json["revision"]


def long_words(told):
    """Whatever may be somebody's id or digest: no plain word is as long, or has digits."""
    return {one for one in re.findall(r"[0-9A-Za-z_.-]{20,}", json.dumps(told)) if re.search("[0-9]", one)}


def neither_forum_can_match_her(house, ana):
    """Of the same person, hidden on both: other ids, other digests, other counters."""
    on_f, on_g = seen_by(house.on_f, ana.ana), seen_by(house.on_g, ana.other)
    assert [one[0]["total"] for one in (on_f, on_g)] == [1, 1]
    assert long_words(on_f) & long_words(on_g) <= {A_CODE_OF_FHIR}
    assert counter(house.on_f) != counter(house.on_g)


def she_hides_on_g_and_it_is_so_on_f(house, ana):
    ana.g.get("/my/choices").press("Hide me from everyone")
    assert not permits(house.on_f, ana.ana)
    assert status(house.on_f, ana.ana)["hold"]


def taken_out_g_goes_on_refusing_for_what_stands_there(house, ana):
    ana.g.get("/my/forums").press("Take g out")
    ana.g.press("Take it out")
    assert "a record of its own" in ana.g.text
    assert ana.g.get("/my/forums").text.count("You are") == 1
    assert status(house.on_g, ana.other)["hold"]
    assert not permits(house.on_g, ana.other)
    assert not permits(house.on_g, ana.other, "dan-on-g")


@pytest.mark.usefixtures("dan")
def test_s8_one_patient_on_two_forums(house, person):
    she_is_asked_and_links_them(person)
    her_yes_stays_where_she_gave_it(house, person)
    her_no_to_dan_by_name_on_g_reaches_f(house, person)
    she_hides_on_g_and_it_is_so_on_f(house, person)
    neither_forum_can_match_her(house, person)
    taken_out_g_goes_on_refusing_for_what_stands_there(house, person)


def copy_of(house, visitor):
    """What somebody takes away: every byte of it."""
    told, readable = copy(house.app, visitor)
    return json.dumps([told, visitor.in_fhir]) + readable


def test_s8_a_wrong_link_is_undone_by_staff_and_neither_copy_speaks_of_the_other(house, person):
    house.joins(person)
    assert person.other in copy_of(house, person.f)
    done = house.run(unjoin, "--platform", "g", "--account", person.other, "--by", house.officers[0])
    assert done.exit_code == 0, done.output
    assert person.other not in copy_of(house, person.f)
    assert person.ana not in copy_of(house, person.g)
    for visitor, other in ((person.f, person.other), (person.g, person.ana)):
        prove(house.app, visitor)
        for path in PAGES:
            assert other not in str(visitor.get(path).page)
    assert "joined to yours by mistake" in person.f.get("/my/choices").text
    assert not permits(house.on_f, person.ana)
    person.f.press("Take it away")
    assert permits(house.on_f, person.ana)
