"""What a forum gives us when its programs are connected: where hints go, its replica, its probe."""

from governance.db.extension import transaction
from governance.effective.life.service import Life
from governance.effective.replicas.service import Said, write_down
from governance.feed.handing import hand_out
from governance.feed.signing import wire_keys
from governance.feed.webhooks.service import Wanted, ping, set_up
from governance.identity.service import platform_named
from governance.ledger.hints import Hint
from governance.ui.clock import now
from tests.pdp.platforms.conftest import LEAK, Prober


def forum_is_connected(writers):
    """All of it, once nobody works or looks at a page any more."""
    _wants_hints(writers)
    _follows(writers)
    _is_probed(writers)


def _wants_hints(writers):
    """An address that hints shall go to; nobody works any more, so none is sent."""
    address = f"https://{writers.word('address of hints').plain}.example/hints"
    with writers.app.app_context(), transaction() as session:
        forum = platform_named(session, writers.forum_name)
        row = set_up(session, writers.keyring, forum.id, Wanted(address, frozenset(Hint)), now())
        ping(session, writers.keyring, row, now())


def _is_probed(writers):
    """A report of the forum's probe, which suspends it: nobody looks at it any more."""
    prober = Prober(writers.house.directory, "of-a-forum")
    with writers.app.app_context(), transaction() as session:
        life = Life(session, writers.keyring, platform_named(session, writers.forum_name).id, now())
        address = f"https://{writers.word('address of the probe').plain}.example"
        life.note_probe(address, prober.key)
        life.take(prober.says(forum=address))
        life.go_live(writers.word("place of the probe").plain)
        life.take(prober.says([LEAK], kind="canary", forum=address))


def _follows(writers):
    """Its replica is handed keys, asks, and says what it has."""
    with writers.app.app_context(), transaction() as session:
        forum_id, at = platform_named(session, writers.forum_name).id, now()
        keys = wire_keys(writers.keyring, forum_id)
        hand_out(session, writers.keyring, forum_id, keys, at)
        said = Said(writers.word("name of a replica").plain, 1, 5_000)
        write_down(session, writers.keyring, forum_id, said, at)
        writers.secrets += [key.hex() for key in (keys.accounts, keys.places, keys.tokens)]
