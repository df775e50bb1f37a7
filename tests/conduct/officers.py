"""Officers who take sanctions against Nora, below HTTP."""

from governance.conduct.sanctions.service import SanctionKind, Sanctions, Wanted
from governance.decision.vocabulary import Action
from governance.identity.permissions import Role
from governance.identity.staff import service as staff
from governance.identity.staff.models import StaffProvider
from governance.identity.staff.service import NewStaff, NewStaffProvider
from governance.policy.current import policies

ISSUER = "https://staff.example"


def officer(forum, subject="olu", *roles):
    """Somebody who works here, an officer unless told otherwise; return their id."""
    if StaffProvider.named(forum.session, "our-staff") is None:
        provider = NewStaffProvider(name="our-staff", issuer=ISSUER, oidc_client_id="us", oidc_client_secret="s")
        staff.add_provider(forum.session, forum.keyring, provider, now=forum.now)
    wanted = NewStaff(
        provider="our-staff", subject=subject, name=subject.title(), roles=frozenset(roles or {Role.OFFICER})
    )
    return staff.add_staff(forum.session, forum.keyring, wanted, now=forum.now).id


def sanctions(forum):
    return Sanctions(forum.session, forum.keyring, policies().conduct, forum.now)


def wanted(kind="restrict", **said):
    """A sanction, complete unless told otherwise."""
    usual = {"rule": "C16", "facts": "two doses named in public", "reason": "a dose can harm"}
    if kind == "restrict":
        usual |= {"actions": frozenset({Action.REPLY}), "days": 14}
    if kind == "suspend":
        usual |= {"days": 14}
    return Wanted(kind=SanctionKind(kind), **{**usual, **said})
