"""A register's own file, and people who stand on it."""

from governance.conduct.feeds.applying import Feed
from governance.conduct.feeds.files import read_delivery
from governance.conduct.held import live
from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from tests.conduct.people import NMC, PIN

FEED_DAYS = policies().conduct.recheck_feed_days


def line(number=PIN, name="Nora Quill", status="good", renews=""):
    return f"{number},{name},{status},{renews}\n"


def csv_of(*lines):
    return ("number,name,status,renews\n" + "".join(lines)).encode()


class Quiet:
    """Counts the steps of long work."""

    expected = done = 0

    def expect(self, steps):
        self.expected += steps

    def __call__(self):
        self.done += 1


def delivers(forum, *lines, as_of=None, complete=False, register=NMC):
    """A register's file comes now, and speaks of now unless told otherwise."""
    delivery = read_delivery(csv_of(*lines), register, Instant(forum.now if as_of is None else as_of))
    feed = Feed(forum.session, forum.keyring, register, days=FEED_DAYS, now=forum.now)
    return feed.take(delivery, Quiet(), complete=complete)


def held(forum, hcp=None):
    return live(forum.session, hcp or forum.nora)[0]
