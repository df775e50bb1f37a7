"""After a restore nobody of a patient's care team looks at the patient's flagged posts as a moderator (step 3c)."""

import msgspec

from governance.backup import replay
from governance.decision.vocabulary import FOREVER, Instant, Level
from governance.effective.layers import RESTORED, Layers, refuse_all
from governance.optout import service as optout
from governance.optout.choices import DirectiveBody, Entry
from governance.optout.loosening import fragment_of


def moderated_by_her_team(house):
    """Zoe's community is moderated by Nia, who is of her care team since the backup."""
    with house.forum() as forum:
        forum.opens("c", moderators=["nia"])
        forum.chooses("zoe", Level.CLOSED, Level.CLOSED)
    file = house.backup()
    with house.forum() as forum:
        forum.acknowledges("zoe")
        body = DirectiveBody(Level.SEEN, Level.CLOSED, entries=(Entry(forum.key("nia"), forum.now, FOREVER),))
        said = fragment_of(msgspec.structs.replace(body, care_team=Level.CLOSED))
        register = optout.Register(forum.session, forum.keyring, Instant(forum.now))
        register.put("patient", str(forum.patient("zoe").id), optout.ROOM, fragment_of(body))
        register.put("patient", str(forum.patient("zoe").id), optout.ROOM, said)
    assert not looks_at_a_flagged_post(house)
    return file


def looks_at_a_flagged_post(house):
    return house.permits("nia", "zoe", flagged=True)


def test_who_joined_the_care_team_since_does_not_moderate_it(lived_in, empty):
    file = moderated_by_her_team(lived_in)
    lived_in.restore(file, to=empty)
    assert not looks_at_a_flagged_post(lived_in)
    assert not lived_in.permits("nia", "zoe", "moderate", flagged=True)
    assert lived_in.permits("nia", "bea", flagged=True)


def test_refused_as_a_class_alone_they_would(lived_in, empty, monkeypatch):
    """The control: a layer that names nobody."""
    file = moderated_by_her_team(lived_in)
    monkeypatch.setattr(replay, "refusals_until_seen", lambda _: refuse_all(RESTORED))
    lived_in.restore(file, to=empty)
    assert looks_at_a_flagged_post(lived_in)


def test_whoever_is_refused_everything_after_a_restore_can_still_say_no(lived_in, empty):
    file = moderated_by_her_team(lived_in)
    lived_in.restore(file, to=empty)
    for act in (lambda: takes_away(lived_in), lambda: None):
        with lived_in.forum() as forum:
            forum.hides("zoe")
        assert not lived_in.permits("nia", "zoe")
        act()


def takes_away(house):
    with house.forum() as forum:
        patient = forum.patient("zoe").id
        Layers(forum.session, forum.keyring, patient, Instant(forum.now)).remove(RESTORED)
