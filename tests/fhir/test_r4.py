"""What leaves the counter is R4: by our own table of elements and bindings, and by models that others made."""

from copy import deepcopy

import pytest

from governance.crypto.keys import Keyring
from governance.fhir.codes import BINDINGS, code, coding
from governance.fhir.export import full_export
from governance.fhir.outcomes import _ISSUES, outcome
from governance.optout.choices import Choices, Named
from governance.ui.clock import now
from tests.conftest import running, session_of, settings_in
from tests.fhir.asking import Drawn, consent_of
from tests.fhir.conftest import Reader
from tests.fhir.r4 import TYPES, faults
from tests.forum import ANSWERED, CLOSED, SEEN, Forum, an_hour_ago, with_people

OURS = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """One of each that leaves the counter, by name."""
    settings = settings_in(tmp_path_factory.mktemp("written"))
    with running(settings) as app, session_of(app) as session:
        people = with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        return all_that_leaves(Reader(app, people.credentials), people)


def all_that_leaves(reader, people):
    people.later(minutes=1)
    named = frozenset({Named(people.key("doctor"), CLOSED), Named(people.key("nurse"), SEEN)})
    people.wants("ana", Choices(ANSWERED, CLOSED, frozenset({people.key("nurse")}), named=named))
    people.later(minutes=1)
    people.hides("ana")
    people.session.commit()
    found = reader.search(**{"patient.identifier": "ana"}).json
    address = f"/fhir/Consent/{found['entry'][0]['resource']['id']}"
    return {
        "found": found,
        "nothing found": reader.search(**{"patient.identifier": "bea"}).json,
        "read": reader.get(address).json,
        "history": reader.get(f"{address}/_history").json,
        "metadata": reader.get("/fhir/metadata").json,
        "codes": reader.get("/fhir/CodeSystem/hcp-action").json,
        "error": reader.get("/fhir/Consent").json,
        "export": full_export(people.session, people.keyring, people.patient("ana").id, OURS, now()),
    }


def test_all_that_leaves_the_counter_is_r4_by_our_table(written):
    assert {name: faults(resource) for name, resource in written.items()} == {name: [] for name in written}


def test_all_that_leaves_the_counter_is_r4_by_models_that_others_made(written):
    models = pytest.importorskip("fhir.resources.R4B", reason="the extra `test` installs `fhir.resources`")
    for resource in written.values():
        read = models.get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        assert read.get_resource_type() == resource["resourceType"]


def test_random_directives_are_r4():
    drawn = Drawn(11, most_lines=9).worlds(150, questions=1)
    consents = [consent_of(author) for world in drawn for author in world.facts.authors.values()]
    assert [fault for consent in consents for fault in faults(consent)] == []


@pytest.mark.parametrize("status", _ISSUES)
def test_every_error_is_r4(status):
    assert faults(outcome(status, "what went wrong")) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda it: it.update(status="actve"), "is not bound to this code"),
        (lambda it: it.update(decision="permit"), "has no element `decision`"),
        (lambda it: it.pop("scope"), "lacks `scope`"),
        (lambda it: it.pop("patient"), "ppc-2"),
        (lambda it: it.update(category=it["category"][0]), "is of the wrong number, or empty"),
        (lambda it: it["provision"].update(provision=[]), "is of the wrong number, or empty"),
        (lambda it: it["policyRule"]["coding"][0].update(code="OPTED"), "has no code of its value set"),
        (lambda it: it["provision"].update(period={"start": "2026-05-04", "end": "2026-05-03"}), "per-1"),
        (lambda it: it["text"].update(div='<div xmlns="http://www.w3.org/1999/xhtml"><script/></div>'), "has other"),
        (lambda it: it.update(id="a_b"), "is no id"),
        (lambda it: it.update(contained=[{"resourceType": "Patient", "id": "nobody"}]), "dom-3"),
    ],
)
def test_what_is_not_r4_is_found(change, what):
    """The control: the table finds each kind of fault."""
    [world] = Drawn(11).worlds(1, questions=1)
    resource = deepcopy(consent_of(*world.facts.authors.values()))
    assert faults(resource) == []
    change(resource)
    assert any(fault.what.startswith(what) for fault in faults(resource))


def test_a_code_that_is_not_bound_never_gets_into_a_resource():
    with pytest.raises(ValueError, match="not bound"):
        code("Consent.status", "superseded")
    with pytest.raises(ValueError, match="not bound"):
        coding("Consent.policyRule", "OPT")


def test_every_bound_element_is_one_of_r4():
    paths = {f"{kind}.{name}" for kind, known in TYPES.items() for name in known}
    assert set(BINDINGS) <= paths
