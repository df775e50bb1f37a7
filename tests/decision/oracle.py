"""The decision once more, slow and obvious, from the design and ADR 4 alone; shares no code with the core."""

from governance.decision import vocabulary as v
from governance.decision.facts import Author, Facts, Hcp, Request, Words
from governance.decision.provisions import ALWAYS, NEVER, Interval, Provision, Scale, WhoKind
from governance.decision.vocabulary import BEGINNING, NOT_SENT, UNKNOWN, Ages, Contact, Posture, Reason

A, PRO, PEER = v.Action, v.Capacity.PROFESSIONAL, v.Capacity.PEER
ON_PERSON = {A.FIND, A.LOOK_UP, A.MENTION, A.MESSAGE, A.CONNECT}
AS_MEMBER = {A.VIEW, A.FIND, A.REACT, A.REPLY, A.MENTION, A.MESSAGE, A.CONNECT}
RANK = {WhoKind.NAMED: 2, WhoKind.ORGANISATION: 1, WhoKind.PROFESSION: 1, WhoKind.CARE_TEAM: 0, WhoKind.OTHERS: 0}


def oracle(request: Request, facts: Facts) -> Reason:
    if not request.words or facts.viewer.account != request.viewer:
        return Reason.REFUSED
    words = [w for w in request.words if w.author != request.viewer]
    if request.action == A.VIEW and request.recipients is not NOT_SENT and request.viewer in request.recipients:
        words = [w for w in words if w.author != request.sender]
    if not words:
        return Reason.NOT_GOVERNED
    as_well = [] if request.action in {*ON_PERSON, A.MODERATE, A.VIEW} else [A.VIEW]
    asked = [Question(request, facts, w, action) for w in words for action in [request.action, *as_well]]
    if not facts.viewer.governed_by:
        return Reason.REFUSED if any(question.refused_to_anybody() for question in asked) else Reason.NOT_GOVERNED
    if not all(question.eligible() for question in asked):
        return Reason.HCP_NOT_ELIGIBLE
    return Reason.PERMITTED if all(question.author_permits() for question in asked) else Reason.REFUSED


def inside(span: Interval, instant: int) -> bool:
    return span[0] <= instant < span[1]


def by_name(line: Provision) -> bool:
    return line.who.kind == WhoKind.NAMED


def refuses(line: Provision) -> bool:
    return line.effect == v.Effect.REFUSE


def narrower(one: Provision, other: Provision) -> bool:
    same = one.who == other.who or (by_name(one) and by_name(other))
    rank, scale = RANK[one.who.kind] - RANK[other.who.kind], one.where.scale - other.where.scale
    return (rank > 0 or same) and scale >= 0 and (rank > 0 or scale > 0)


def running(hcp: Hcp, platform: str, communities: list[str | None], at: int) -> list[v.Capacity]:
    here = [x for x in hcp.capacities if x.platform == platform and x.community in communities and inside(x.during, at)]
    return [x.capacity for x in here if not any(inside(case, x.during[0]) for case in hcp.cases)]


