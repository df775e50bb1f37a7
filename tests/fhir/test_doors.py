"""The FHIR doors over HTTP: read, vread, history and search, in the words and headers of R4."""

import re

import pytest

from governance.fhir.search import MOST_PEOPLE
from governance.optout.choices import Choices, Named
from tests.contract.test_hostile import VALUES
from tests.forum import ANSWERED, CLOSED, SEEN

FHIR = "application/fhir+json"
SYSTEM = "http://127.0.0.1:8080/fhir/ns/account"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def address(reader):
    return f"/fhir/Consent/{reader.of('ana')[0]['id']}"


@pytest.fixture(scope="module")
def place(asker):
    """The same for tests that change nothing."""
    return f"/fhir/Consent/{asker.of('ana')[0]['id']}"


def tells(answer, status, code):
    """Say whether an answer is an OperationOutcome of this kind."""
    issue = answer.json["issue"][0]
    return (answer.status_code, answer.content_type, answer.json["resourceType"], issue["code"], issue["severity"]) == (
        status,
        FHIR,
        "OperationOutcome",
        code,
        "error",
    )


def test_a_consent_is_found_and_read_and_the_same(asker, place):
    [found], answer = asker.of("ana"), asker.get(place)
    assert answer.content_type == FHIR
    assert answer.json == found
    assert (found["status"], found["patient"]["identifier"]) == ("active", {"system": SYSTEM, "value": "ana"})
    permits = found["provision"]["provision"]
    [actor] = permits[0]["actor"]
    assert (found["provision"]["type"], permits[0]["type"]) == ("deny", "permit")
    assert actor["reference"]["identifier"]["value"] == "care-team"
    assert {it["coding"][0]["code"] for it in permits[0]["action"]} == {"find", "react", "reply", "view"}


def test_what_is_known_already_is_not_sent_again(asker, place):
    first = asker.get(place)
    tag, number = first.headers["ETag"], first.json["meta"]["versionId"]
    assert tag == f'W/"{number}"'
    assert first.headers["Last-Modified"].endswith("00:00:00 GMT")
    again = asker.get(place, **{"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert asker.get(place, **{"If-None-Match": 'W/"999"'}).status_code == 200


def test_a_superseded_version_is_inactive_and_stays_readable(reader, people, address):
    first = reader.get(address).json
    people.later(minutes=1)
    people.hides("ana")
    people.session.commit()
    second, number = reader.get(address).json, first["meta"]["versionId"]
    old = reader.get(f"{address}/_history/{number}")
    assert (old.headers["ETag"], old.json["status"], second["status"]) == (f'W/"{number}"', "inactive", "active")
    assert int(second["meta"]["versionId"]) > int(number)
    assert second["provision"]["provision"][0]["provision"][0]["type"] == "deny"
    assert second["provision"]["provision"][0]["provision"][0]["action"] == first["provision"]["provision"][0]["action"]
    assert old.json["provision"]["provision"] == first["provision"]["provision"]
    assert "end" in old.json["provision"]["period"]
    history = reader.get(f"{address}/_history").json
    assert [it["resource"] for it in history["entry"]] == [second, old.json]
    assert (history["type"], history["total"]) == ("history", 2)


@pytest.mark.parametrize("path", ["", "/_history", "/_history/1"])
@pytest.mark.parametrize("asked", ["nobody", "a" * 64, "a_" * 32, "%00", "é" * 64])
def test_what_is_not_there_is_not_found(asker, asked, path):
    assert tells(asker.get(f"/fhir/Consent/{asked}{path}"), 404, "not-found")


@pytest.mark.parametrize("version", ["1", "999", "x", "-1"])
def test_a_version_that_never_was_is_not_found(asker, place, version):
    assert tells(asker.get(f"{place}/_history/{version}"), 404, "not-found")


@pytest.mark.parametrize("asked", ["ana", f"{SYSTEM}|ana", "|ana", "bea,ana", f"bea,{SYSTEM}|ana,ana"])
def test_an_account_is_searched_for_as_fhir_writes_it(asker, asked):
    found = asker.search(patient_identifier=asked).json
    assert (found["type"], found["total"], len(found["entry"])) == ("searchset", 1, 1)
    assert found["entry"][0]["search"] == {"mode": "match"}


def test_signs_of_the_search_within_an_id_are_escaped(reader, people):
    name = "a,b|c\\d$"
    people.acknowledges(name)
    people.chooses(name, SEEN, CLOSED)
    people.session.commit()
    [found] = reader.of("a\\,b\\|c\\\\d\\$")
    assert found["patient"]["identifier"]["value"] == name


def test_another_systems_id_finds_nobody(asker):
    assert asker.of("https://elsewhere.example|ana") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "active"}, 1),
        ({"status": "inactive"}, 0),
        ({"status": "inactive,active"}, 1),
        ({"status": "http://hl7.org/fhir/consent-state-codes|active"}, 1),
        ({"period": "ge2020"}, 1),
        ({"period": "lt2020-01"}, 0),
        ({"period": "gt2020-01-01"}, 1),
        ({"period": "sa2020-01-01T10:00:00Z"}, 1),
        ({"period": "eb2020-01-01"}, 0),
        ({"period": "le2100"}, 1),
        ({"period": "eq2020"}, 0),
        ({"period": "ne2020"}, 1),
        ({"period": ["ge2020", "lt2021"]}, 0),
        ({"period": "lt2021,ge2020", "status": "active"}, 1),
        ({"_format": "json"}, 1),
        ({"_count": "0"}, 0),
    ],
)
def test_status_and_period_narrow_a_search(asker, asked, found):
    assert len(asker.of("ana", **asked)) == found


