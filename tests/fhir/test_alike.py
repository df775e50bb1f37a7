"""Who is unknown, who chose nothing, who is closed and who named people alone: one answer, by the same work."""

import re

import pytest
from sqlalchemy import event

from governance.crypto.keys import Keyring
from governance.db.extension import db
from governance.decision.vocabulary import Action
from governance.effective.erasure import erase
from governance.effective.layers import Layers, Party, refuse_all
from governance.effective.service import Register
from governance.fhir import history
from governance.fhir.consent_ids import account_of, consent_id
from governance.optout.choices import Choices, Named
from tests.conftest import running, session_of, settings_in
from tests.fhir.conftest import Reader
from tests.forum import ANSWERED, CLOSED, SEEN, Forum, an_hour_ago, with_people

NOBODY = ("unknown", "signed in", "silent", "closed", "named people", "told and closed", "reopened nothing", "erased")


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    """A forum with everybody of whom it must not learn that they are here, and its program."""
    settings = settings_in(tmp_path_factory.mktemp("alike"))
    with running(settings) as app, session_of(app) as session:
        people = with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        with_all_who_look_alike(people)
        yield people, Reader(app, people.credentials)


def with_all_who_look_alike(people):
    people.account("signed in")
    people.patient("silent")
    people.chooses("closed", CLOSED, CLOSED)
    for name in ("named people", "told and closed", "reopened nothing", "erased"):
        people.acknowledges(name)
    team = frozenset({people.key("nurse")})
    named = frozenset({Named(people.key("doctor"), CLOSED), Named(people.key("nurse"), SEEN)})
    people.wants("named people", Choices(team=team, named=named))
    people.chooses("told and closed", CLOSED, CLOSED)
    for name in ("reopened nothing", "erased"):
        people.chooses(name, SEEN, SEEN)
    people.later(minutes=1)
    people.chooses("reopened nothing", CLOSED, CLOSED)
    erase(people.session, people.keyring, people.patient("erased").id, people.now, final_at=people.now + 1)
    people.session.commit()


def bare(answer, name):
    """An answer without what differs for everybody: the id that was asked for, and counters."""
    told = re.sub(r"_id=[^&]+&", "", answer.text).replace(name, "X")
    headers = sorted((k, v) for k, v in answer.headers.items() if k not in {"Date", "RateLimit"})
    return answer.status_code, headers, told


def test_all_of_them_have_the_same_answers(alike):
    answers = {name: bare(alike[1].search(patient_identifier=name), name) for name in NOBODY}
    assert len(set(map(str, answers.values()))) == 1, answers
    assert '"total": 0' in answers["unknown"][2]


def test_none_of_them_has_a_consent_to_read(alike):
    people, reader = alike
    for path in ("", "/_history", "/_history/3"):
        ids = {name: consent_id(people.keyring, people.id, people.key(name)) for name in NOBODY if name != "unknown"}
        answers = {str(bare(reader.get(f"/fhir/Consent/{asked}{path}"), name)) for name, asked in ids.items()}
        answers.add(str(bare(reader.get(f"/fhir/Consent/nothing{path}"), "nothing")))
        assert len(answers) == 1


def test_an_answer_that_told_more_would_be_seen(alike, monkeypatch):
    """The control: with versions that say nothing, the same comparison finds different answers."""
    monkeypatch.setattr(history, "_says_anything", lambda _: True)
    assert len({str(bare(alike[1].search(patient_identifier=name), name)) for name in NOBODY}) > 1


def statements(app, act):
    said = []

    def listen(_connection, _cursor, statement, *_):
        said.append(re.sub(r"\((\?, )*\?\)", "(?)", statement))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    act()
    event.remove(engine, "before_cursor_execute", listen)
    return [statement for statement in said if "effective" in statement or "platform_change" in statement]


def test_all_of_them_take_the_same_statements(alike):
    reader, app = alike[1], alike[1].app
    reader.search(patient_identifier="unknown")
    taken = {name: tuple(statements(app, lambda name=name: reader.search(patient_identifier=name))) for name in NOBODY}
    assert len(set(taken.values())) == 1, taken
    assert len(taken["unknown"]) == 3


