"""Professionals who register themselves, and a verifier, below HTTP."""

from governance.conduct.findings import Findings, Verifier, case_file
from governance.conduct.numbers import read_number
from governance.conduct.service import Acceptance, accept, apply, words_of
from governance.conduct.verifying import Verifying
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.service import Register
from governance.policy.current import policies
from tests.forum import DAY

VERA = Verifier("vera", "", "Vera Check")
PIN = "12A3456B"
NMC = policies().registers.registers["gb-nmc"]
NPI = policies().registers.registers["us-npi"]


def says(forum, account, *, register=NMC, **said):
    """A professional registers; return the record's id."""
    said = {"number": PIN, "name": "Nora Quill", "profession": "nurse", **said}
    words = words_of(read_number(register, said["number"]), said["profession"], said["name"])
    return apply(forum.session, forum.keyring, forum._tied(account), words, forum.now)


def accepts(forum, hcp, days=365):
    until = Instant(forum.now + days * DAY)
    accept(forum.session, forum.keyring, hcp, Acceptance(policies().conduct.version, until), forum.now)


def seen(assurance=Assurance.A4, status=Status.GOOD, **more):
    """What a verifier saw, good unless told otherwise."""
    said = {"name": "Nora Quill", "number": PIN, "evidence": "looked up today", "reason": "it is all there"}
    return Findings(assurance=assurance, status=status, **{**said, "proof": "a call by video", **more})


def verifying(forum, verifier=VERA):
    return Verifying(forum.session, forum.keyring, verifier, forum.now)


def state(forum, hcp):
    return case_file(forum.session, forum.keyring, hcp).last


def checks(forum, hcp, found=None, *, register=NMC, verifier=VERA):
    until = Instant(forum.now + 90 * DAY)
    verifying(forum, verifier).check(hcp, found or seen(), register, until=until, last=state(forum, hcp))


def marks(forum, hcp, status):
    verifying(forum).mark(hcp, status, evidence="looked up today", reason="so it says", last=state(forum, hcp))


def ends(forum, hcp):
    verifying(forum).end(hcp, evidence="their own letter", reason="you asked us to", last=state(forum, hcp))


def document(forum, hcp):
    return Register(forum.session, forum.keyring, forum.now).document("hcp", str(hcp))


def in_good_standing(forum, account="nora", found=PIN, **said):
    """A professional of the best standing; return the record's id. `found`: their number."""
    hcp = says(forum, account, **said)
    accepts(forum, hcp)
    checks(forum, hcp, seen(number=found))
    return hcp
