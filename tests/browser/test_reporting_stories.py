"""S6, S11 and S12 end to end: reporter, officers and a professional at their phones, over a real service process."""

from datetime import UTC, date, datetime

import pytest

from governance.decision.vocabulary import Level
from governance.optout.choices import Choices, Named
from governance.policy.current import policies
from governance.reporting.cases.models import Case
from governance.reporting.numbers import cells
from governance.reporting.numbers.service import computed
from governance.ui.clock import in_iso, now
from tests.browser.pressing import press
from tests.browser.reporting_stories import does, fills, reads, stage
from tests.reliability.conftest import starts
from tests.reliability.house import FORUM, House
from tests.ui.visits import register

__all__ = ["starts"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(500)]
TRUST = "St James Trust"


@pytest.fixture
def house(tmp_path, monkeypatch):
    for name in ("GOVERNANCE_DIR", "GOVERNANCE_OUTSIDE_DIR"):
        monkeypatch.delenv(name, raising=False)
    house = House(tmp_path / "here", f"sqlite:///{tmp_path / 'story.db'}")
    yield house
    house.close()


@pytest.fixture
def play(chromium, house, starts):
    with stage(chromium, house, starts) as playing:
        yield playing


def tells(phone, play, name, **more):
    """Go through the form to its end; return the code."""
    steps = [
        ("danger", {"danger": more.pop("danger", "no")}),
        ("what", {"what": more.pop("what")}),
        ("about", {"about": more.pop("about", "boundary")}),
        ("where", more.pop("where", {})),
        ("who", more.pop("who", {})),
        ("young", {"young": more.pop("young", "no")}),
        ("pictures", {}),
        ("wish", more.pop("wish", {})),
        ("reach", {"reach": "code"}),
        ("check", {}),
    ]
    phone.open("/tell-us")
    play.looks(phone, f"{name}-start")
    phone.press("Start")
    for step, said in steps:
        fills(phone, **said)
        play.looks(phone, f"{name}-{step}")
        press(phone.page.get_by_role("button", name="Send" if step == "check" else "Go on", exact=True).first)
    play.looks(phone, f"{name}-code")
    return phone.page.locator(".code").inner_text().strip()


def opens_case(phone, play, name):
    phone.open("/desk/cases")
    play.looks(phone, f"{name}-queue")
    press(phone.page.locator("main ul.tall-links a").first)
    play.looks(phone, f"{name}-case")
    return phone.page.url.removeprefix(phone.address)


def in_inbox(play, code):
    phone = play.phone()
    phone.open("/answers")
    fills(phone, code=code)
    phone.press("Open")
    return phone


def cases(play):
    with play.house.reading() as session:
        return session.query(Case).all()


def test_s6_a_report_with_a_block(play, monkeypatch):
    register(play.app, "N. Ward", "nurse", "ward")
    with play.members() as members:
        link = members.has_guardian("maya", "raj")
    father = play.member("raj")
    before = all_he_sees(father, link)
    assert "my girl" in before
    olu, oda, ben, eva = (
        play.officer(name, tie=TRUST if name == "olu" else "") for name in ("olu", "oda", "ben", "eva")
    )
    refused = {"viewer": "ward", "author": "maya", "action": "view", "at": in_iso(now()), "revision": 0}
    play.sends("/v1/exposures", {"exposures": [refused]})
    maya = play.member("maya")
    said = {"what": "He wrote to me twice at night. I said no after the first time.", "young": "me"}
    whom = {"hcp": "N. Ward, nurse", "who": TRUST}
    code = tells(maya, play, "s6", who=whom, wish={"block": "yes"}, **said)
    assert reads(maya, "The person is blocked.")
    by_name, by_level = play.answer("ward", "maya", "message"), play.answer("ward", "zoe", "message")
    assert same(by_name, by_level)
    maya.press("Go on without typing it")
    play.looks(maya, "s6-done")
    is_out_of_it(olu, oda, play)
    is_protected_wider(oda, ben, play)
    ward = is_heard_and_told(oda, play, code)
    is_answered_by_somebody_fresh(ward, oda, eva, play)
    (case,) = cases(play)
    assert (case.kind, case.also, case.severity, case.minor) == ("boundary", ["platform_failure"], "S3", True)
    assert all_he_sees(father, link) == before
    is_counted_once_under_two_types(play, monkeypatch)
    assert play.wrong == {}


