"""A question as a forum sends it."""

from governance.decision.vocabulary import Instant
from governance.ui.clock import to_datetime


def message_of(asked):
    *others, last = asked.authors
    said = {"author": last[0], **_words(last)}
    if others:
        said["authors"] = [{"account": one[0], **_words(one), **_sent(post=one[3])} for one in others]
    if asked.recipients is not None:
        said["recipients"] = list(asked.recipients)
    properties = {**said, **_sent(flagged=asked.flagged)}
    resource = {"type": "post", "id": last[3], "properties": properties}
    if last[3] is None:
        resource = {"type": "user", "id": last[0], "properties": properties}
    action = {"name": asked.action, "properties": _sent(initiated_by_patient=asked.first)}
    return {"subject": {"type": "user", "id": asked.viewer}, "action": action, "resource": resource}


def _words(one):
    _, community, thread, _, created, edited = one
    said = _sent(community=community, thread=thread, created=_time(created))
    if edited is not None:
        said["edited"] = None if edited == "never" else _time(edited)
    return said


def _time(instant):
    return None if instant is None else to_datetime(Instant(instant)).isoformat()


def _sent(**said):
    return {name: value for name, value in said.items() if value is not None}
