"""What somebody may do with a patient's posts, now or then: decided by the very decision that forums ask for."""

from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.decide import decide
from governance.decision.facts import Facts, Request, Words
from governance.decision.verdicts import Decision, Step
from governance.decision.vocabulary import Action, Instant, PlatformId
from governance.portal.looks import Kind, Look, Patient, Terms, Whom, look_as, post_in
from governance.portal.nuances import Nuances, Order, nuances_of
from governance.portal.reasons import OTHERWISE, Why, reason

SHOWN: Final = tuple(action for action in Action if action is not Action.MODERATE)


class Seen(NamedTuple):
    """One action: whether it may be done, why, and what could make it otherwise."""

    action: Action
    permit: bool
    why: Why
    nuances: Nuances = Nuances()


def seen_by(session: Session, keyring: Keyring, patient: Patient, whom: Whom, terms: Terms) -> list[Seen]:
    """Return what somebody may do with a patient's posts on these terms. Raises `BrokenRowError`."""
    if whom is Kind.SIGNED_OUT:
        return [_signed_out(action, terms.public) for action in SHOWN]
    look = look_as(session, keyring, patient, whom, terms)
    return [_seen(look, action) for action in SHOWN]


def _signed_out(action: Action, public: bool | None) -> Seen:  # noqa: FBT001 - three answers of one group
    if action is not Action.VIEW:
        return Seen(action, permit=False, why=Why.SIGN_IN_FIRST)
    if public is False:
        return Seen(action, permit=False, why=Why.MEMBERS_READ)
    return Seen(action, permit=True, why=Why.ANYBODY_READS if public is None else Why.THIS_ONE_IS_PUBLIC)


def _seen(look: Look, action: Action) -> Seen:
    posts = [post_in(look, group) for group in look.groups]
    permit = any(one.permit for post in posts for one in _decisions(look, look.facts, action, _Moment(post, look.now)))
    # INVARIANT: the reason is the one for a professional in good standing. How somebody is here, and what a check
    # of them found, is theirs: where it changes the answer, a sentence says no more than the answer does.
    after, before = _decisions(look, look.proven, action, _Moment(posts[0], look.now))
    proven = after if after.permit or not before.permit else before
    if proven.permit is not permit:
        return Seen(action, permit, OTHERWISE[permit])

    def may(words: Words, at: Instant) -> bool:
        return any(one.permit for one in _decisions(look, look.proven, action, _Moment(words, at)))

    order: Order = "" if after.permit is before.permit else ("after" if after.permit else "before")
    gate = look.suspended and proven.verdict.step is Step.GATE
    why = Why.FORUM_STOPPED if gate else reason(proven.verdict, look.author, look.now)
    return Seen(action, permit, why, nuances_of(look, proven.verdict, order, may))


class _Moment(NamedTuple):
    words: Words
    at: Instant


def _decisions(look: Look, facts: Facts, action: Action, moment: _Moment) -> tuple[Decision, Decision]:
    """Return what is decided once the patient wrote to the viewer, and before they did."""
    asked = Request(
        platform=PlatformId(str(look.patient.platform_id)),
        viewer=facts.viewer.account,
        action=action,
        words=(moment.words,),
        at=moment.at,
        sender=look.patient.key,
        flagged=False,
        initiated_by_patient=True,
    )
    return decide(asked, facts), decide(replace(asked, initiated_by_patient=False), facts)
