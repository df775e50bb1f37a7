"""Whether the patient wrote first, said by whoever asks: the service, the sidecar, the replica itself."""

from contextlib import contextmanager

import pytest

from governance.decision.vocabulary import Action
from governance.pep.client import Client
from governance.pep.local import SidecarClient
from governance.pep.questions import Resource, Words
from tests.forum import CLOSED, IN_TOUCH
from tests.pep.replica.conftest import here, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import TOKEN, sidecar_on_socket
from tests.pep.sidecar.test_http import replica, tmp_path  # noqa: F401


@pytest.mark.parametrize("way", ["service", "sidecar", "replica"])
def test_every_client_says_whether_the_patient_wrote_first(here, replica, tmp_path, way):  # noqa: F811
    """And the answer rests on it: of three, two are closed."""
    here.forum.acknowledges("bea")
    here.forum.chooses("bea", IN_TOUCH, CLOSED, team=["nurse"])
    here.commit()
    replica.follower.step()
    member = Resource("user", "bea", (Words("bea", community="c"),))
    with asking(here, replica, tmp_path, way) as client:
        for first, permitted in ((True, True), (False, False), (None, False)):
            one = client.evaluate("nurse", Action.MESSAGE, member, initiated_by_patient=first)
            (page,) = client.evaluate_page("nurse", Action.MESSAGE, [member], initiated_by_patient=first)
            assert (one.permit, page.permit) == (permitted, permitted), first


@contextmanager
def asking(here, replica, folder, way):  # noqa: F811
    if way == "replica":
        yield replica
    elif way == "service":
        credentials = here.forum.credentials
        yield Client(here.url, credentials.client_id, credentials.client_secret, timeout_seconds=10)
    else:
        with sidecar_on_socket(replica, folder / "socket") as caller:
            yield SidecarClient(str(caller.path), TOKEN, timeout_seconds=10)
