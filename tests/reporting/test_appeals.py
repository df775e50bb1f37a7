"""Another look: asked for by who reported and by who was heard, once each; answered by somebody fresh; both told."""

import pytest

from governance.reporting.cases import handed, outside
from governance.reporting.cases.models import Case
from governance.reporting.cases.states import Side
from governance.reporting.clocks.models import CaseClock
from tests.reporting.telling import send
from tests.reporting.test_desk import files, nurse, oda, officer, olu, opens, rows
from tests.ui.visits import Visitor, forum

__all__ = ["forum", "nurse", "oda", "olu"]
WRONG = "You forgot the second message."


def decides(olu, *, heard=False):
    """An officer comes to an outcome and tells it."""
    opens(olu).follow("Say that you have read it").press("Send", said="read")
    weighed = {"kind": "boundary", "severity": "S1", "harm_body": "none", "harm_mind": "low", "calendar": "GB"}
    olu.follow("Say how serious it is").press("Set it", **weighed, reason="w")
    olu.follow("Decide").press("Decide", outcome="not_upheld", reasons="One message is no breach.", rule="")
    told = {"heard": "We found no breach."} if heard else {}
    olu.follow("Tell the outcome").press("Send", said="We found no breach.", **told)


@pytest.fixture
def told(forum, olu):
    """Somebody reported, and reads at their door what came of it."""
    filed = files(forum)
    decides(olu)
    visitor = Visitor(forum.test_client())
    return send(visitor.get("/answers"), "/answers", go="open", code=filed.code)


def state(forum):
    return [case.state for case in rows(forum, Case)]


def asks(visitor, text=WRONG):
    send(visitor, "/answers", go="again")
    return send(visitor, "/answers", go="appeal", text=text)


def give(officer, name):
    opens(officer).follow("Give it to somebody")
    option = officer.page.find("label", string=lambda text: text and name in text)
    officer.press("Give it to them", to=officer.page.find(id=option["for"])["value"])


def test_a_reporter_asks_once_and_somebody_fresh_answers_both(forum, told, olu, oda):
    asks(told)
    assert "had no part in it" in told.text
    assert WRONG in told.text
    assert state(forum) == ["appealed"]
    assert "Ask for another look" not in told.text
    assert "The reporter asks for another look" in opens(olu).text
    assert "Answer the appeal" not in olu.text
    opens(oda).follow("Answer the appeal").press("Answer", answer="overturn", reasons="There was a second one.")
    assert state(forum) == ["reopened"]
    told.get("/answers")
    assert "There was a second one." in told.text
    assert "We look into it once more." in told.text


def test_it_is_asked_once_whatever_is_sent(forum, told, oda):
    asks(told)
    opens(oda).follow("Answer the appeal").press("Answer", answer="uphold", reasons="It stays.")
    assert state(forum) == ["decided"]
    assert "Ask for another look" not in told.get("/answers").text
    send(told, "/answers", go="appeal", text="once more")
    assert state(forum) == ["decided"]
    assert "once more" not in told.text


def test_before_the_outcome_was_told_nobody_is_asked_to_appeal(forum, olu):
    filed = files(forum)
    visitor = Visitor(forum.test_client())
    send(visitor.get("/answers"), "/answers", go="open", code=filed.code)
    assert "Ask for another look" not in visitor.text
    send(visitor, "/answers", go="appeal", text=WRONG)
    assert WRONG not in opens(olu).text
    assert state(forum) == ["received"]


@pytest.mark.parametrize(("text", "says"), [("", "Write something first"), ("x" * 4001, "too long")])
def test_without_words_or_with_too_many_nothing_is_asked(forum, told, text, says):
    asks(told, text)
    assert says in told.text
    assert told.status == 422
    assert state(forum) == ["decided"]
    send(told, "/answers", go="stay")
    assert "You and us" in told.h1


def test_who_has_no_code_appeals_nothing(forum, told):
    stranger = Visitor(forum.test_client())
    stranger.get("/answers")
    assert send(stranger, "/answers", go="appeal", text=WRONG).h1 == "Read our answer"
    assert state(forum) == ["decided"]
    assert told.status == 200


def test_a_clock_runs_for_the_answer(forum, told):
    asks(told)
    assert "house.appeal" in {row.name for row in rows(forum, CaseClock) if row.stopped is None}


