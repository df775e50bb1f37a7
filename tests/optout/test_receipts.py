"""Receipts: signed so that another library can check them, sealed to their patient, and naming nobody."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
import pytest

from governance.config.key_set import KeySet
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.ledger.models import LedgerEntry
from governance.optout.models import Directive, Receipt
from governance.optout.receipt_record import Notice
from governance.optout.receipts import ALGORITHM, TYPE, Receipts
from tests.forum import ANSWERED, CLOSED, SEEN

ISSUER = "https://say.example"
NOTICE = Notice("1.0.0", "en", "standard", "ab" * 32)


@pytest.fixture
def office(keyring):
    return Receipts(keyring, ISSUER, lambda _session, _patient: NOTICE)


@pytest.fixture
def ana(forum):
    forum.registers("nurse")
    forum.acknowledges("ana")
    forum.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    return forum


def newest(forum, name="ana"):
    return Directive.latest(forum.session, forum.patient(name).id)


def given(forum, office):
    receipt = office.give(forum.session, newest(forum), forum.now)
    return office.read(forum.session, receipt)


def checked(signed, office):
    """What PyJWT says of a receipt, with the published key alone."""
    return jwt.decode_complete(signed, jwt.PyJWK(office.public_key()), algorithms=[ALGORITHM])


def records(signed, office):
    return checked(signed, office)["payload"]["receipt"]["dpv:hasRecordOfActivity"]


def test_another_library_checks_it_by_the_published_key(ana, office):
    found = checked(given(ana, office), office)
    assert found["header"] == {"alg": "EdDSA", "typ": TYPE, "kid": office.public_key()["kid"]}
    assert (found["payload"]["iss"], found["payload"]["iat"]) == (ISSUER, ana.now // 1_000_000)
    assert "exp" not in found["payload"]


def test_the_published_key_has_nothing_private(office):
    assert set(office.public_key()) == {"kty", "crv", "x", "kid", "use", "alg"}


@pytest.mark.parametrize("part", [0, 1, 2])
def test_whatever_is_changed_in_it_shows(ana, office, part):
    parts = given(ana, office).split(".")
    raw = bytearray(urlsafe_b64decode(parts[part] + "=="))
    raw[len(raw) // 2] ^= 1
    parts[part] = urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    with pytest.raises(jwt.InvalidTokenError):
        checked(".".join(parts), office)


def test_another_services_key_does_not_check_it(ana, office):
    other = Receipts(Keyring(KeySet.fresh()), ISSUER, office.notice_of)
    with pytest.raises(jwt.InvalidSignatureError):
        checked(given(ana, office), other)


def test_a_yes_a_no_and_a_yes_taken_back_are_told_apart(ana, office):
    kinds = [record["dpv:hasConsentStatus"][0]["@type"][0] for record in records(given(ana, office), office)]
    assert kinds == ["dpv:ConsentGiven", "dpv:ConsentRefused"]
    ana.hides("ana")
    kinds = [record["dpv:hasConsentStatus"][0]["@type"] for record in records(given(ana, office), office)]
    assert kinds == [
        ["dpv:ConsentWithdrawn", "dpv:OptingOutFromProcess"],
        ["dpv:ConsentRefused", "dpv:OptingOutFromProcess"],
    ]


def test_it_says_what_each_class_may_do_and_what_was_told(ana, office):
    team, others = records(given(ana, office), office)
    actions = team["dpv:hasProcess"][0]["hcp:actions"]
    assert {action for action, said in actions.items() if said == "permit"} == {"view", "find", "react", "reply"}
    assert set(others["dpv:hasProcess"][0]["hcp:actions"].values()) == {"deny"}
    assert team["dpv:hasNotice"]["hcp:sha256"] == NOTICE.text_sha256


def test_it_names_nobody(ana, office):
    signed = given(ana, office)
    said = json.dumps({part: checked(signed, office)[part] for part in ("header", "payload")})
    for name in ("ana", "Nurse", ana.key("ana"), ana.key("nurse"), str(ana.patient("ana").id)):
        assert f'"{name}"' not in said
        assert name not in said or len(name) < 4


def test_one_version_has_one_receipt_for_ever(ana, office):
    first = given(ana, office)
    ana.later(days=3)
    assert given(ana, office) == first
    assert ana.session.query(Receipt).count() == 1


def test_it_is_sealed_to_its_patient_and_place(ana, office):
    signed = given(ana, office)
    (receipt,) = ana.session.query(Receipt)
    assert signed.encode() not in receipt.sealed_jws
    receipt.version += 1
    with pytest.raises(EnvelopeError):
        office.read(ana.session, receipt)


def test_it_goes_with_its_patients_key_and_stands_in_no_ones_way(ana, office):
    given(ana, office)
    (receipt,) = ana.session.query(Receipt)
    DataKeys(ana.session, ana.keyring).destroy(owner_of("patient", receipt.patient_id))
    with pytest.raises(KeyGoneError):
        office.read(ana.session, receipt)
    ana.session.delete(receipt)
    ana.session.flush()
    assert office.give(ana.session, newest(ana), ana.now) is None


def test_the_ledger_knows_that_it_was_given(ana, office):
    given(ana, office)
    assert [entry.kind for entry in ana.session.query(LedgerEntry)].count("receipt") == 1


def test_two_patients_have_two_pseudonyms(ana, office):
    ana.acknowledges("bea")
    ana.chooses("bea", SEEN, CLOSED)
    receipt = office.give(ana.session, newest(ana, "bea"), ana.now)
    theirs, hers = office.read(ana.session, receipt), given(ana, office)
    assert checked(theirs, office)["payload"]["sub"] != checked(hers, office)["payload"]["sub"]
