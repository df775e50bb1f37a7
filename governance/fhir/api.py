"""Doors of the counter that speaks FHIR R4: metadata for everybody, Consents for platforms."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Response, json, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotAcceptable, UnsupportedMediaType
from werkzeug.http import http_date

from governance.db.extension import reading
from governance.errors import BadInputError
from governance.fhir.codes import Namespaces
from governance.fhir.consent import Version
from governance.fhir.metadata import action_codes, capabilities
from governance.fhir.openapi import CONSENT, SEARCH_FORM, SEARCH_PARAMETERS, VERSION, answers, text
from governance.fhir.outcomes import MEDIA_TYPE
from governance.fhir.search import Search, form_of, search_of
from governance.fhir.service import Shelf
from governance.fhir.times import day_of
from governance.identity.access import anyone
from governance.identity.current import current_platform, platform_required
from governance.ui.api import Blueprint, needs
from governance.ui.clock import to_datetime
from governance.ui.house import house

_SCOPE: Final = "system/Consent.rs"
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = frozenset({"json", "text/json", "application/json", MEDIA_TYPE})
_ANY: Final = frozenset({"*/*", "application/*"})

blueprint = Blueprint("fhir", __name__, description="Consents in HL7 FHIR R4, by class")


@blueprint.get("/fhir/metadata")
@blueprint.doc(responses=answers("CapabilityStatement"), parameters=[text("_format", "json")])
@anyone
def metadata() -> ResponseReturnValue:
    """Say what this FHIR server can do (CapabilityStatement); built from the configured address alone."""
    return _public(capabilities(_spaces()))


@blueprint.get("/fhir/CodeSystem/hcp-action")
@blueprint.doc(responses=answers("CodeSystem"), parameters=[text("_format", "json")])
@anyone
def actions() -> ResponseReturnValue:
    """Return the codes of our actions (CodeSystem)."""
    return _public(action_codes(_spaces()))


@blueprint.get("/fhir/Consent")
@blueprint.doc(security=needs(_SCOPE), responses=answers("Bundle"), parameters=SEARCH_PARAMETERS)
@platform_required(_SCOPE)
def find() -> ResponseReturnValue:
    """Return Consents by their ids; by account only `POST /fhir/Consent/_search`, for addresses are kept in logs."""
    return _found(search_of(_sent(), _spaces(), in_address=True))


@blueprint.post("/fhir/Consent/_search")
@blueprint.doc(security=needs(_SCOPE), responses=answers("Bundle"), requestBody=SEARCH_FORM)
@platform_required(_SCOPE)
def search() -> ResponseReturnValue:
    """Return the Consents of some of the platform's accounts; who chose nothing and who is unknown look alike."""
    if request.mimetype != _FORM:
        raise UnsupportedMediaType(f"send the search as `{_FORM}`")
    if request.args.keys() - {"_format"}:
        raise BadInputError("send the search in the body, and nothing of it in the address: addresses are kept in logs")
    return _found(search_of(form_of(request.get_data()), _spaces(), in_address=False))


@blueprint.get("/fhir/Consent/<consent>")
@blueprint.doc(security=needs(_SCOPE), responses=answers("Consent"), parameters=CONSENT)
@platform_required(_SCOPE)
def read(consent: str) -> ResponseReturnValue:
    """Return the version of a Consent that is in force."""
    with reading() as session:
        return _one(*_shelf(session).read(consent))


@blueprint.get("/fhir/Consent/<consent>/_history")
@blueprint.doc(security=needs(_SCOPE), responses=answers("Bundle"), parameters=CONSENT)
@platform_required(_SCOPE)
def history(consent: str) -> ResponseReturnValue:
    """Return every version of a Consent that is in force, the newest first; superseded ones are inactive."""
    _check_format()
    with reading() as session:
        return _said(_shelf(session).history(consent))


@blueprint.get("/fhir/Consent/<consent>/_history/<version>")
@blueprint.doc(security=needs(_SCOPE), responses=answers("Consent"), parameters=[*CONSENT, *VERSION])
@platform_required(_SCOPE)
def version_read(consent: str, version: str) -> ResponseReturnValue:
    """Return one version of a Consent; a superseded one is inactive."""
    with reading() as session:
        return _one(*_shelf(session).read(consent, version))


def _found(search: Search) -> Response:
    _check_format()
    with reading() as session:
        return _said(_shelf(session).search(search))


def _one(version: Version, resource: dict[str, Any]) -> Response:
    _check_format()
    tag = resource["meta"]["versionId"]
    known = request.if_none_match.contains_weak(tag)
    answer = Response(status=HTTPStatus.NOT_MODIFIED) if known else _said(resource)
    answer.set_etag(tag, weak=True)
    answer.headers["Last-Modified"] = http_date(to_datetime(day_of(version.during.start)))
    return answer


def _public(resource: dict[str, Any]) -> Response:
    _check_format()
    answer = _said(resource)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _said(resource: Mapping[str, Any]) -> Response:
    return Response(json.dumps(resource), content_type=MEDIA_TYPE)


def _check_format() -> None:
    """Raise `NotAcceptable` unless the caller takes JSON of R4."""
    wanted = request.values.get("_format")
    taken = [(wanted, 1.0)] if wanted else list(request.accept_mimetypes)
    if taken and not any(_is_ours(media_type) and quality > 0 for media_type, quality in taken):
        raise NotAcceptable(f"this server speaks `{MEDIA_TYPE}` of FHIR R4 alone")


def _is_ours(media_type: str) -> bool:
    # An address turns the sign + into a blank.
    name, *parameters = (part.strip().replace("fhir json", "fhir+json") for part in media_type.lower().split(";"))
    versions = [value for key, _, value in (one.partition("=") for one in parameters) if key == "fhirversion"]
    return name in _JSON | _ANY and all(version.strip('"').startswith("4.0") for version in versions)


def _sent() -> dict[str, list[str]]:
    return dict(request.args.lists())


def _spaces() -> Namespaces:
    return Namespaces(house().settings.public_url)


def _shelf(session: Session) -> Shelf:
    return Shelf(session, house().keyring, current_platform().platform_id, _spaces())
