"""After a restore nobody reads more than before it: what was closed since stays closed, what was opened does not."""

import shutil
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.backup import copies, postgresql, sqlite
from governance.backup.errors import JournalMissingError, RestoreError
from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.decision.vocabulary import FOREVER, Instant, Level
from governance.effective.erasure import erase
from governance.effective.layers import RESTORED, Layers, Party, refuse_one
from governance.effective.measures import Measures
from governance.effective.models import GovernedAccount, Measure
from governance.ledger.start import proven_since_checkpoint
from governance.ledger.verify import verify
from governance.optout import service as optout
from governance.optout.choices import DirectiveBody, Entry
from governance.optout.loosening import fragment_of
from tests.backup.house import House
from tests.forum import DAY


def measures(forum):
    return Measures(forum.session, forum.keyring, Instant(forum.now))


def hides(forum):
    forum.hides("ana")


def refuses_by_name(forum):
    party = Party("guardian")
    Layers(forum.session, forum.keyring, forum.patient("ana").id, Instant(forum.now)).add(
        party, refuse_one(party, forum.key("dan"))
    )


def blocks_the_pair(forum):
    measures(forum).block_pair(forum.patient("ana").id, forum.key("dan"), Instant(forum.now + 90 * DAY))


def blocks_the_professional(forum):
    hcp = UUID(forum.session.get(GovernedAccount, forum.key("dan")).hcp)
    measures(forum).block_hcp(hcp, Instant(forum.now + 90 * DAY))


def erases(forum):
    erase(forum.session, forum.keyring, forum.patient("ana").id, Instant(forum.now), final_at=Instant(forum.now))


def closes(forum):
    forum.chooses("ana", Level.CLOSED, Level.CLOSED, ["nia"])


@pytest.mark.parametrize("act", [hides, refuses_by_name, blocks_the_pair, blocks_the_professional, erases, closes])
def test_what_was_closed_since_the_backup_stays_closed(lived_in, empty, act):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        act(forum)
    assert not lived_in.permits("dan", "ana")
    lived_in.restore(file, to=empty)
    assert not lived_in.permits("dan", "ana")
    assert lived_in.permits("nia", "bea")
    layers = the_layers(lived_in, "ana")
    assert RESTORED.name not in layers


def the_layers(house, name):
    with house.forum() as forum:
        patient = forum.patient(name).id
        return {layer.by for layer in Layers(forum.session, forum.keyring, patient, Instant(forum.now)).kept()}


def test_without_replay_it_would_be_open_again(lived_in, empty):
    """The control: bytes alone bring back what was taken back."""
    file = lived_in.backup()
    with lived_in.forum() as forum:
        hides(forum)
    lived_in.close()
    there = House(empty or f"sqlite:///{lived_in.folder / 'bytes.db'}", lived_in.folder)
    if empty is None:
        shutil.copyfile(file, sqlite.path_of(there.url))
    else:
        postgresql.restore(file, there.url)
    there.now = lived_in.now
    assert there.permits("dan", "ana")
    there.close()


def test_what_was_opened_since_the_backup_is_not_opened(house, empty):
    with house.forum() as forum:
        for name in ("nia", "dan"):
            forum.registers(name)
        for name in ("ana", "bea"):
            forum.acknowledges(name)
        forum.chooses("bea", Level.SEEN, Level.SEEN, ["nia"])
    file = house.backup()
    with house.forum() as forum:
        forum.chooses("ana", Level.SEEN, Level.SEEN, ["nia"])
    assert house.permits("nia", "ana")
    replayed = house.restore(file, to=empty)
    assert not house.permits("nia", "ana")
    assert house.permits("nia", "bea")
    assert sum("until they take that away" in what for what in replayed) == 1
    takes_away(house, "ana")
    assert not house.permits("nia", "ana")


def takes_away(house, name):
    with house.forum() as forum:
        patient = forum.patient(name).id
        Layers(forum.session, forum.keyring, patient, Instant(forum.now)).remove(RESTORED)


def test_what_an_opening_closed_besides_outlives_the_layer(lived_in, empty):
    """One change that opens to some and hides from others must not lose the second half."""
    file = lived_in.backup()
    with lived_in.forum() as forum:
        takes_part_back(forum)
    lived_in.restore(file, to=empty)
    takes_away(lived_in, "ana")
    assert not lived_in.permits("dan", "ana")
    assert not lived_in.permits("nia", "ana", "message", wrote_first=True)


def takes_part_back(forum):
    """As one directive: others are closed, the care team may write. No page does this yet; the register can."""
    body = DirectiveBody(Level.IN_TOUCH, Level.CLOSED, entries=(Entry(forum.key("nia"), forum.now, FOREVER),))
    register = optout.Register(forum.session, forum.keyring, Instant(forum.now))
    register.put("patient", str(forum.patient("ana").id), optout.ROOM, fragment_of(body))


