"""What professionals, a verifier and a forum with keys of its own write, each with words of its own."""

import json
import random
import string
from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import ECKey

from governance.conduct.capacities import choose_capacity, community_on, name_place
from governance.conduct.due.service import Ahead, warn
from governance.conduct.findings import Findings, Verifier, case_file
from governance.conduct.models import SaidRegistration
from governance.conduct.numbers import read_number
from governance.conduct.proofs.providers import NewProvider, add_provider
from governance.conduct.proofs.service import Act, ProofKind, send_code
from governance.conduct.service import ForumAccount, apply, words_of
from governance.conduct.verifying import Verifying
from governance.conduct.work.service import declare_work, named, verify_work
from governance.db.extension import transaction
from governance.decision.vocabulary import Assurance, Capacity, Instant, Status
from governance.identity.service import account_for, platform_named
from governance.policy.current import policies
from governance.ui.clock import now

NMC = policies().registers.registers["gb-nmc"]
DAY = 24 * 3600 * 1_000_000


def registers_and_is_checked(writers):
    """A nurse says who they are, how they are here, and a verifier writes down what the register shows."""
    number, name = number_of(writers), writers.word("name said at registration").text
    with writers.app.app_context(), transaction() as session:
        forum, at = platform_named(session, writers.forum_name), now()
        theirs = account_for(session, writers.keyring, forum, writers.word("account of who registers").text, at)
        account = ForumAccount(theirs.id, forum.id, theirs.key)
        words = words_of(read_number(NMC, number), writers.markers["profession"].core, name)
        hcp = apply(session, writers.keyring, account, words, at)
        place = community_on(session, writers.keyring, forum.id, writers.word("community").plain)
        name_place(session, writers.keyring, hcp, place, writers.word("community").plain)
        choose_capacity(session, writers.keyring, hcp, place, Capacity.PEER, now=at, begins=Instant(at + DAY))
    with writers.app.app_context(), transaction() as session:
        is_checked(writers, session, hcp, number)


def is_checked(writers, session, hcp, number):
    said = {what: writers.word(f"{what} of a look").text for what in ("name", "evidence", "reason", "proof", "licence")}
    found = Findings(assurance=Assurance.A4, status=Status.GOOD, number=number, **said)
    at, last = now(), case_file(session, writers.keyring, hcp).last
    verifier = Verifier("operator", "", "")
    verifying = Verifying(session, writers.keyring, verifier, at)
    verifying.check(hcp, found, NMC, until=Instant(at + 90 * DAY), last=last)

    works_and_proves(writers, session, hcp, at)


def works_and_proves(writers, session, hcp, at):
    """Where they work, by their own word and their clinic's; a code to an address there; a place that knows them."""
    keyring, word = writers.keyring, writers.word
    declare_work(session, keyring, hcp, word("place of work").text, at)
    clinic = named(session, keyring, word("organisation").text, at)
    verify_work(session, keyring, hcp, clinic, until=Instant(at + DAY), now=at)
    said, act = SaidRegistration.latest(session, hcp), Act("operator", at)
    to = ProofKind.POST, word("address at work").text
    writers.secrets.append(send_code(session, keyring, said, to, act, lasts=timedelta(days=14)))
    provider = NewProvider(
        name="nurses",
        shown="Nurses",
        issuer="https://nurses.example",
        oidc_client_id="us",
        oidc_client_secret=word("client secret where nurses are known").text,
        register=NMC.code,
        number_claim="pin",
    )
    add_provider(session, keyring, provider, now=at)
    warn(session, keyring, Ahead(manual=91, feed=1), at)


def number_of(writers):
    """A number as the register gives them, looked for as it is: letters and digits drawn anew."""
    digits, letters = (random.SystemRandom().choices(all_, k=6) for all_ in (string.digits, string.ascii_uppercase))
    number = f"{digits[0]}{digits[1]}{letters[0]}{''.join(digits[2:])}{letters[1]}"
    writers.word("number on a register").core = number
    return number


def forum_tightens(writers, send):
    """The forum sends the same twice: the answer is kept."""
    asked = {"account": writers.word("account its forum tightens").text}
    key = {"Idempotency-Key": writers.word("key of a call").plain}
    assert [send("/v1/opt-outs/tighten", asked, headers=key) for _ in range(2)] == [200, 200]


def forum_proves_itself(writers):
    """It gives us its public keys and gets a token by its private one."""
    key = ECKey.generate_key("P-256", {"kid": "forum-1"})
    file = writers.house.directory.parent / "keys-of-the-forum.json"
    file.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    writers.command("platform", "use-keys", writers.forum_name, str(file))
    client, at = writers.credentials["client_id"], now() // 1_000_000
    claims = {"iss": client, "sub": client, "aud": writers.house.address, "exp": at + 60}
    assertion = jwt.encode({"alg": "ES256"}, {**claims, "jti": writers.word("id of a proof").text}, key)
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    answer = writers.app.test_client().post("/oauth/token", data=sent)
    assert answer.status_code == 200, answer.text
    writers.secrets += [assertion, answer.json["access_token"], key.as_dict(private=True)["d"]]