class Question:
    """One author's words, one action."""

    def __init__(self, request: Request, facts: Facts, words: Words, action: v.Action) -> None:
        self.request, self.facts, self.words, self.action, self.at = request, facts, words, action, request.at
        self.hcp, self.on_person = facts.viewer.hcp, action in ON_PERSON
        self.names = {facts.viewer.account, *self.hcp.accounts}
        self.author, self.missing = facts.authors.get(words.author, Author("")), words.author not in facts.authors
        erased = self.author.erased
        self.hold = self.author.hold or (erased is not None and erased.hold)
        self.lines = list(self.author.provisions.lines) + (list(erased.refusals) if erased else [])
        self.layers = [(platform, line) for platform, refusals in self.author.layers for line in refusals]
        self.member = self.once = self.in_care_team = False
        for (kind, name), during in self.author.care_team:
            claims = [x for x in self.hcp.claims if kind == WhoKind.ORGANISATION and x.who == (kind, name)]
            ever = claims or (kind == WhoKind.NAMED and name in self.names)
            now = [x for x in claims if inside(x.verified, self.at)] or name == facts.viewer.account
            self.once |= bool(ever) and during[0] <= self.at
            self.in_care_team |= bool(ever) and inside(during, self.at)
            self.member |= bool(ever and now) and inside(during, self.at) and self.hcp.assurance >= v.Assurance.A4

    def refused_to_anybody(self) -> bool:
        own = any(by_name(x) and refuses(x) and self.matches(x, PRO) for x in self.lines)
        return self.missing or self.blocked() or own or any(by_name(x) and self.binds(p, x) for p, x in self.layers)

    def capacities(self) -> set[v.Capacity]:
        platform, here = self.request.platform, self.words.community
        whole = running(self.hcp, platform, [None], self.at) or [PRO]
        if here is NOT_SENT:
            return set(whole + running(self.hcp, platform, [x.community for x in self.hcp.capacities], self.at))
        return set(running(self.hcp, platform, [here], self.at) or whole)

    def eligible(self) -> bool:
        hcp, conduct = self.hcp, self.facts.conduct
        if any(inside(block, self.at) for block in hcp.blocks):
            return False
        if any(one.action == self.action and inside(one.during, self.at) for one in hcp.restrictions):
            return False
        if self.capacities() == {PEER} and self.action in AS_MEMBER:
            return True
        standing = [hcp.status] + ([v.Status.STALE] if self.at >= hcp.checked_until else [])
        good = all(self.action in conduct.permits.get(status, ()) for status in standing)
        needed = conduct.assurance.get(self.action)
        return good and inside(hcp.attested, self.at) and needed is not None and hcp.assurance >= needed

    def author_permits(self) -> bool:
        return not self.missing and all(self.permits_in(capacity) for capacity in self.capacities())

    def permits_in(self, capacity: v.Capacity) -> bool:  # noqa: C901, PLR0911, PLR0912 -- the page, top to bottom
        author, action, erased = self.author, self.action, self.author.erased
        # a
        if erased and self.on_person and not author.record:
            return False
        if erased and not self.on_person and (self.words.created is NOT_SENT or self.words.created < erased.final_at):
            return False
        # b
        mine = [line for line in self.lines if self.matches(line, capacity)]
        if self.blocked() or any(by_name(x) and refuses(x) and x.where.scale == Scale.EVERYWHERE for x in mine):
            return False
        # c
        if action == A.MODERATE or (action == A.VIEW and self.moderates()):
            return self.moderates()
        # d
        if action == A.VIEW and self.emergency():
            return True
        # e
        if self.hold or any(self.binds(platform, line) for platform, line in self.layers):
            return False
        # f
        posture, ages = self.room()
        as_professional = capacity == PRO or action not in AS_MEMBER
        if not self.on_person and as_professional and posture == Posture.PEER_ONLY:
            return False
        if as_professional and action in {A.VIEW, A.REACT, A.REPLY, A.QUOTE} and self.author_wrote_as_professional():
            return True
        # g
        mine = [line for line in mine if refuses(line) or inside(author.covered.get(action, NEVER), self.at)]
        known = author.adult_from is not UNKNOWN
        if (self.at < author.adult_from) if known else (ages != Ages.ADULTS):
            close = self.member or any(by_name(x) and not refuses(x) for x in mine)
            first = self.request.initiated_by_patient is True and self.hcp.assurance >= v.Assurance.A4
            if action in {A.FIND, A.LOOK_UP, A.CONNECT} or (action == A.MESSAGE and not (close and first)):
                return False
            if capacity == PEER and action in {A.MESSAGE, A.MENTION}:
                return False
        # h
        adult = author.record and known and self.at >= author.adult_from
        if capacity == PEER and author.peers_welcome and adult:
            mine = [x for x in mine if by_name(x) or (refuses(x) and x.who.kind == WhoKind.CARE_TEAM)]
        if mine:
            return not any(refuses(x) for x in mine if not any(narrower(y, x) for y in mine))
        # i, j, k
        if capacity == PEER and action in AS_MEMBER:
            return True
        young = known and self.at < author.adult_from
        all_adults = adult or (not author.record and ages == Ages.ADULTS and not young)
        return posture == Posture.HCP_PRESENT and action in {A.VIEW, A.REACT, A.REPLY} and all_adults

    def blocked(self) -> bool:
        return any(block.account in self.names and inside(block.during, self.at) for block in self.author.blocks)

    def refused_by_name(self) -> bool:
        lines = self.lines + [line for _, line in self.layers]
        return any(refuses(x) and by_name(x) and x.who.name in self.names for x in lines)

    def moderates(self) -> bool:
        community = self.facts.communities.get(self.words.community)
        appointed = community is not None and self.facts.viewer.account in community.moderators
        return appointed and self.request.flagged is True and not self.refused_by_name() and not self.in_care_team

    def emergency(self) -> bool:
        views = [x for x in self.hcp.emergency_views if x[:2] == (self.request.platform, self.words.thread)]
        now = any(inside(x.during, self.at) and self.author.emergency_yes_since < x.during[0] for x in views)
        return now and not self.refused_by_name()

    def binds(self, platform: str | None, line: Provision) -> bool:
        return platform in (None, self.request.platform) and refuses(line) and self.matches(line, PRO)

    def room(self) -> tuple[Posture, Ages]:
        community = self.facts.communities.get(self.words.community)
        settings = [x for x in sorted(community.history) if x.since <= self.at] if community else []
        since = self.at if self.on_person else self.words.created
        since = BEGINNING if since is NOT_SENT else min(since, self.at)
        told = [x for x in settings if x.since <= since]
        untold = [] if told else [self.facts.strictest]
        settings = told[-1:] + [x for x in settings if x.since > since]
        postures = {x.posture for x in [*settings, *untold]}
        ages = {x.ages for x in [*settings, *untold]}
        posture = next(x for x in (Posture.PEER_ONLY, Posture.INFORMED, Posture.HCP_PRESENT) if x in postures)
        return posture, Ages.MIXED if Ages.MIXED in ages else Ages.ADULTS

    def author_wrote_as_professional(self) -> bool:
        hcp, created, here = self.author.hcp, self.words.created, self.words.community
        if hcp is None or self.author.record or created is NOT_SENT:
            return False
        whole = running(hcp, self.request.platform, [None], created)
        if here is NOT_SENT:
            every = running(hcp, self.request.platform, [x.community for x in hcp.capacities], created)
            return bool(whole) and PEER not in every
        return set(running(hcp, self.request.platform, [here], created) or whole) == {PRO}

    def matches(self, line: Provision, capacity: v.Capacity) -> bool:
        first = self.request.initiated_by_patient
        contact = line.contact in (Contact.ANY, Contact.AFTER if first is True else Contact.BEFORE)
        contact = (line.contact == Contact.ANY or refuses(line)) if first is NOT_SENT else contact
        about = self.action in line.actions and contact
        return about and self.matches_who(line, capacity) and self.matches_place(line) and self.matches_time(line)

    def matches_who(self, line: Provision, capacity: v.Capacity) -> bool:
        kind, name = line.who
        if kind == WhoKind.NAMED:
            return name in self.names if refuses(line) else name == self.facts.viewer.account
        if not refuses(line) and capacity == PEER and kind != WhoKind.OTHERS:
            return False
        if kind in (WhoKind.ORGANISATION, WhoKind.PROFESSION):
            return any(x.who == line.who and (refuses(line) or inside(x.verified, self.at)) for x in self.hcp.claims)
        if self.once and not self.member:
            return refuses(line)
        return self.member == (kind == WhoKind.CARE_TEAM)

    def matches_place(self, line: Provision) -> bool:
        scale, platform, name = line.where
        if scale == Scale.EVERYWHERE or platform != self.request.platform:
            return scale == Scale.EVERYWHERE
        here = {Scale.COMMUNITY: self.words.community, Scale.THREAD: self.words.thread, Scale.POST: self.words.post}
        if self.on_person and scale != Scale.PLATFORM:
            return scale == Scale.COMMUNITY and here[scale] == name
        return scale == Scale.PLATFORM or (refuses(line) if here[scale] is NOT_SENT else here[scale] == name)

    def matches_time(self, line: Provision) -> bool:
        now = inside(line.when, self.at)
        if self.on_person or (line.reach == ALWAYS and now) or (not refuses(line) and not now):
            return now
        times = [x for x in (self.words.created, self.words.edited) if x is not None]
        if not refuses(line):
            return all(x is not NOT_SENT and inside(line.reach, x) for x in times)
        ended = line.when if not now else ALWAYS
        held = any(x is NOT_SENT or (inside(line.reach, x) and inside(ended, x)) for x in times)
        return held and (now or line.when[1] <= self.at)
