"""The little world that the AuthZEN certification asks about: eight rules, asked through our own doors.

Source: the working group's certification scenario, as of August 2026.
"""

from governance.pdp.messages import question_of

ROLES = {"bob": "admin"}
STATUS = {"record-1": "active", "record-2": "archived"}
READERS = {"record-1": {"alice", "bob"}}


class Certification:
    """An evaluator; what patients chose plays no part."""

    def read(self, members):
        """The shape is checked as for every other question."""
        question_of(members)
        return members

    def answer(self, questions):
        return [{"decision": decides(question)} for question in questions]


def decides(question):
    subject, action, resource = question["subject"], question["action"], question["resource"]
    name = action["name"]
    if name == "read":
        return subject["id"] in READERS.get(resource["id"], ())
    if name == "write":
        return may_write(subject, resource)
    if name == "delete":
        return subject["id"] == "alice" and of(action).get("soft") is True
    return False


def may_write(subject, resource):
    status = of(resource).get("status", STATUS.get(resource["id"]))
    if status == "archived":
        return of(subject).get("role", ROLES.get(subject["id"])) == "admin"
    return subject["id"] == "alice" and resource["id"] == "record-1"


def of(entity):
    return entity.get("properties", {})
