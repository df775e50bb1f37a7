"""Refusing on a member's behalf: the platform's own layer, there alone. Set only; the patient sees and removes it."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.layers import Layers, platform_party, refuse_all, refuse_one
from governance.errors import BadInputError
from governance.identity.models import Platform
from governance.identity.service import account_for
from governance.patients.service import patient_for

MOST_NAMED: Final = 200
"""Refusals of single accounts that a forum may set for one member: each is kept with all that were before it."""


class Wish(NamedTuple):
    """Whose words are to be kept, from one professional's account or from all of them."""

    account: str
    hcp: str | None = None


def tighten(session: Session, keyring: Keyring, platform_id: UUID, wish: Wish, now: Instant) -> None:
    """Put the refusal in force at once; one that stands already is left alone.

    Raises `BadAccountIdError`, and `BadInputError` for one single account too many.
    """
    platform = session.get_one(Platform, platform_id)
    account = account_for(session, keyring, platform, wish.account, now)
    patient = patient_for(session, keyring, (account.id, platform_id, account.key), now)
    party = platform_party(platform_id)
    who = None if wish.hcp is None else account_key(keyring, platform_id, wish.hcp)
    wanted = refuse_all(party) if who is None else refuse_one(party, who)
    layers = Layers(session, keyring, patient.id, now)
    standing = {line.id for layer in layers.kept() if layer.by == party.name for line in layer.refusals}
    if standing >= {line.id for line in wanted}:
        return
    if who is not None and len(standing) >= MOST_NAMED:
        raise BadInputError(
            f"{MOST_NAMED} refusals of single accounts are set for this member already, and all of them stand; "
            "leave out `hcp` to keep all professionals away"
        )
    layers.add(party, wanted)