def test_pages_are_walked_by_links_that_name_nobody(reader, people):
    names = [f"member-{number}" for number in range(5)]
    for name in names:
        people.acknowledges(name)
        people.chooses(name, SEEN, CLOSED)
    people.session.commit()
    page = reader.search(patient_identifier=",".join([*names, "unknown"]), _count="2").json
    seen, pages = [], 0
    while True:
        pages += 1
        assert page["total"] == 5
        links = {link["relation"]: link["url"] for link in page["link"]}
        assert "member" not in str(links)
        seen += [entry["resource"]["patient"]["identifier"]["value"] for entry in page["entry"]]
        assert reader.get(links["self"].removeprefix("http://127.0.0.1:8080")).json == page
        if "next" not in links:
            break
        page = reader.get(links["next"].removeprefix("http://127.0.0.1:8080")).json
    assert (sorted(seen), pages) == (names, 3)


@pytest.mark.parametrize(
    "asked",
    [
        "patient.identifier=ana",
        "patient:identifier=ana",
        "patient=Patient/ana",
        "patient.name=Ana",
        "_id=x&patient.identifier=ana",
    ],
)
def test_an_address_that_names_somebody_is_refused_and_told_how_to_ask(asker, asked):
    answer = asker.get(f"/fhir/Consent?{asked}")
    assert tells(answer, 400, "invalid")
    assert "POST /fhir/Consent/_search" in answer.json["issue"][0]["details"]["text"]
    assert "ana" not in answer.text


def test_a_search_says_nothing_of_itself_in_its_address(asker):
    sent = {"data": {"patient.identifier": "ana"}, "headers": asker.headers}
    assert tells(asker.client.post("/fhir/Consent/_search?patient.identifier=ana", **sent), 400, "invalid")
    assert asker.client.post("/fhir/Consent/_search?_format=json", **sent).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "active"},
        {"patient.identifier": ""},
        {"patient.identifier": "x" * 257},
        {"patient.identifier": ",".join(map(str, range(MOST_PEOPLE + 1)))},
        {"patient.identifier": "a|b|c"},
        {"patient.identifier": "ana", "_id": "x"},
        {"patient.identifier": ["ana", "bea"]},
        {"patient.identifier": "ana", "status": "actve"},
        {"patient.identifier": "ana", "status": "elsewhere|active"},
        {"patient.identifier": "ana", "period": "yesterday"},
        {"patient.identifier": "ana", "period": "2026-13"},
        {"patient.identifier": "ana", "period": "ge0000"},
        {"patient.identifier": "ana", "period": "ge9999-12-31"},
        {"patient.identifier": "ana", "period": "2026-05-04T10:00"},
        {"patient.identifier": "ana", "_count": "many"},
        {"patient.identifier": "ana", "_include": "*"},
    ],
)
def test_a_search_that_cannot_be_understood_is_an_outcome(asker, asked):
    assert tells(asker.search(**asked), 400, "invalid")


