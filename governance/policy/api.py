"""Public doors to the policy records: what holds, what held before, and the words of both."""

import hashlib
import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading
from governance.errors import NotFoundError
from governance.identity.access import anyone
from governance.policy.current import policies
from governance.policy.history import Published, history_of
from governance.policy.publishing import ON_PUBLICATION
from governance.policy.records import PolicyRecord
from governance.policy.schemas import PublishedRecord, PublishedRecords
from governance.policy.views.conduct import ConductPolicy, Guarantee, has_guarantees
from governance.ui.api import Blueprint
from governance.ui.clock import in_utc, to_datetime, to_instant

blueprint = Blueprint("policies", __name__, description="Published policy records")


@blueprint.get("/v1/policies")
@blueprint.response(HTTPStatus.OK, PublishedRecords)
@blueprint.doc(responses={"304": {"description": "what `If-None-Match` names is still the newest"}})
@anyone
def list_policies() -> ResponseReturnValue:
    """Return every version of every record, with the hashes of its texts."""
    with reading() as session:
        found = [one for record in policies().records for one in _versions(session, record)]
    return _answer(PublishedRecords().dump({"records": [_described(one) for one in found]}))


@blueprint.get("/v1/policies/<procedure>/<version>")
@blueprint.response(HTTPStatus.OK, PublishedRecord)
@blueprint.doc(responses={"304": {"description": "what `If-None-Match` names is still the newest"}})
@anyone
def one_policy(procedure: str, version: str) -> ResponseReturnValue:
    """Return one version of a procedure's record, or of one that stands beside it, with the words of its texts."""
    with reading() as session:
        found = [one for one in _versions(session, procedure) if one.record.version == version]
    if not found:
        raise NotFoundError("there is no such version; `/v1/policies` lists them all")
    return _answer(PublishedRecord().dump({**_described(found[0]), "data": found[0].record.tables}))


def _versions(session: Session, record: str) -> tuple[Published, ...]:
    current = policies().records.get(record)
    found = history_of(session, record, current)
    if current is None or record in ON_PUBLICATION or found.named(current.version):
        return found.versions
    # It lies in the folder, so the program works by it, whether or not somebody published it yet.
    return (*found.versions, Published(current, to_instant(current.effective)))


def _described(one: Published) -> dict[str, Any]:
    record = one.record
    texts = [
        {"language": text.language, "variant": text.variant, "sha256": text.sha256, "text": text.content}
        for text in record.texts
    ]
    return {
        "record": record.id,
        "procedure": record.procedure,
        "version": record.version,
        "change": record.change,
        "since": to_datetime(one.since),
        "summary": record.summary,
        "texts": texts,
        "guarantees": _guarantees(record),
    }


def _guarantees(record: PolicyRecord) -> list[Guarantee]:
    if not has_guarantees(record):
        return []
    policy = ConductPolicy(record)
    return [line for language in sorted(record.sha256_by_language) for line in policy.guarantees(language)]


def _plain(value: object) -> str:
    return in_utc(value) if isinstance(value, datetime) else str(value)


def _answer(body: dict[str, Any]) -> Response:
    """Return a body under the hash of its bytes; who has it already is told so and nothing else."""
    encoded = json.dumps(body, ensure_ascii=False, default=_plain).encode()
    answer = Response(encoded, content_type="application/json")
    answer.set_etag(hashlib.sha256(encoded).hexdigest())
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer.make_conditional(request)  # type: ignore[return-value] # werkzeug returns the same object
