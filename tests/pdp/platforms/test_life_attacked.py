"""Ways to a live forum, or out of a suspension, without a report that proves it; each was tried by somebody."""

import json
import stat
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from governance.cli.platform import platform
from governance.effective.life.errors import BadReportError, NotProvenError
from governance.effective.life.models import ProbeReport
from governance.effective.life.service import standing_of
from governance.effective.life.states import State, Why
from governance.pdp.platforms.service import go_live
from governance.ui.clock import now
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober

HCP = ("nurse", "ana")
COPY = "https://copy.example"


@pytest.mark.parametrize(("address", "renewed"), [(COPY, False), (ADDRESS, True)])
def test_reports_of_a_probe_that_was_replaced_prove_nothing_any_more(life, prober, tmp_path, address, renewed):
    """A copy to try things on says 0 easily; and whose key was stolen has all its reports doubted."""
    old = Prober(tmp_path, "old")
    life(seconds=1).note_probe(address, old.key)
    life(seconds=2).take(old.says(forum=address))
    assert life(seconds=3).may_go_live().result == "clean"
    new = prober if renewed else old
    life(seconds=4).note_probe(ADDRESS, new.key)
    with pytest.raises(NotProvenError, match="walk again"):
        life(seconds=5).may_go_live()
    life(seconds=8).take(new.says(kind="canary", ago=timedelta(seconds=-8)))
    with pytest.raises(NotProvenError, match="the probe that is noted now"):
        life(seconds=9).may_go_live()
    life(seconds=12).take(new.says(ago=timedelta(seconds=-12)))
    assert life(seconds=13).may_go_live().result == "clean"


def test_a_probe_that_is_noted_again_as_it_was_keeps_what_it_proved(life, prober):
    life(seconds=1).take(prober.says())
    life(seconds=4).note_probe(ADDRESS + "/", prober.key)
    assert life(seconds=5).may_go_live().result == "clean"


def test_a_report_from_before_a_suspension_does_not_end_it_by_a_clock_that_is_ahead(people, life, prober):
    life().take(prober.says(ago=timedelta(minutes=-4)))
    life(seconds=1).suspend(Why.STAFF)
    with pytest.raises(NotProvenError, match="before the forum was suspended"):
        life(seconds=2).resume()
    assert not people.permits(*HCP)


def test_a_clock_that_was_ahead_does_not_keep_a_leak_out(people, life, prober):
    life().take(prober.says(ago=timedelta(minutes=-4), kind="canary"))
    life(seconds=3).take(prober.says([LEAK], kind="canary", ago=timedelta(seconds=-2)))
    assert standing_of(people.session, people.id).state is State.SUSPENDED


def test_a_forum_of_which_nothing_is_live_is_tried_out_again_after_a_suspension(people, life, prober):
    """A canary alone must not make a forum live for which nobody ever walked before and after a no."""
    life().suspend(Why.STAFF)
    life(minutes=2).take(prober.says(ago=timedelta(minutes=-2), kind="canary"))
    life(minutes=3).resume()
    standing = standing_of(people.session, people.id)
    assert (standing.state, standing.live) == (State.TRYING, frozenset())
    assert people.permits(*HCP)


def test_a_forum_that_was_live_is_live_again(people, life, prober):
    life().take(prober.says())
    go_live(people.session, people.keyring, people.id, "c", now())
    life().suspend(Why.STAFF)
    life(minutes=2).take(prober.says(ago=timedelta(minutes=-2), kind="canary"))
    life(minutes=3).resume()
    assert standing_of(people.session, people.id).state is State.LIVE


@pytest.mark.parametrize("said", [[], [1, 2], "clean", None, 7])
def test_a_signed_report_of_another_form_is_no_fault_of_ours(life, prober, said):
    with pytest.raises(BadReportError):
        life().take(signed_as(prober, said))


def test_a_report_that_is_written_in_another_way_is_not_taken_again(people, life, prober):
    """Otherwise one report fills the table, which forgets nothing."""
    signed = prober.says()
    life().take(signed)
    for written in (signed + "=", signed + "!", signed[:-3] + "\n" + signed[-3:], signed[:-1] + _next(signed[-1])):
        with pytest.raises(BadReportError):
            life().take(written)
    assert len(people.session.scalars(select(ProbeReport)).all()) == 1


def test_the_members_that_a_forum_takes_along_are_for_its_operator_alone(app, people, tmp_path):  # noqa: ARG001 - they are there
    file = tmp_path / "export"
    with app.app_context():
        done = CliRunner().invoke(platform, ["export", "forum", str(file)])
        assert done.exit_code == 0, done.output
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        before = file.read_bytes()
        again = CliRunner().invoke(platform, ["export", "forum", str(file)])
    assert (again.exit_code != 0, file.read_bytes()) == (True, before)


def signed_as(prober, said):
    """Sign something that is no object, as a forum could that holds the key."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    key = serialization.load_pem_private_key(prober.key_file.read_bytes(), password=None)
    header = {"alg": "EdDSA", "typ": "probe-report+jws", "made": datetime.now(UTC).isoformat()}
    whole = ".".join(_written(json.dumps(part).encode()) for part in (header, said))
    return f"{whole}.{_written(key.sign(whole.encode()))}"


def _written(raw):
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _next(letter):
    """Return a letter whose lowest bits, of which the last one of a signature has four too many, are others."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return letters[letters.index(letter) ^ 1]