def test_a_professional_who_changed_since_waits_for_staff(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        forum.registers("eve")
    assert lived_in.permits("eve", "ana")
    lived_in.restore(file, to=empty)
    assert not lived_in.permits("eve", "ana")
    with lived_in.forum() as forum:
        (measure,) = Measure.standing(forum.session, forum.now)
        measures(forum).lift(measure.id)
    # What was found about her since is not believed again either.
    assert not lived_in.permits("eve", "ana")


def test_blocks_said_again_can_be_lifted(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        blocks_the_pair(forum)
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum:
        (measure,) = Measure.standing(forum.session, forum.now)
        measures(forum).lift(measure.id)
    assert lived_in.permits("dan", "ana")


def test_an_erased_patients_keys_are_destroyed_again(lived_in, empty):
    with lived_in.forum() as forum:
        owners = [f"account:{forum.account('ana').id}", f"patient:{forum.patient('ana').id}"]
    file = lived_in.backup()
    with lived_in.forum() as forum:
        erases(forum)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        for owner in owners:
            with pytest.raises(KeyGoneError):
                DataKeys(session, lived_in.keyring).known(owner)


def test_somebody_who_came_after_the_backup_is_found_again(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        forum.acknowledges("zoe")
        forum.chooses("zoe", Level.SEEN, Level.SEEN, ["nia"])
        before = forum.patient("zoe").id
    lived_in.restore(file, to=empty)
    assert not lived_in.permits("nia", "zoe")
    with lived_in.forum() as forum:
        assert forum.patient("zoe", adult=False).id == before
    assert not lived_in.permits("nia", "zoe")


def test_the_page_says_what_is_in_force_after_a_restore(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        hides(forum)
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum:
        assert forum.choices("ana").hold
        assert not forum.choices("bea").hold


def test_the_ledger_goes_on_in_a_new_epoch(lived_in, empty):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        hides(forum)
    lived_in.restore(file, to=empty)
    with Session(lived_in.engine.execution_options(read_only=True)) as session:
        assert proven_since_checkpoint(session, lived_in.keyring, lived_in.outside).epoch == 2
        assert not verify(session, lived_in.keyring, lived_in.outside).findings.damage


def lose(house):
    (house.folder / "outside" / "journal").unlink()


def cut(house):
    path = house.folder / "outside" / "journal"
    *frames, _ = path.read_bytes().split(b"\xe5gvjrnl\x01")
    path.write_bytes(b"\xe5gvjrnl\x01".join(frames))


def spoil(house):
    path = house.folder / "outside" / "journal"
    data = bytearray(path.read_bytes())
    data[-200] ^= 1
    path.write_bytes(data)


def lose_all(house):
    shutil.rmtree(house.folder / "outside")


@pytest.mark.parametrize("damage", [lose, cut, spoil, lose_all])
def test_without_a_whole_journal_nobody_may_decide_until_the_operator_says_so(lived_in, empty, damage):
    file = lived_in.backup()
    with lived_in.forum() as forum:
        hides(forum)
        forum.hides("bea")
    damage(lived_in)
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=empty)
    if empty is not None:
        # The archive is in the database by now; it must refuse, as the service's start does.
        assert_refuses(lived_in)
    lived_in.restore(file, to=empty, without_journal=True)
    assert not any(lived_in.permits(who, whom) for who in ("nia", "dan") for whom in ("ana", "bea", "cid"))
    takes_away(lived_in, "cid")
    with lived_in.forum() as forum:
        for measure in Measure.standing(forum.session, forum.now):
            measures(forum).lift(measure.id)
    assert lived_in.permits("nia", "cid")
    assert not lived_in.permits("nia", "ana")


def assert_refuses(house):
    there = House(house.url, house.folder)
    with Session(there.engine.execution_options(read_only=True)) as session, pytest.raises(Exception, match="run `gov"):
        proven_since_checkpoint(session, house.keyring, house.outside)
    there.close()


def test_a_second_restore_forgets_nothing_of_the_first(lived_in, empty, request):
    """Two histories count versions for themselves: what was closed in either must stay closed."""
    first = lived_in.backup("first")
    with lived_in.forum() as forum:
        forum.hides("bea")
    second = lived_in.backup("second")
    lived_in.restore(first, to=empty)
    with lived_in.forum() as forum:
        hides(forum)
    if empty is None:
        lived_in.restore(second)
        assert not lived_in.permits("nia", "ana")
        assert not lived_in.permits("nia", "bea")
        return
    with request.getfixturevalue("postgres").lend(tables=False) as other:
        lived_in.restore(second, to=other)
        assert not lived_in.permits("nia", "ana")
        assert not lived_in.permits("nia", "bea")
        lived_in.close()


def test_it_is_refused_while_somebody_has_the_database_open(lived_in, empty):
    file = lived_in.backup()
    there = House(empty or lived_in.url, lived_in.folder)
    with there.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        with pytest.raises(RestoreError, match="stop the service"):
            lived_in.restore(file, to=empty)
    there.close()
    lived_in.restore(file, to=empty)
    assert lived_in.permits("nia", "ana")


def test_a_changed_backup_is_refused_before_anything_happens(lived_in, empty):
    file = lived_in.backup()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(data)
    with pytest.raises(copies.BackupError):
        lived_in.restore(file, to=empty)