def test_bytes_that_are_no_text_are_nobody(asker):
    """Read leniently, two members' ids would become one."""
    sent = {"data": b"patient.identifier=%FF", "content_type": FORM, "headers": asker.headers}
    assert tells(asker.client.post("/fhir/Consent/_search", **sent), 400, "invalid")


@pytest.mark.parametrize("name", ["patient.identifier", "_id", "status", "period", "_count", "_page", "_format"])
def test_nothing_hostile_in_a_form_is_a_fault_of_ours(asker, name):
    for value in (value for value in VALUES.values() if isinstance(value, str)):
        answer = asker.search(**{"patient.identifier": "ana", name: value})
        assert answer.status_code in (200, 400, 406, 413)
        assert answer.content_type == FHIR
        assert "<script>" not in answer.text


def test_who_may_not_read_is_told_so_in_fhir(app, people, other_reader):
    client = app.test_client()
    nobody = client.get("/fhir/Consent?_id=x")
    assert tells(nobody, 401, "login")
    assert nobody.headers["WWW-Authenticate"] == 'Bearer realm="governance"'
    wrong = client.get("/fhir/Consent?_id=x", headers={"Authorization": "Bearer no"})
    assert tells(wrong, 401, "login")
    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
    less = type(other_reader)(app, people.credentials, "optouts:read").search(patient_identifier="ana")
    assert tells(less, 403, "forbidden")
    assert 'scope="system/Consent.rs"' in less.headers["WWW-Authenticate"]


def test_every_other_error_is_an_outcome_too(asker, place):
    assert tells(asker.get("/fhir/Patient"), 404, "not-found")
    created = asker.client.post("/fhir/Consent", headers=asker.headers, json={})
    assert tells(created, 405, "not-supported")
    assert "GET" in created.headers["Allow"]
    typed = asker.client.post("/fhir/Consent/_search", headers=asker.headers, json={"patient.identifier": "ana"})
    assert tells(typed, 415, "not-supported")
    assert tells(asker.get(place, Accept="application/fhir+xml"), 406, "not-supported")
    assert tells(asker.get(f"{place}?_format=xml"), 406, "not-supported")


def test_an_error_of_ours_is_an_outcome_too(asker, place, monkeypatch):
    monkeypatch.setattr("governance.fhir.service.consent_by_class", None)
    assert tells(asker.get(place), 500, "exception")


@pytest.mark.parametrize(
    "accept",
    ["*/*", FHIR, "application/json", f"{FHIR}; fhirVersion=4.0", "text/html, application/*;q=0.5", "text/json"],
)
def test_json_of_r4_is_spoken(asker, place, accept):
    assert asker.get(place, Accept=accept).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", f"{FHIR}; fhirVersion=5.0", f"{FHIR};q=0"])
def test_nothing_else_is_spoken(asker, place, accept):
    assert tells(asker.get(place, Accept=accept), 406, "not-supported")


def test_metadata_says_what_there_is_to_anybody(asker):
    client = asker.app.test_client()
    answer = client.get("/fhir/metadata")
    assert (answer.status_code, answer.content_type) == (200, FHIR)
    [rest] = answer.json["rest"]
    consent = rest["resource"][0]
    assert (answer.json["fhirVersion"], consent["type"], consent["versioning"]) == ("4.0.1", "Consent", "versioned")
    assert [it["code"] for it in consent["interaction"]] == ["read", "vread", "history-instance", "search-type"]
    assert "cookie" not in answer.headers.get("Vary", "").lower()


def test_every_code_of_an_action_is_in_the_code_system_that_is_served(asker):
    codes = asker.app.test_client().get("/fhir/CodeSystem/hcp-action").json
    used = re.findall(rf"'code': '(\w+)', 'display': '[^']+', 'system': '{codes['url']}'", str(asker.of("ana")))
    assert used
    assert {*used} <= {concept["code"] for concept in codes["concept"]}
    assert codes["url"].endswith("/fhir/CodeSystem/hcp-action")


def test_named_choices_are_in_no_answer(reader, people, address):
    said = frozenset({Named(people.key("doctor"), SEEN), Named(people.key("nurse"), CLOSED)})
    people.wants("ana", Choices(ANSWERED, CLOSED, frozenset({people.key("nurse")}), named=said))
    people.session.commit()
    told = reader.get(f"{address}/_history").text + reader.get(address).text
    assert not any(name in told for name in ("nurse", "Nurse", "doctor", "Doctor", people.key("nurse"), "Practitioner"))