def test_who_is_named_makes_no_new_version(reader, people):
    """Nor does who joins or leaves the care team, nor a guardian: none of it is said by class."""
    before = reader.of("ana")
    for minutes in (1, 2, 3):
        people.later(minutes=minutes)
        named = frozenset({Named(people.key("doctor"), CLOSED if minutes % 2 else SEEN)})
        people.wants("ana", Choices(ANSWERED, CLOSED, frozenset({people.key("nurse")}), named=named))
    people.wants("ana", Choices(ANSWERED, CLOSED))
    guardian = Party("guardian")
    Layers(people.session, people.keyring, people.patient("ana").id, people.now).add(guardian, refuse_all(guardian))
    people.session.commit()
    assert reader.of("ana") == before


def test_a_hold_and_extras_are_told_by_class(reader, people):
    people.acknowledges("cat")
    people.wants("cat", Choices(SEEN, SEEN, others_extras=frozenset({Action.RESEARCH})))
    people.hides("bea")
    people.session.commit()
    hidden, found = sorted(reader.of("bea", "cat"), key=lambda it: it["patient"]["identifier"]["value"])
    assert hidden["policyRule"]["coding"][0]["code"] == "OPTOUT"
    assert "provision" not in hidden["provision"]
    by_class = {
        it["actor"][0]["reference"]["identifier"]["value"]: {action["coding"][0]["code"] for action in it["action"]}
        for it in found["provision"]["provision"]
    }
    assert by_class == {"care-team": {"find", "view"}, "others": {"find", "research", "view"}}


def test_without_an_acknowledgement_nothing_is_permitted(reader, people):
    """As in a decision: what the disclosure does not cover is no permit."""
    people.patient("cat")
    people.session.flush()
    body = people.choices("ana")
    said = Register(people.session, people.keyring, people.now).said("patient", str(people.patient("ana").id), "optout")
    Register(people.session, people.keyring, people.now).put("patient", str(people.patient("cat").id), "optout", said)
    people.session.commit()
    assert body.care_team is ANSWERED
    assert reader.of("cat") == []


def test_another_forum_sees_nothing_of_it(reader, other_reader):
    [found] = reader.of("ana")
    assert other_reader.of("ana") == []
    for path in ("", "/_history", f"/_history/{found['meta']['versionId']}"):
        assert other_reader.get(f"/fhir/Consent/{found['id']}{path}").status_code == 404
    assert other_reader.get(f"/fhir/Consent?_id={found['id']}").json["total"] == 0


def test_one_person_on_two_forums_looks_like_two(reader, people, other_reader):
    """Neither ids, numbers nor times tell two forums that they share a member."""
    other, patient = other_reader.forum, people.patient("ana")
    Register(people.session, people.keyring, people.now + 1).bind(other.id, other.key("anne"), patient=patient.id)
    people.session.commit()
    [here], [there] = reader.of("ana"), other_reader.of("anne")
    assert here["id"] != there["id"]
    assert here["meta"]["versionId"] != there["meta"]["versionId"]
    assert here["provision"]["provision"] == there["provision"]["provision"]
    assert {here["meta"]["lastUpdated"][10:], there["meta"]["lastUpdated"][10:]} == {"T00:00:00.000000Z"}
    assert len(other_reader.get(f"/fhir/Consent/{there['id']}/_history").json["entry"]) == 1


def test_an_id_is_the_platforms_own_and_proves_itself(people, other_reader):
    made = consent_id(people.keyring, people.id, people.key("ana"))
    assert re.fullmatch(r"[A-Za-z0-9.-]{64}", made)
    assert account_of(people.keyring, people.id, made) == people.key("ana")
    assert made != consent_id(people.keyring, other_reader.forum.id, people.key("ana"))
    assert people.key("ana") not in made


@pytest.mark.parametrize("spoiled", ["row", "fragment"])
def test_what_another_hand_changed_is_not_told(reader, people, spoiled):
    table = {"row": "effective_row", "fragment": "effective_fragment"}[spoiled]
    subject = str(people.patient("ana").id)
    people.session.connection().exec_driver_sql(f"UPDATE {table} SET mac = x'' WHERE subject = ?", (subject,))  # noqa: S608
    people.session.commit()
    assert reader.of("ana") == []


def test_a_row_that_was_put_back_is_not_told(reader, people):
    """Each code is good, but the newest that was said is missing."""
    subject = str(people.patient("ana").id)
    people.later(minutes=1)
    people.hides("ana")
    people.session.flush()
    people.session.connection().exec_driver_sql(
        "DELETE FROM effective_fragment WHERE subject = ? AND room = 'optout' AND version = "
        "(SELECT max(version) FROM effective_fragment WHERE subject = ?)",
        (subject, subject),
    )
    people.session.commit()
    assert reader.of("ana") == []