def test_without_its_check_an_appeal_would_come_twice(forum, told, oda, monkeypatch):
    """The control of asking once."""
    asks(told)
    opens(oda).follow("Answer the appeal").press("Answer", answer="uphold", reasons="It stays.")
    monkeypatch.setattr(outside, "may_appeal", lambda *_said: True)
    assert handed.outside is outside
    asks(told.get("/answers"), "once more")
    assert state(forum) == ["appealed"]


def test_a_professional_who_was_heard_is_told_appeals_and_is_answered(forum, olu, oda):
    files(forum)
    opens(olu).follow("Tell the professional what is said").press("Make a code", said="Somebody says you wrote twice.")
    code = olu.page.find(class_="code").text
    dan = Visitor(forum.test_client())
    dan.get("/your-side").press("Open", code=code, go="open").press("Send", said="I saw no no.", go="answer")
    assert "I saw no no." in opens(oda).text
    decides(olu, heard=True)
    assert "We found no breach." in dan.get("/your-side").text
    dan.press("Ask for another look", said="It was not me.", go="appeal")
    assert "The professional asks for another look" in opens(oda).text
    answered = {"answer": "overturn", "reasons": "It was another account."}
    oda.follow("Answer the appeal").press("Answer", **answered, heard="")
    assert "Fill in: What the professional reads" in oda.text
    oda.press("Answer", **answered, heard="You were right, it was another account.")
    assert "You were right" in dan.get("/your-side").text
    assert "Ask for another look" not in dan.text


def hears(olu):
    """Tell a professional what is said of them; return the page that their code opens."""
    opens(olu).follow("Tell the professional what is said").press("Make a code", said="Somebody says you wrote twice.")
    dan = Visitor(olu.client.application.test_client())
    return dan.get("/your-side").press("Open", code=olu.page.find(class_="code").text, go="open")


def upholds(officer, reasons):
    opens(officer).follow("Answer the appeal").press("Answer", answer="uphold", reasons=reasons, heard=reasons)


def test_what_one_side_asked_for_does_not_cost_the_other_its_own(forum, olu, oda):
    filed = files(forum)
    dan = hears(olu)
    decides(olu, heard=True)
    visitor = Visitor(forum.test_client())
    asks(send(visitor.get("/answers"), "/answers", go="open", code=filed.code))
    assert "Ask for another look" not in dan.get("/your-side").text, "somebody looks at it already"
    upholds(oda, "One message stays one.")
    dan.get("/your-side").press("Ask for another look", said="It was not even me.", go="appeal")
    assert state(forum) == ["appealed"]
    assert "The professional asks for another look" in opens(oda).text
    assert "Answer the appeal" not in oda.text, "she answered the first one"
    ben = officer(forum, "ben")
    give(olu, "Ben")
    upholds(ben, "It stays.")
    assert state(forum) == ["decided"]
    for page in (visitor.get("/answers"), dan.get("/your-side")):
        assert "Ask for another look" not in page.text


@pytest.mark.parametrize("first", [Side.REPORTER, Side.PROFESSIONAL])
def test_of_a_case_from_before_sides_were_told_apart_neither_asks_again(first):
    case = Case(state="decided", decided=0, outcome_told=True, appealed=True)
    assert not any(outside.may_appeal(case, side, 1, 183) for side in Side)
    case.appealed_by = first.value
    assert [side for side in Side if outside.may_appeal(case, side, 1, 183)] == [side for side in Side if side != first]
    case.appealed_by = "both"
    assert not any(outside.may_appeal(case, side, 1, 183) for side in Side)


def test_whoever_had_a_part_answers_no_appeal(forum, told, olu):
    asks(told)
    case_path = opens(olu).path
    olu.get(f"{case_path}/do/answer_appeal").press("Answer", answer="uphold", reasons="I was right.")
    assert state(forum) == ["appealed"]


def test_somebody_who_joined_later_can_be_given_it(forum, told, olu):
    asks(told)
    ben = officer(forum, "ben")
    assert "Nothing waits for you." in ben.get("/desk/cases").text
    give(olu, "Ben")
    opens(ben).follow("Answer the appeal").press("Answer", answer="uphold", reasons="It stays.")
    assert state(forum) == ["decided"]
