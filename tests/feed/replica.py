"""A replica as small as can be: facts are told, written, read again, and asked by tokens."""

from dataclasses import replace

from governance.decision.facts import Author, Community, Facts, Hcp, Request, Viewer
from governance.decision.vocabulary import NOT_SENT, AccountKey, Instant, NotSentType
from governance.feed.told import Teller, Window
from governance.pep.wire.facts import account_name, author_of, looking, tokens_of, whos_of
from governance.pep.wire.governed import GovernedRecord
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord

KEYS = WireKeys(b"a" * 32, b"p" * 32, b"t" * 32)


def name(account: str) -> AccountKey:
    return account_name(KEYS.account_known(account))


def place(known: str | NotSentType) -> str | NotSentType:
    return known if known is NOT_SENT else KEYS.place_known(known).hex()


def by_tokens(request: Request) -> Request:
    """Return what a replica is asked instead."""
    words = [
        replace(
            part,
            author=name(part.author),
            community=place(part.community),
            thread=place(part.thread),
            post=place(part.post),
        )
        for part in request.words
    ]
    sender, recipients = request.sender, request.recipients
    return replace(
        request,
        viewer=name(request.viewer),
        words=tuple(words),
        sender=sender if sender is NOT_SENT else name(sender),
        recipients=recipients if recipients is NOT_SENT else frozenset(map(name, recipients)),
    )


class Sent:
    """The facts of one question as a replica has them, each record through its bytes."""

    def __init__(self, request: Request, facts: Facts, window: Window) -> None:
        self.request, self.facts = request, facts
        self.teller = Teller(KEYS, request.platform, window, b"decoys")
        viewer, known = facts.viewer, facts.viewer.hcp
        hcp = known if known != Hcp() else None
        self.governed = None
        if viewer.governed_by or hcp is not None:
            record = self.teller.governed(viewer, hcp, facts.conduct, "seed")
            self.governed = GovernedRecord.decode(record.encode())

    def read(self, at: Instant) -> Facts | None:
        token = KEYS.account_known(self.facts.viewer.account)
        seen = looking(token, self.governed, self.request.platform, at)
        if seen is None:
            return None
        communities = {}
        for known, community in self.facts.communities.items():
            record = CommunityRecord.decode(self.teller.community(community).encode())
            communities[KEYS.place_known(known).hex()] = record.community or Community(())
        authors = {key: author for key in self.facts.authors if (author := self.author(key)) is not None}
        by_token = {author.account: author for author in authors.values()}
        return Facts(seen.viewer, by_token, seen.conduct, communities, self.facts.strictest)

    def author(self, key: AccountKey) -> Author | None:
        author, token = self.facts.authors[key], KEYS.account_known(key)
        record = AuthorRecord.decode(self.teller.author(author).encode())
        hcp = None
        if author.hcp is not None:
            told = self.teller.governed(Viewer(key, hcp=author.hcp), author.hcp, self.facts.conduct, "its own")
            hcp = GovernedRecord.decode(told.encode())
        whos = whos_of(KEYS, token, tokens_of(KEYS.account_known(self.facts.viewer.account), self.governed))
        return author_of(token, record, whos, self.request.platform, hcp)
