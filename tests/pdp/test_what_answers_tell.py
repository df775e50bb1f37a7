"""What a refusal tells: nothing but that it is one; and how soon a change is seen."""

from tests.forum import ANSWERED, CLOSED, asked
from tests.pdp.test_authzen import ONE, PERMITTED, QUESTION, REFUSED


def bare(answer):
    """An answer without what may differ: its own id."""
    return answer.status, sorted(answer.headers), answer.data.replace(answer.json["context"]["id"].encode(), b"")


def test_all_refused_answers_look_alike(caller, people):
    """Whatever the cause: closed, hidden, unknown, sent away, no author, no such action, another community."""
    people.hides("bea")
    people.later(minutes=1)
    people.acknowledges("cat")
    people.chooses("cat", ANSWERED, CLOSED, team=["doctor"])
    people.chooses("cat", ANSWERED, CLOSED)
    people.session.commit()
    questions = [
        asked("doctor", "ana"),
        asked("doctor", "bea"),
        asked("doctor", "cat"),
        asked("doctor", "nobody"),
        asked("doctor", "not sent"),
        asked("doctor", "ana", "stare"),
        asked("nurse", "ana", "message", wrote_first=True),
        asked("nurse", "ana", "research"),
        asked("doctor", "ana", community="elsewhere"),
        asked("doctor", "ana", flagged=True),
    ]
    answers = [caller.send(ONE, question) for question in questions]
    assert {answer.json["context"]["reason"] for answer in answers} == {"refused"}
    assert len({str(bare(answer)) for answer in answers}) == 1
    lengths = {answer.headers["Content-Length"] for answer in answers}
    assert len(lengths) == 1


def test_the_answer_of_an_ineligible_professional_does_not_depend_on_the_patient(caller, people):
    people.registers("ed", "doctor", attested=False)
    people.session.commit()
    answers = [caller.send(ONE, asked("ed", author)) for author in ("ana", "nobody")]
    assert {answer.json["context"]["reason"] for answer in answers} == {"hcp_not_eligible"}
    assert len({str(bare(answer)) for answer in answers}) == 1


def test_a_tightening_is_seen_by_the_very_next_question(caller, people):
    assert caller.decides(QUESTION) == PERMITTED
    people.hides("ana")
    people.session.commit()
    assert caller.decides(QUESTION) == REFUSED
