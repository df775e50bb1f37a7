"""The page for printed codes is counted like every other one by nobody we know."""

from dataclasses import replace

import pytest

from governance.config.limits import LimitSettings
from tests.conftest import running

pytestmark = pytest.mark.slow


def test_whoever_tries_codes_is_told_to_wait(settings):
    few = replace(settings, limits=LimitSettings(anonymous="5/minute"))
    with running(few) as app:
        client = app.test_client()
        answers = [client.post("/hide", data={"code": f"try {number}"}) for number in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 0
