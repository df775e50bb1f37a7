"""S2, a refusal for two weeks: it ends on the second, and what was written under it stays refused."""

from base64 import b64encode
from datetime import datetime

import pytest
import time_machine

from governance.db.extension import transaction
from governance.identity.clients.platforms import rotate_secret
from governance.optout.own.times import two_weeks_from
from governance.ui.clock import now, to_datetime
from governance.ui.house import house
from tests.optout.test_web_more import confirms
from tests.optout.test_web_rules import makes
from tests.optout.wishes import grow_up
from tests.ui.visits import FORUM, Visitor, acknowledge, forum, register, sign_in

__all__ = ["forum"]
EVERYBODY = {"who": "everyone"}
EVERYWHERE = {"where": "everywhere"}


class Asking:
    """The forum's own program, asking over HTTP with a fresh token each time."""

    def __init__(self, app):
        self.app, self.client = app, app.test_client()
        with app.app_context(), transaction() as session:
            (self.credentials,) = rotate_secret(session, house().keyring, FORUM)

    def token(self):
        pair = b64encode(f"{self.credentials.client_id}:{self.credentials.client_secret}".encode()).decode()
        sent = {"grant_type": "client_credentials", "scope": "decisions:evaluate"}
        return self.client.post("/oauth/token", data=sent, headers={"Authorization": f"Basic {pair}"}).json

    def permits(self, viewer, action="view", *, created, wrote_first=None):
        about = {} if wrote_first is None else {"initiated_by_patient": wrote_first}
        said = {"author": "ana", "community": "c", "thread": "t", "created": created, "edited": None}
        question = {
            "subject": {"type": "user", "id": viewer},
            "action": {"name": action, "properties": about},
            "resource": {"type": "post", "id": "p", "properties": said},
        }
        headers = {"Authorization": f"Bearer {self.token()['access_token']}"}
        answer = self.client.post("/access/v1/evaluation", json=question, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json["decision"]


def signs_in(app):
    client = app.test_client()
    client.set_cookie("governance", sign_in(app, "ana"))
    return Visitor(client)


ZONES = [
    pytest.param("Europe/London", "2027-05-01", "2027-05-14", "2027-05-14T23:00:00Z", marks=pytest.mark.slow),
    # The clocks of these go back, or forward, in the night in which the refusal ends.
    pytest.param("America/Havana", "2027-10-24", "2027-11-06", "2027-11-07T05:00:00Z", marks=pytest.mark.slow),
    ("Europe/London", "2027-10-18", "2027-10-31", "2027-11-01T00:00:00Z"),
    pytest.param("Asia/Beirut", "2027-03-15", "2027-03-27", "2027-03-27T22:00:00Z", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("zone", "first", "last", "end"), ZONES)
def test_s2_a_temporary_refusal_ends_on_the_second_and_what_was_written_under_it_stays(forum, zone, first, last, end):
    ends = datetime.fromisoformat(end)
    with time_machine.travel(f"{first}T12:00:00Z", tick=False) as clock:
        register(forum, "Hilda Mey", "nurse", "hilda")
        ben = signs_in(forum)
        acknowledge(ben)
        grow_up(forum)
        ben.get("/choices/ready-made").press("Go on", preset="all_may_answer")
        ben.press("Go on")
        days = {"when": "days", "first": first, "last": last, "zone": zone}
        makes(ben, who=EVERYBODY, where=EVERYWHERE, when=days)
        assert f"({zone})" in ben.text
        confirms(ben)
        asking = Asking(forum)
        before, under, after = f"{first[:4]}-01-01T10:00:00Z", f"{last}T10:00:00Z", end
        assert not asking.permits("hilda", created=before)
        clock.move_to(ends.timestamp() - 0.5)
        ben = signs_in(forum)
        assert "A no of yours comes to its end." in ben.get("/my/choices").text
        assert not asking.permits("hilda", created=before)
        assert not asking.permits("hilda", created=under)
        clock.move_to(ends.timestamp())
        assert asking.permits("hilda", created=before)
        assert asking.permits("hilda", created=after)
        assert not asking.permits("hilda", created=under)
        clock.shift(7 * 24 * 3600)
        ben = signs_in(forum)
        makes(ben, who={"who": "others"})
        confirms(ben)
        assert not asking.permits("hilda", created=under)


def test_two_weeks_over_a_change_of_the_clocks_are_two_weeks_by_the_wall_and_by_the_watch():
    with time_machine.travel("2027-03-20T12:00:00Z", tick=False):
        end = two_weeks_from("Europe/London", now()).end
    assert to_datetime(end).isoformat() == "2027-04-03T12:00:00+00:00"
