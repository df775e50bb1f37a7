"""Rules are accepted one by one, each with its instant; a change that matters asks again, and shows the difference."""

from dataclasses import replace

import pytest

from governance.conduct.models import HcpRecord
from governance.conduct.rules.accepting import words_sha256
from governance.conduct.rules.changes import difference
from governance.conduct.rules.models import AcceptedRule
from governance.conduct.service import Acceptance, accept
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from governance.policy.publishing import publish
from governance.policy.views.conduct import ConductPolicy
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.visits import accept_rules, forum, nora, register, stranger
from tests.ui.words_left import english_in

__all__ = ["forum", "nora", "stranger"]

PATH = "/rules-for-professionals"


def reworded(policy, code, body):
    """The rules with other words for one of them, in a version that matters."""
    sections = {**policy.record.text().sections, f"rule.{code.lower()}.body": body}
    text = replace(policy.record.text(), sections=sections, sha256="0" * 64)
    return ConductPolicy(replace(policy.record, version="2.0.0", texts=(text,)))


def test_each_marked_rule_is_kept_with_its_instant_and_the_hash_of_its_words(nora, forum):
    register(nora)
    begins = now()
    accept_rules(nora)
    with forum.app_context(), reading() as session:
        kept = {row.rule: row for row in session.query(AcceptedRule)}
    rules = {rule.code: rule for rule in policies().conduct.rules() if rule.must_accept}
    assert kept.keys() == rules.keys()
    for code, row in kept.items():
        assert row.version == policies().conduct.version
        assert row.text_sha256 == words_sha256(rules[code])
        assert begins < row.at < now()
    assert "C16 in version" in nora.get("/professional/rules").text
    assert "The rules have changed in a way that matters" not in nora.get("/professional").text


@pytest.mark.slow
def test_what_was_read_in_spanish_is_kept_by_its_spanish_hash(nora, forum):
    register(nora)
    nora.client.set_cookie("governance_language", "es")
    nora.get("/professional/rules/c1")
    while "/declaration" not in nora.path:
        nora.press("Acepto esta regla")
    nora.press("Acepto todas las reglas")
    shown = ConductPolicy(replace(policies().conduct.record, speaks="es"))
    with forum.app_context(), reading() as session:
        kept = session.query(AcceptedRule).filter_by(rule="C1").one()
    assert kept.text_sha256 == words_sha256(shown.rules()[0]) != words_sha256(policies().conduct.rules()[0])


def test_a_change_that_matters_shows_what_is_different(session, keyring):
    before = policies().conduct
    publish(session, keyring, before.record, now())
    found = difference(session, before.version, reworded(before, "C16", "Never name a dose."))
    assert [one.code for one in found.rules] == ["C16"]
    assert found.rules[0].before.words.body == before.rules()[15].words.body
    assert found.rules[0].after.words.body == "Never name a dose."


def test_a_change_that_only_makes_clearer_asks_nobody(session):
    policy = ConductPolicy(replace(policies().conduct.record, version="1.9.0"))
    assert difference(session, "1.0.0", policy) is None


@pytest.mark.slow
def test_of_words_that_are_gone_it_says_so(session, keyring):
    publish(session, keyring, policies().conduct.record, now())
    policy = reworded(policies().conduct, "C16", "Never name a dose.")
    assert not difference(session, "0.1.0", policy).known


def test_in_the_days_of_grace_the_page_asks_again(nora, forum):
    register(nora)
    with forum.app_context(), transaction() as session:
        hcp = session.query(HcpRecord).one().id
        accept(session, house().keyring, hcp, Acceptance("0.9.0", Instant(now() + 10**12)), now())
    nora.get("/professional").follow("See what changed, and accept")
    assert "What changed since version 0.9.0" in nora.text


def test_anybody_reads_what_makes_sure_of_each_rule_and_what_cannot(stranger):
    stranger.get(PATH)
    for rule in policies().conduct.rules():
        section = stranger.page.find(id=rule.code.lower())
        assert rule.enforced_how in " ".join(section.get_text().split())
        assert ("Decisions refuse." in section.get_text()) == ("decision" in rule.enforce)
    assert all(limit in stranger.text for limit in policies().conduct.limits())


def test_the_table_is_published_for_programs_too(stranger):
    listed = stranger.client.get("/v1/policies").json["records"]
    table = next(one for one in listed if one["record"] == "conduct")["guarantees"]
    assert {(line["rule"], line["language"]) for line in table} == {
        (f"C{number}", language) for number in range(1, 31) for language in ("en", "es")
    }
    version = policies().conduct.version
    whole = stranger.client.get(f"/v1/policies/conduct/{version}").json
    assert whole["guarantees"] == table
    assert not next(line for line in table if line["rule"] == "C12")["by_decision"]
    assert all(one["guarantees"] == [] for one in listed if one["record"] != "conduct")


@pytest.mark.parametrize("path", [PATH])
def test_the_public_page_speaks_spanish(stranger, path):
    stranger.client.set_cookie("governance_language", "es")
    assert english_in(stranger.get(path).page.main) == []
