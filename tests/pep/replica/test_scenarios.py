"""The scenario tables, put to a replica and to the sidecar over HTTP: the same answers as the pure function's."""

from collections import defaultdict

import pytest

from governance.decision.vocabulary import Reason
from tests.pep.replica.deciding import Deciding, question_of
from tests.pep.replica.tables import forum_of
from tests.pep.sidecar.running import sidecar_on_socket
from tests.scenarios.facts import question
from tests.scenarios.reader import read_all
from tests.scenarios.world import Scenario

SCENARIOS = [pytest.param(scenario, id=scenario.file) for scenario in read_all()]
PERMITS = {Reason.PERMITTED, Reason.NOT_GOVERNED}


def replicas(scenario: Scenario):
    """Return the rows of a table by platform, each platform with a replica that knows its facts."""
    by_platform = defaultdict(list)
    for row in scenario.all_rows():
        by_platform[row.platform].append((row, *question(scenario.world, row)))
    for platform, asked in by_platform.items():
        forum = forum_of((facts for _, _, facts in asked), platform=platform)
        yield Deciding(forum), [(row, request) for row, request, _ in asked]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_replica_answers_as_the_table_says(scenario):
    for replica, asked in replicas(scenario):
        for row, request in asked:
            assert replica.at(row.now).reason(request) == row.then, (row.name, row.because)


def as_authzen(request):
    """Return the question as a forum's program sends it."""
    asked = question_of(request)
    properties = {"authors": [words.as_json() for words in asked.resource.words]}
    optional = {"flagged": asked.resource.flagged, "sender": asked.sender, "recipients": asked.recipients}
    properties |= {name: value for name, value in optional.items() if value is not None}
    action = {"name": asked.action.value}
    if asked.initiated_by_patient is not None:
        action["properties"] = {"initiated_by_patient": asked.initiated_by_patient}
    resource = {"type": "thing", "id": "1", "properties": properties}
    return {"subject": {"type": "user", "id": asked.viewer}, "action": action, "resource": resource}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_sidecar_answers_as_the_table_says(scenario, tmp_path):
    for number, (replica, asked) in enumerate(replicas(scenario)):
        with sidecar_on_socket(replica.replica, tmp_path / str(number)) as sidecar:
            for row, request in asked:
                replica.at(row.now)
                status, answer = sidecar.post("/access/v1/evaluation", as_authzen(request))
                told = (status, answer["decision"], answer["context"]["reason"])
                assert told == (200, row.then in PERMITS, row.then), (row.name, row.because)