def all_he_sees(father, link):
    """The words of a guardian's pages and of his own."""
    pages = []
    for address in ("/guardian", f"/guardian/{link}", "/my/waiting", "/"):
        assert father.open(address).status == 200
        pages.append(father.page.locator("main").inner_text())
    return "\n".join(pages)


def is_counted_once_under_two_types(play, monkeypatch):
    """By the figures of its year, with small numbers shown."""
    monkeypatch.setattr(cells, "LEAST", 0)
    monkeypatch.setattr(cells, "_FEWEST_HIDDEN", 0)
    today = datetime.now(UTC).date()
    with play.app.app_context(), play.house.reading() as session:
        year = date(today.year, 1, 1), date(today.year + 1, 1, 1)
        types = next(one for one in computed(session, policies(), year).tallies if one.code == "types")
    assert types.total == 1
    assert {line.code: line.number for line in types.lines if line.number} == {"boundary": 1, "platform_failure": 1}


def is_out_of_it(olu, oda, play):
    """Olu worked where Ward works: for her there is no case."""
    address = opens_case(oda, play, "s6-oda")
    assert reads(oda, "A young person. Tell no guardian.")
    assert reads(oda, "They had this professional kept away")
    olu.open("/desk/cases")
    assert reads(olu, "Nothing waits for you.")
    assert olu.open(address).status == 404


def is_protected_wider(oda, ben, play):
    """The registration is looked at again, our records show that the forum let him through, two people block him."""
    does(oda, "Say that you have read it", "Send")
    asks = [oda.page.get_by_role(kind, name="Protect somebody now") for kind in ("link", "button")]
    press(asks[0].or_(asks[1]).first)
    fills(oda, patient="maya", hcp="ward", what="recheck")
    play.looks(oda, "s6-protect")
    oda.press("Protect now")
    play.looks(oda, "s6-protected")
    assert reads(oda, "The forum showed what was refused.")
    does(oda, "Tell somebody outside", "Write it down", to="child_services", ground="duty", shared="What she told.")
    weighed = {"severity": "S3", "harm_body": "none", "harm_mind": "moderate", "reason": "Two messages to a child."}
    does(oda, "Say how serious it is", "Set it", **weighed)
    does(oda, "Ask a second officer to block the professional everywhere", "Ask", reason="He wrote to a child.")
    opens_case(ben, play, "s6-ben")
    before = play.answer("ward", "zoe")["context"]["reason"]
    ben.press("Yes, do it")
    assert (before, play.answer("ward", "zoe")["context"]["reason"]) == ("refused", "hcp_not_eligible")


def is_heard_and_told(oda, play, code):
    oda.page.reload()
    said = "Somebody says that you wrote twice at night to a member who had said no."
    does(oda, "Tell the professional what is said", "Make a code for them", said=said)
    ward = play.phone()
    ward.open("/your-side")
    play.looks(ward, "s6-ward-code")
    fills(ward, code=oda.page.locator(".code").inner_text().strip())
    ward.press("Open")
    fills(ward, said="I did not see that she said no.")
    ward.press("Send")
    play.looks(ward, "s6-ward-letters")
    oda.page.reload()
    assert reads(oda, "I did not see that she said no.")
    does(oda, "Decide", "Decide", outcome="upheld", reasons="Two messages after a no.", rule="C9")
    does(oda, "Tell the outcome", "Send", said="You were right. He cannot write to you.", heard="You wrote after a no.")
    maya = in_inbox(play, code)
    play.looks(maya, "s6-inbox")
    assert reads(maya, "You were right. He cannot write to you.")
    press(maya.page.get_by_role("button", name="Ask for another look"))
    play.looks(maya, "s6-again")
    maya.press("Leave it as it is")
    return ward


