"""What a browser is asked when a passkey is made or used, and whether its answer holds. WebAuthn, by py_webauthn.

The library is loaded by who needs it first: at the start of a process it would take longer than most rooms together.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog

from governance.identity.errors import PasskeyFailedError

if TYPE_CHECKING:
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LASTS: Final = 5 * 60 * 1_000_000
"""Microseconds within which a browser must have answered."""
_LONGEST: Final = 16 * 1024
_MILLISECOND: Final = 1_000
_NAME: Final = "Your say"
"""All that a device, and whoever keeps its passkeys, is told of whose it is: no name, and no forum."""
_PORTS: Final = {"https": 443, "http": 80}
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Party:
    """Us, as browsers know us."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser has to answer, once."""

    value: bytes = field(repr=False)
    user_handle: bytes = field(repr=False)
    """By which a device that makes a passkey is to know whose it is; random."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that a device has just made."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int


def party_of(public_url: str) -> Party | None:
    """Return us, or none where no browser would make a passkey: at a bare number for an address."""
    parts = urlsplit(public_url)
    host = (parts.hostname or "").lower()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_named = bool(host)
    else:
        is_named = False
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    return Party(host, f"{parts.scheme}://{host}{port}") if is_named else None


def new_challenge() -> Challenge:
    """Return a challenge that nobody had before."""
    from webauthn import helpers  # noqa: PLC0415 - see above

    return Challenge(helpers.generate_challenge(), helpers.generate_user_handle())


def asked_to_make(party: Party, challenge: Challenge, known: Sequence[bytes]) -> str:
    """Return what a browser is told in JSON to make a passkey; `known` are those that a device shall not make again."""
    import webauthn  # noqa: PLC0415 - see above
    from webauthn.helpers import structs  # noqa: PLC0415 - see above

    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=_NAME,
        user_name=_NAME,
        user_id=challenge.user_handle,
        challenge=challenge.value,
        timeout=LASTS // _MILLISECOND,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(known),
        supported_pub_key_algs=_algorithms(),
    )
    return webauthn.options_to_json(options)


def asked_to_use(party: Party, challenge: Challenge, known: Sequence[bytes]) -> str:
    """Return what a browser is told in JSON to use one of these passkeys."""
    import webauthn  # noqa: PLC0415 - see above
    from webauthn.helpers import structs  # noqa: PLC0415 - see above

    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge.value,
        timeout=LASTS // _MILLISECOND,
        allow_credentials=_named(known),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def made(party: Party, challenge: Challenge, answer: str) -> NewPasskey:
    """Return the passkey that a device made. Raises `PasskeyFailedError`."""
    import webauthn  # noqa: PLC0415 - see above
    from webauthn import helpers  # noqa: PLC0415 - see above
    from webauthn.helpers import structs  # noqa: PLC0415 - see above

    with _refusing():
        credential = helpers.parse_registration_credential_json(_short(answer))
        _check_not_framed(credential.response.client_data_json)
        # We asked for no word of a maker; what comes with one is not even read.
        attestation = helpers.parse_attestation_object(credential.response.attestation_object)
        if attestation.fmt != structs.AttestationFormat.NONE:
            raise PasskeyFailedError
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=_algorithms(),
        )
        if found.credential_id != credential.raw_id:
            raise PasskeyFailedError
        # A key that is none would be noticed only when its owner needs it.
        helpers.decoded_public_key_to_cryptography(helpers.decode_credential_public_key(found.credential_public_key))
        return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)


def credential_in(answer: str) -> bytes:
    """Return which passkey somebody says they used. Raises `PasskeyFailedError`."""
    from webauthn import helpers  # noqa: PLC0415 - see above

    with _refusing():
        return helpers.parse_authentication_credential_json(_short(answer)).raw_id


def used(party: Party, challenge: Challenge, answer: str, known: NewPasskey, user_handle: bytes) -> int:
    """Return how often a passkey was used, if this answer was given by it, just now. Raises `PasskeyFailedError`."""
    import webauthn  # noqa: PLC0415 - see above
    from webauthn import helpers  # noqa: PLC0415 - see above

    with _refusing():
        credential = helpers.parse_authentication_credential_json(_short(answer))
        _check_not_framed(credential.response.client_data_json)
        if credential.raw_id != known.credential_id or credential.response.user_handle not in (None, user_handle):
            raise PasskeyFailedError
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
        return found.new_sign_count


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Whatever it is that the library stumbled over: an answer that was not understood is no proof.
        _log.warning("passkey_failed", error=type(error).__qualname__)
        raise PasskeyFailedError from error


def _short(answer: str) -> str:
    if len(answer) > _LONGEST:
        raise PasskeyFailedError
    return answer


def _check_not_framed(client_data: bytes) -> None:
    from webauthn import helpers  # noqa: PLC0415 - see above

    if helpers.parse_client_data_json(client_data).cross_origin:
        raise PasskeyFailedError


def _named(known: Sequence[bytes]) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415 - see above

    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known]


def _algorithms() -> "list[COSEAlgorithmIdentifier]":
    from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm  # noqa: PLC0415 - see above

    return [Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]
