"""What a patient takes away: every version, with the people it names, and nothing by which others could be told."""

import json
from itertools import pairwise
from uuid import UUID

from governance.crypto.blind_index import account_key, place_key
from governance.effective.layers import Layers, Party, refuse_all
from governance.fhir.export import full_export
from governance.optout.choices import Choices, Named
from tests.fhir.r4 import faults
from tests.forum import ANSWERED, CLOSED, SEEN

OURS = "https://consent.example"


def export(people, name="ana"):
    people.session.flush()
    return full_export(people.session, people.keyring, people.patient(name).id, OURS, people.now)


def consents(people, name="ana"):
    return [entry["resource"] for entry in export(people, name).get("entry", [])]


def chooses(people, **named):
    people.later(minutes=1)
    said = frozenset(Named(people.key(name), level) for name, level in named.items())
    people.wants("ana", Choices(ANSWERED, CLOSED, frozenset({people.key("nurse")}), named=said))


def test_every_version_is_there_and_one_is_active(people):
    chooses(people, doctor=CLOSED)
    chooses(people, doctor=CLOSED, nurse=SEEN)
    people.later(minutes=1)
    people.hides("ana")
    found = consents(people)
    assert [it["status"] for it in found] == ["active", *["inactive"] * (len(found) - 1)]
    numbers = [int(it["meta"]["versionId"]) for it in found]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len({it["id"] for it in found}) == 1
    periods = [it["provision"]["period"] for it in found]
    assert all(newer["start"] > older["end"] for newer, older in pairwise(periods))
    assert faults(export(people)) == []


def test_people_are_named_in_it(people):
    chooses(people, doctor=CLOSED)
    newest = consents(people)[0]
    told = json.dumps(newest)
    assert '"display": "Doctor"' in told
    assert "Doctor" in newest["text"]["div"]
    [team] = [it for it in newest["contained"] if it["resourceType"] == "CareTeam"]
    assert [it["member"]["display"] for it in team["participant"]] == ["Nurse"]
    [patient] = [it for it in newest["contained"] if it["resourceType"] == "Patient"]
    assert [it["value"] for it in patient["identifier"]] == ["ana"]


def test_no_index_of_ours_is_in_it(people):
    """With a stolen database it would tell who is meant."""
    chooses(people, doctor=CLOSED)
    told = json.dumps(export(people))
    indexes = [account_key(people.keyring, people.id, name) for name in ("ana", "nurse", "doctor")]
    indexes.append(place_key(people.keyring, people.id, "community", "c"))
    assert not any(index in told for index in indexes)
    assert str(people.patient("ana").id) not in told


def test_two_patients_exports_name_the_same_professional_apart(people):
    chooses(people, doctor=CLOSED)
    people.acknowledges("bea")
    people.wants("bea", Choices(named=frozenset({Named(people.key("doctor"), SEEN)})))

    def pseudonyms(name):
        told = str(consents(people, name))
        return {part.split("'")[0] for part in told.split("/ns/professional', 'value': '")[1:]}

    assert pseudonyms("ana")
    assert pseudonyms("bea")
    assert pseudonyms("ana").isdisjoint(pseudonyms("bea"))


def test_a_guardians_refusals_are_in_it(people):
    guardian = Party("guardian")
    before = json.dumps(consents(people)[0]["provision"])
    people.later(minutes=1)
    Layers(people.session, people.keyring, people.patient("ana").id, people.now).add(guardian, refuse_all(guardian))
    after = consents(people)[0]["provision"]
    assert before != json.dumps(after)
    assert all(permit["provision"] for permit in after["provision"])


def test_a_badge_name_cannot_break_the_narrative(people):
    people.registers("<b>&\"'", "doctor")
    chooses(people, **{"<b>&\"'": CLOSED})
    newest = consents(people)[0]
    assert "&lt;B&gt;&amp;" in newest["text"]["div"]
    assert faults(newest) == []


def test_who_has_no_record_has_an_empty_export(people):
    empty = full_export(people.session, people.keyring, UUID(int=7), OURS, people.now)
    assert empty == {"resourceType": "Bundle", "type": "collection"}
