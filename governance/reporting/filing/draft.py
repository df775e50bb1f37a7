"""The answers so far: in the sealed session of the browser, and nowhere else before *Send*."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import session as browser
from sqlalchemy.orm import Session

from governance.db.extension import reading
from governance.decision.vocabulary import AccountKey
from governance.effective.roster import Professional, professionals_on
from governance.identity.current import current_sign_in
from governance.identity.models import Account, Platform
from governance.identity.service import account_name
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.reporting.evidence.service import Picture
from governance.reporting.filing.service import Handed
from governance.reporting.filing.steps import STEPS, WISHES, Reach, Young
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.ui.clock import now
from governance.ui.house import house

FORM: Final = "tell"
"""In the session: the question one is at, and the answers so far."""
SENT: Final = "told"
"""In the session: what the sender is told, until they say that they wrote it down."""
_KEY_BYTES: Final = 32


def form_now() -> dict[str, Any] | None:
    """Return what the session holds of a form, if one was begun."""
    found: dict[str, Any] | None = browser.get(FORM)
    return found


def begin() -> None:
    """Begin a form. Its key is the sender's own: with it the report is filed once, however often it is sent."""
    said = {"forum": _own_forum()}
    browser[FORM] = {"step": STEPS[0], "key": secrets.token_urlsafe(_KEY_BYTES), "said": said, "pictures": []}


def keep(form: Mapping[str, Any]) -> None:
    """Keep a form in the session."""
    browser[FORM] = dict(form)


def pictures_in(form: Mapping[str, Any]) -> list[Picture]:
    """Return the pictures of a form."""
    return [Picture.of_json(one) for one in form["pictures"]]


def forums() -> Sequence[Platform]:
    """Return the forums that one can pick."""
    with reading() as session:
        return [one for one in Platform.all_by_name(session) if one.ended is None]


def people(said: Mapping[str, Any]) -> list[Professional]:
    """Return the professionals that somebody signed in can pick: of their own forum, by badge."""
    person = current_sign_in()
    if person is None or said.get("forum") != person.platform_name:
        return []
    with reading() as session:
        return professionals_on(session, house().keyring, person.platform_id, now())


def picked(said: Mapping[str, Any]) -> Professional | None:
    """Return the professional that somebody signed in picked."""
    return next((one for one in people(said) if one.key == said.get("hcp")), None)


def platform_of(said: Mapping[str, Any]) -> UUID | None:
    """Return the forum that a report is about; none for anywhere else."""
    return next((one.id for one in forums() if one.name == said.get("forum")), None)


def handed_in(form: Mapping[str, Any]) -> Handed:
    """Return the report that answers come to."""
    said, pictures = form["said"], tuple(pictures_in(form))
    header = Header(
        kind=said["about"],
        danger_now=said["danger"] == "yes",
        minor=said["young"] in (Young.ME, Young.OTHER) or _is_known_minor(),
        platform_id=platform_of(said),
    )
    who = picked(said)
    body = Body(
        what=said["what"].strip(),
        where=said.get("where", "").strip(),
        who="; ".join(part for part in (who.name if who else "", said.get("who", "").strip()) if part),
        wish="\n".join(str(WISHES[one]) for one in said.get("wishes", ())),
        reach=said["reach"],
        evidence=tuple(one.name for one in pictures),
        more=_more(said, who),
    )
    return Handed(Draft(header=header, body=body, identity=_identity(said)), form["key"], pictures)


def blocks(said: Mapping[str, Any]) -> AccountKey | None:
    """Return whom a signed-in person wants blocked at once."""
    who = picked(said)
    return who.key if who is not None and said.get("block") == "yes" else None


def _more(said: Mapping[str, Any], who: Professional | None) -> dict[str, str]:
    person = current_sign_in()
    more = {"young": said["young"]}
    if who is not None:
        more["hcp"] = who.key
    if said.get("block") == "yes" and who is not None:
        more["block"] = "yes"
    # Only of somebody who lets themselves be known: for the officers who ask whether the rule was kept.
    if person is not None and said["reach"] == Reach.ACCOUNT:
        more["patient"] = person.account_key
    return more


def _identity(said: Mapping[str, Any]) -> Identity | None:
    if said["reach"] == Reach.TOLD:
        return Identity(name=said.get("name", "").strip(), reach=said.get("contact", "").strip())
    person = current_sign_in()
    if said["reach"] == Reach.ACCOUNT and person is not None:
        with reading() as session:
            return Identity(account=f"{person.forum}: {_name_of(session, person.account_id)}")
    return None


def _name_of(session: Session, account_id: UUID) -> str:
    return account_name(session, house().keyring, session.get_one(Account, account_id))


def _own_forum() -> str:
    person = current_sign_in()
    return "" if person is None else person.platform_name


def _is_known_minor() -> bool:
    """Say whether we know that the person who is signed in is under 18; nobody is made a child for want of a record."""
    person = current_sign_in()
    if person is None:
        return False
    with reading() as session:
        patient = find_patient(session, person.account_id)
        return patient is not None and patient.adult_from is not None and patient.adult_from > now()


def known_types() -> list[str]:
    """Return the words for what a report is about, in the order of the form."""
    return [one.code for one in policies().reporting.types]
