"""By when a forum follows a tightening, as its answer says, with a sidecar that is a program of its own."""

import json
import time
import urllib.request
from base64 import b64encode
from datetime import datetime
from urllib.parse import urlencode

import pytest

from governance.effective.replicas.service import Having, follows
from governance.ui.clock import now
from tests.pep.replica.conftest import here, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import Caller
from tests.pep.sidecar.test_http import item, tmp_path  # noqa: F401 - a short name
from tests.pep.sidecar.test_program import files, ready, set_up, started  # noqa: F401

PAGE = {"viewer": "nurse", "items": [item("1", "ana")]}
PEERS = {**PAGE, "viewer": "pia"}


def tighten(here):  # noqa: F811
    """Keep everybody away from Ana, as the forum's own program does; return what is said of by when."""
    pair = b64encode(f"{here.forum.credentials.client_id}:{here.forum.credentials.client_secret}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials", "scope": "optouts:tighten"}).encode()
    token = sent(here, "/oauth/token", form, {"Authorization": f"Basic {pair}"})["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return sent(here, "/v1/opt-outs/tighten", json.dumps({"account": "ana"}).encode(), headers)["effective"]


def sent(here, path, body, headers):  # noqa: F811
    asked = urllib.request.Request(here.url + path, body, headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return json.load(answer)


def seen(caller, page=PAGE):
    return caller.post("/visible", page)[1]["visible"] == ["1"]


def seconds(effective):
    service_at, platforms_by = (datetime.fromisoformat(effective[who]) for who in ("service", "platforms_by"))
    return (platforms_by - service_at).total_seconds()


def stands(here):  # noqa: F811
    forum = here.forum
    forum.session.rollback()
    whom = (str(forum.patient("ana").id), forum.key("ana"))
    found = follows(forum.session, forum.keyring, forum.id, whom, now()).having
    forum.session.rollback()
    return found


def comes_to(what, wanted, most=15):
    ends = time.monotonic() + most
    while what() != wanted and time.monotonic() < ends:
        time.sleep(0.1)
    return what() == wanted


@pytest.mark.slow
def test_a_sidecar_that_never_hears_of_it_refuses_by_then_and_no_sooner_than_it_has_to(here, files):  # noqa: F811
    set_up(here, files)
    with started(files, "--lease", "4"):
        caller = Caller(files / "socket")
        assert ready(caller)
        assert seen(caller)
        # At a moment at which the lease is fresh, so that it is seen to go on.
        asked = len(here.liar.asked)
        assert comes_to(lambda: len(here.liar.asked) > asked, wanted=True)
        effective = tighten(here)
        here.liar.gone = True
        # The control: told by `service` alone, the promise would be broken here.
        assert seen(caller)
        assert seconds(effective) == 5
        wait = datetime.fromisoformat(effective["platforms_by"]).timestamp() - time.time()
        time.sleep(max(0, wait))
        assert not seen(caller)
        assert seen(caller, PEERS)


@pytest.mark.slow
def test_a_sidecar_that_hears_of_it_follows_and_says_so(here, files):  # noqa: F811
    set_up(here, files)
    assert stands(here) is Having.NOBODY_FOLLOWS
    assert seconds(tighten(here)) == 0
    with started(files):
        caller = Caller(files / "socket")
        assert ready(caller)
        assert comes_to(lambda: stands(here), Having.APPLIED)
        here.forum.chooses("ana", "closed", "closed")
        here.commit()
        assert stands(here) is Having.NOT_YET
        assert comes_to(lambda: stands(here), Having.APPLIED)
        assert not seen(caller)
        assert seconds(tighten(here)) == 6
