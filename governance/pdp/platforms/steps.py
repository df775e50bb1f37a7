"""The steps of a forum, in their order: what is done, worked out from what is stored, and what to do next."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.life.models import Probe, ProbeReport
from governance.effective.life.reports import CLEAN
from governance.effective.life.service import Standing, standing_of
from governance.effective.life.states import State, ending_of
from governance.effective.trials import Trial, trial_on
from governance.identity.models import Account, Client, Platform
from governance.pdp.models import count_governed
from governance.ui.clock import in_iso

_TIGHT: Final = "the off switch shows professionals nothing, at once"


class Step(NamedTuple):
    """One step: whether it is done, how it stands, and how it is done."""

    name: str
    done: bool
    told: str
    how: str


class Steps(NamedTuple):
    """Where a forum is, and its steps in their order."""

    state: State
    why: str
    steps: Sequence[Step]

    @property
    def next(self) -> Step | None:
        """The first step that is not done; none of a forum that has ended, which nothing brings back."""
        return None if self.state is State.ENDED else next((step for step in self.steps if not step.done), None)

    def as_json(self) -> dict[str, Any]:
        """Return them as platforms and scripts are told."""
        return {"state": self.state.value, "why": self.why, "steps": [one._asdict() for one in self.steps]}


class _About(NamedTuple):
    session: Session
    platform: Platform
    trial: Trial
    live: int


def steps_of(session: Session, keyring: Keyring, platform: Platform, now: Instant) -> Steps:
    """Return the steps of a forum. Raises `BrokenRowError`."""
    standing = standing_of(session, platform.id)
    about = _About(session, platform, trial_on(session, keyring, platform.id, now), len(standing.live))
    found = (*_connected(about), *_told(about), _joined(about), *_tried(about), *_proven(about, standing))
    return Steps(standing.state, standing.why, found)


def _connected(about: _About) -> Iterator[Step]:
    name = about.platform.name
    clients = Client.of_platform(about.session, about.platform.id)
    yield Step("client", bool(clients), f"{len(clients)} client(s)", f"governance platform add {name}")
    by_keys = bool(clients) and all(one.public_keys for one in clients)
    told = "proves itself by its own keys" if by_keys else "proves itself by a secret"
    yield Step("keys", bool(clients), told, f"governance platform use-keys {name} KEYS")
    claim, linked = f"the claim `{about.platform.account_claim}` is the id in requests", about.platform.issuer is None
    told = "links: ids in requests are those of POST /v1/link-tokens" if linked else claim
    yield Step(
        "account_claim",
        bool(about.platform.account_claim),
        told,
        f"governance platform add {name} --account-claim CLAIM",
    )


def _told(about: _About) -> Iterator[Step]:
    all_of_them = about.trial.communities
    yield Step("communities", all_of_them > 0, f"{all_of_them} told", "PUT /v1/communities/{id}, mode observe")
    many = count_governed(about.session, about.platform.id)
    yield Step(
        "professionals", many > 0, f"{many} governed account(s)", "POST /v1/hcps/declare with the forum's groups"
    )


def _joined(about: _About) -> Step:
    """Members come once the groups are known: a group that has a patient's choices observes after 14 days' notice."""
    linked, known = about.platform.issuer is None, Account.count_on(about.session, about.platform.id)
    way = "POST /v1/link-tokens" if linked else f"sign in through {about.platform.issuer}"
    return Step("members", known > 0, f"{known} account(s) known, by {'links' if linked else 'sign-in'}", way)


def _tried(about: _About) -> Iterator[Step]:
    observing, all_of_them = about.trial
    told = f"{observing} of {all_of_them} still observe, and hide nothing yet"
    yield Step("observe", all_of_them > 0, told, "look at context.observed for a while")


def _proven(about: _About, standing: Standing) -> Iterator[Step]:
    name, state = about.platform.name, standing.state
    probe = about.session.get(Probe, about.platform.id)
    told = "no key noted" if probe is None else f"reports about {probe.forum} count"
    yield Step("probe_key", probe is not None, told, f"governance platform probe {name} ADDRESS KEY")
    report = ProbeReport.newest(about.session, about.platform.id)
    told = "no report" if report is None else f"the last {report.kind} says {report.result}, {report.leaks} leak(s)"
    due = standing.walk_due
    clean = report is not None and report.result == CLEAN and due is None
    told = told if due is None else f"{told}; a walk that says 0 is owed until {in_iso(due)}, or it is suspended again"
    yield Step("probe", clean, told, "governance probe before, after; POST /v1/probe-reports")
    all_of_them, going = about.trial.communities, state is State.LIVE
    live = going and 0 < all_of_them <= about.live
    yield Step("live", live, f"{about.live} of {all_of_them} live", f"governance platform live {name} COMMUNITY")
    shut = state in {State.SUSPENDED, State.ENDED}
    ends = f"governance platform resume {name}" + (" --because ..." if ending_of(standing.why).by_walk else "")
    how = ends if state is State.SUSPENDED else f"governance platform suspend {name}"
    yield Step("off_switch", not shut, "on: professionals see nothing" if shut else _TIGHT, how)
