"""Everything about a person in one file, behind proof: complete, of a documented form, and nobody else's."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator

import governance
from governance.pdp.log import decisions_of
from tests.forum import asked
from tests.optout.wishes import prove
from tests.pdp.conftest import Caller, people
from tests.portal.test_put_right import comes, is_made_to_open, key_of, puts_right

__all__ = ["people"]
SCHEMA = json.loads((Path(governance.__file__).parent / "ui/static/export.schema.json").read_text())


@pytest.fixture
def ana(app, people):
    return comes(app, people)


def files(visitor):
    token = visitor.get("/my/copy/ready").page.find("input", attrs={"name": "csrf_token"})["value"]
    answer = visitor.client.post("/my/copy", data={"csrf_token": token})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-copy.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["export.json", "export.html", "fhir.json"]
        visitor.in_fhir = json.loads(archive.read("fhir.json"))
        return json.loads(archive.read("export.json")), archive.read("export.html").decode()


def copy(app, visitor):
    prove(app, visitor)
    return files(visitor)


def test_nobody_gets_it_without_showing_who_they_are(ana):
    assert ana.get("/my/copy").follow("Go on").path == "/prove"
    token = ana.get("/my/choices").page.find("input", attrs={"name": "csrf_token"})["value"]
    assert ana.client.post("/my/copy", data={"csrf_token": token}).location.startswith("/prove")


def test_it_has_every_choice_with_words_and_what_waits_and_keeps_to_its_schema(app, people, ana):
    is_made_to_open(app, people, ana)
    puts_right(ana, people, made="yes")
    told, readable = copy(app, ana)
    Draft202012Validator(SCHEMA).validate(told)
    assert [one["version"] for one in told["choices"]] == [2, 1]
    assert told["choices"][0]["said"]["by_name"] == [{"who": "Doctor", "level": "closed", "at_most": False}]
    assert told["choices"][1]["said"]["in_care_team"] == ["Nurse"]
    assert [one["outcome"] for one in told["waiting"]] == ["cancelled"]
    assert [one["version"] for one in told["receipts"]] == [2, 1]
    assert told["person"]["history_shown_from"]
    assert told["accounts"][0]["name"] == "ana"
    for words in ("Doctor", "Nurse", "you stopped it", "Your receipts"):
        assert words in readable
    versions = [entry["resource"]["meta"]["versionId"] for entry in ana.in_fhir["entry"]]
    assert len(versions) == len(set(versions)) >= 2
    assert "Doctor" in json.dumps(ana.in_fhir)


def test_the_readable_one_fetches_nothing_and_has_no_script(app, ana):
    page = BeautifulSoup(copy(app, ana)[1], "html.parser")
    assert page.find_all(["script", "link", "img", "iframe", "a"]) == []
    assert page.html["lang"] == "en"
    assert [len(page.find_all(name)) for name in ("h1", "main", "title")] == [1, 1, 1]


def test_who_asked_is_named_where_they_are_at_work_and_a_member_where_they_are_not(app, people, ana):
    caller = Caller(app, people.credentials)
    key = key_of(people, "doctor")
    for who in ("nurse", "doctor"):
        caller.decides(asked(who, "ana"))
    with app.app_context():
        decisions_of(app).flush()
    told, readable = copy(app, ana)
    found = {(one["who"], one["action"], one["allowed"]) for one in told["asked_about_posts"]}
    assert found == {("Nurse", "view", True), ("Doctor", "view", False)}
    assert "hcp_not_eligible" not in json.dumps(told)
    assert key not in json.dumps(told) + readable


def test_who_has_no_record_gets_what_there_is(app, people):
    zoe = comes(app, people, "zoe")
    told, readable = copy(app, zoe)
    Draft202012Validator(SCHEMA).validate(told)
    assert (told["person"], told["accounts"][0]["name"], told["choices"]) == (None, "zoe", [])
    assert "You have not chosen anything." in readable


def test_nobody_elses_name_is_in_it(app, people):
    people.acknowledges("bea")
    people.wants("bea", people.choices("ana"))
    people.session.commit()
    told, readable = copy(app, comes(app, people, "bea"))
    assert '"ana"' not in json.dumps(told)
    assert ">ana<" not in readable
    assert "Nurse" in readable