def is_answered_by_somebody_fresh(ward, oda, eva, play):
    ward.open("/your-side")
    assert reads(ward, "You wrote after a no.")
    assert not reads(ward, "maya")
    fills(ward, said="One message was about another matter.")
    ward.press("Ask for another look")
    play.looks(ward, "s6-ward-appealed")
    oda.page.reload()
    assert oda.page.get_by_role("button", name="Answer the appeal").count() == 0
    opens_case(eva, play, "s6-eva")
    press(eva.page.get_by_role("button", name="Answer the appeal"))
    fills(eva, answer="uphold", reasons="It stays as it is.", heard="Both came after she said no.")
    play.looks(eva, "s6-answer")
    eva.press("Answer")
    ward.page.reload()
    assert reads(ward, "Both came after she said no.")
    assert ward.page.get_by_role("button", name="Ask for another look").count() == 0


def test_s11_danger(play):
    register(play.app, "Nora Quill", "nurse", "nora")
    register(play.app, "Omar Vale", "doctor", "omar")
    with play.members() as members:
        members.grown_up_wants("eve", Choices(emergency=True))
        members.grown_up_wants("ida", Choices())
    oda, ben = play.officer("oda"), play.officer("ben")
    said = {"what": "Eve writes that she has stopped her insulin, is vomiting, and her ketones are high."}
    peer = play.phone()
    tells(peer, play, "s11", danger="yes", about="safeguarding_adult", where={"forum": FORUM}, **said)
    assert peer.page.locator(".box--calls a[href^='tel:']").count() > 0
    opens_case(oda, play, "s11-oda")
    assert reads(oda, "Emergency services first")
    assert not play.decides("nora", "eve")
    reads_in_emergency(oda, play, "ida")
    assert reads(oda, "did not agree")
    assert not play.decides("nora", "ida")
    press(oda.page.get_by_role("link", name="Back to case"))
    reads_in_emergency(oda, play, "eve")
    assert reads(oda, "It is in force.")
    assert play.decides("nora", "eve")
    assert not play.decides("nora", "eve", thread="another")
    assert not play.decides("omar", "eve")
    looks_again(oda, ben, play)
    eve = play.member("eve")
    eve.open("/my/choices")
    play.looks(eve, "s11-eve")
    assert reads(eve, "one health professional could read one thread of yours")
    assert [case.severity for case in cases(play)] == ["S4"]
    assert play.wrong == {}


def reads_in_emergency(oda, play, patient):
    press(oda.page.locator("a[href$='/protect']").first)
    press(oda.page.locator("details summary").first)
    fills(oda, patient=patient, hcp="nora", what="emergency", thread="t1")
    play.looks(oda, f"s11-protect-{patient}")
    oda.press("Protect now")
    play.looks(oda, f"s11-protected-{patient}")


def looks_again(oda, ben, play):
    """Who gave the view cannot say that it was right."""
    for officer in (oda, ben):
        officer.open("/desk/measures")
        fills(officer, result="right", words="Her ketones were high.")
        officer.press("Write it down")
        play.looks(officer, f"s11-review-{officer is ben}")
    assert reads(ben, "Your look is written down.")


def test_s12_coercion(play):
    register(play.app, "Dan Weiss", "doctor", "dan")
    with play.members() as members:
        members.grown_up_wants("fay", Choices(named=frozenset({Named(members.key("dan"), Level.IN_TOUCH)})))
    assert play.decides("dan", "fay")
    fay = play.member("fay")
    fay.open("/my/put-right")
    play.looks(fay, "s12-put-right")
    assert fay.page.locator("a[data-leave]").first.is_visible()
    fay.page.get_by_label("Dan Weiss").check()
    fills(fay, made="yes")
    fay.press("Do it now")
    play.looks(fay, "s12-done")
    assert not play.decides("dan", "fay")
    assert same(play.answer("dan", "fay"), play.answer("dan", "zoe"))
    for page in ("choices", "history", "waiting"):
        fay.open(f"/my/{page}")
        play.looks(fay, f"s12-{page}")
        assert not reads(fay, "made to")
        assert not reads(fay, "In touch")
    assert play.wrong == {}


def same(one, other):
    """Say whether two refusals tell the same; what names the answer itself is its own."""
    told = [(answer["decision"], answer["context"]["reason"], sorted(answer["context"])) for answer in (one, other)]
    return told[0] == told[1] and not told[0][0]
