"""Use cases of a forum's life. Closing is easy and at once; what opens needs a report that says that nothing leaks."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.effective.life.errors import BadReportError, NotNowError, NotProvenError
from governance.effective.life.models import LiveCommunity, PlatformStage, Probe, ProbeReport
from governance.effective.life.proof import is_of_probe, proof_since
from governance.effective.life.reports import CANARY, CLEAN, LEAKS, WALK, read_report, worth
from governance.effective.life.states import MOVES, SHUT, WALK_WITHIN, Because, Event, Mended, State, Why, ending_of
from governance.effective.service import Register
from governance.errors import BadInputError
from governance.ledger.hints import Hint, News, give_hint
from governance.ledger.outbox.service import enqueue
from governance.ledger.rows import forget, keep
from governance.ledger.service import append, pseudonym

ROOM: Final = "life"
HELD: Final = "life.held"
"""A job: rooms above tell whom a hold touches."""
FRESH: Final = 30 * 24 * 3_600 * 1_000_000
"""Microseconds for which the walk counts on which a community goes live."""
_EVER: Final = -1
_LONGEST_KEY: Final = 43
_LONGEST_ADDRESS: Final = 512
_log = structlog.get_logger()


class Standing(NamedTuple):
    """Where a forum is in its life, and since when."""

    state: State
    since: Instant | None = None
    why: str = ""
    live: frozenset[str] = frozenset()
    """Digests of its communities that are live."""
    ends: Instant | None = None
    """When it will end, once its members were told."""

    @property
    def is_shut(self) -> bool:
        """Whether professionals are shown nothing there, whatever was chosen."""
        return self.state in SHUT

    @property
    def has_leaked(self) -> bool:
        """Whether a check of the forum found what put it on hold."""
        return self.why in {Why.LEAK, Why.CANARY}

    @property
    def walk_due(self) -> Instant | None:
        """By when a whole walk has to find nothing; none where none is owed."""
        if self.why != Why.WALK_OWED or self.since is None:
            return None
        return Instant(self.since + WALK_WITHIN)


class By(NamedTuple):
    """Which member of staff acted at a desk, and what they said of it: the ledger keeps a pseudonym and a code."""

    staff_id: UUID
    because: Because | None = None


def standing_of(session: Session, platform_id: UUID) -> Standing:
    """Return where a forum is in its life."""
    row = session.get(PlatformStage, platform_id)
    live = frozenset(one.community for one in LiveCommunity.of_platform(session, platform_id))
    if row is None:
        return Standing(State.TRYING, live=live)
    ends = None if row.ends is None else Instant(row.ends)
    return Standing(State(row.state), Instant(row.since), row.why, live, ends)


class Life:
    """The life of one forum, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> None:
        """Write at this instant."""
        self._session, self._keyring = session, keyring
        self._platform_id, self._now = platform_id, now

    def note_probe(self, forum: str, public_key: str) -> None:
        """Have the reports about this address count that this key signs. Raises `BadInputError`."""
        parts = urlsplit(forum)
        if parts.scheme not in {"http", "https"} or not parts.netloc or len(forum) > _LONGEST_ADDRESS:
            raise BadInputError("name the address that the probe walks, with http:// or https://, as its plan has it")
        if len(public_key) != _LONGEST_KEY or not public_key.replace("-", "a").replace("_", "a").isalnum():
            raise BadInputError("give the probe's public key, 43 characters: `governance probe key` prints it")
        row = self._session.get(Probe, self._platform_id) or Probe(platform_id=self._platform_id)
        if (row.forum, row.public_key) == (forum.rstrip("/"), public_key):
            return
        row.forum, row.public_key, row.said = forum.rstrip("/"), public_key, self._now
        keep(self._session, self._keyring, row)
        self._enter("probe", key=public_key)

    def take(self, signed: str) -> ProbeReport:
        """Take a report; a leak on what members were told is closed suspends the forum. Raises `BadReportError`."""
        probe = self._session.get(Probe, self._platform_id)
        if probe is None:
            raise BadReportError(
                "nobody noted the key of this forum's probe; ask whoever runs the service: `governance platform probe`"
            )
        told = read_report(signed, probe.forum, probe.public_key, self._now)
        known = ProbeReport.of_digest(self._session, told.digest)
        if known is not None:
            return known
        last = ProbeReport.newest(self._session, self._platform_id)
        if last is not None and told.made < last.made:
            raise BadReportError("a newer report was sent before this one; walk again")
        row = ProbeReport(id=new_id(), platform_id=self._platform_id, taken=self._now, signed=signed.strip())
        row.digest, row.result, row.leaks, row.made = told.digest, told.result, told.leaks, told.made
        stage = self._stage()
        # Without a row it has been open for ever.
        opened = Instant(stage.since if stage in self._session else _EVER)
        row.kind = worth(told, None if stage.state in SHUT else opened)
        keep(self._session, self._keyring, row)
        self._enter("report", report=row.digest, kind=row.kind, result=row.result, leaks=row.leaks)
        self._follow(row, stage)
        return row

    def _follow(self, report: ProbeReport, stage: PlatformStage) -> None:
        """Do what a report asks for: a leak shuts, and a whole walk that found nothing pays what is owed."""
        owes = stage.why == Why.WALK_OWED
        if report.result == LEAKS and stage.state != State.ENDED:
            # While a forum is being connected its walks are there to find leaks; all other reports must find none.
            if report.kind == CANARY or stage.state != State.TRYING or owes:
                self.suspend(Why.CANARY if report.kind == CANARY else Why.LEAK)
        elif owes and report.kind == WALK and report.result == CLEAN and report.made > stage.since:
            stage.why = ""
            keep(self._session, self._keyring, stage)
            self._enter("walked", report=report.digest)

    def suspend(self, why: Why, by: By | None = None) -> None:
        """Show professionals nothing on this forum, from now on. Suspended once more, the wider reason counts.

        Raises `NotNowError` for a forum that has ended.
        """
        row = self._stage()
        if row.state == State.SUSPENDED:
            self._widen(row, why, by)
            return
        # THREAT: a hold for something small would otherwise end, and with it what is owed for something large.
        why = Why.LEAK if row.why == Why.WALK_OWED and not ending_of(why).by_walk else why
        self._move(row, Event.SUSPEND, why, by)
        self._gate(shut=True)
        enqueue(self._session, self._keyring, HELD, {"platform": str(self._platform_id)}, self._now)
        # Staff are woken by what is critical in the log; it names no member.
        _log.critical("platform_suspended", platform=str(self._platform_id), why=why.value)
        if why in {Why.LEAK, Why.CANARY}:
            give_hint(self._session, News(Hint.CANARY, self._platform_id, self._now))

    def resume(self, by: By | None = None, because: Mended | None = None) -> None:
        """Let professionals in again as patients chose. Raises `NotNowError`, `NotProvenError`.

        Where no report under a hold is wide enough to end it, somebody says what was mended, and a walk is owed.
        """
        row = self._stage()
        if (State(row.state), Event.RESUME) not in MOVES:
            raise NotNowError("this forum is not suspended; `governance platform steps` says where it is")
        proof_since(self._session, self._platform_id, row.since)
        by_walk = ending_of(row.why).by_walk
        if by_walk and because is None:
            raise NotProvenError(
                "this hold is about the whole forum, and no check under a hold is: say what was mended by `--because`; "
                "a walk before and after a no has to follow within 3 days, or the forum is held again"
            )
        live = LiveCommunity.of_platform(self._session, self._platform_id)
        event, owed = Event.RESUME if live else Event.TRY_AGAIN, Why.WALK_OWED if by_walk else None
        self._move(row, event, owed, by, {} if because is None else {"because": because.value})
        self._gate(shut=False)

    def hold_again(self) -> None:
        """Put a forum on hold again that owes a walk which did not come in time; any other stays as it is."""
        row = self._stage()
        if row.why == Why.WALK_OWED and row.since + WALK_WITHIN <= self._now:
            self.suspend(Why.LEAK)

    def may_go_live(self) -> ProbeReport:
        """Return the report on which a community may go live. Raises `NotNowError`, `NotProvenError`."""
        stage = self._stage()
        if (State(stage.state), Event.GO_LIVE) not in MOVES:
            raise NotNowError(
                "a forum that is suspended or has ended does not go live; see `governance platform steps`"
            )
        if stage.why == Why.WALK_OWED:
            raise NotProvenError("this forum owes a walk since its last hold; walk before and after a no, and send it")
        proof_since(self._session, self._platform_id, _EVER)
        report = ProbeReport.newest(self._session, self._platform_id, WALK)
        stale = report is None or report.result != CLEAN or report.made < self._now - FRESH
        if report is None or stale or not is_of_probe(self._session, report):
            raise NotProvenError(
                "going live needs a walk before and after a no, of the last 30 days, by the probe that is noted now, "
                "that found 0 leaks; walk again by `governance probe before` and `after`, and send its report"
            )
        return report

    def go_live(self, community: str) -> None:
        """Say of a community that it is live; it must enforce. Raises `NotNowError`, `NotProvenError`."""
        report = self.may_go_live()
        row = self._session.get(LiveCommunity, (self._platform_id, community))
        if row is None:
            row = LiveCommunity(platform_id=self._platform_id, community=community)
        row.report_id, row.since = report.id, self._now
        keep(self._session, self._keyring, row)
        self._move(self._stage(), Event.GO_LIVE)

    def not_live(self, community: str) -> None:
        """Say no more of a community that it is live: its forum announced that it will only observe."""
        row = self._session.get(LiveCommunity, (self._platform_id, community))
        if row is not None:
            forget(self._session, self._keyring, row)

    def announce_end(self, ends: Instant) -> None:
        """Say when the forum will end. Raises `NotNowError` for one that has, `BadInputError` for a past day."""
        row = self._stage()
        if (State(row.state), Event.END) not in MOVES:
            raise NotNowError("this forum has ended already")
        if ends <= self._now:
            raise BadInputError("name a day to come; to end a forum now, use `governance platform end`")
        row.ends = ends
        keep(self._session, self._keyring, row)
        self._enter("announced", ends=ends)
        give_hint(self._session, News(Hint.STANDING, self._platform_id, self._now))

    def end(self) -> None:
        """End a forum's life here: professionals are shown nothing, at once and for good. Raises `NotNowError`."""
        self._move(self._stage(), Event.END)
        self._gate(shut=True)

    def _widen(self, row: PlatformStage, why: Why, by: By | None) -> None:
        if ending_of(why).width <= ending_of(row.why).width:
            return
        row.why = why.value
        keep(self._session, self._keyring, row)
        self._enter("widen", why=row.why, **({} if by is None else self._signed(by)))

    def _stage(self) -> PlatformStage:
        row = PlatformStage.locked(self._session, self._platform_id)
        if row is None:
            row = PlatformStage(platform_id=self._platform_id, state=State.TRYING.value, since=self._now, why="")
        return row

    def _move(
        self,
        row: PlatformStage,
        event: Event,
        why: Why | None = None,
        by: By | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        state = MOVES.get((State(row.state), event))
        if state is None:
            raise NotNowError(f"a forum that is {row.state} cannot do this; see `governance platform steps`")
        if state != row.state:
            row.state, row.since, row.why = state.value, self._now, "" if why is None else why.value
            give_hint(self._session, News(Hint.STANDING, self._platform_id, self._now))
        keep(self._session, self._keyring, row)
        self._enter(
            event.value, state=row.state, why=row.why, **(more or {}), **({} if by is None else self._signed(by))
        )

    def _gate(self, *, shut: bool) -> None:
        said: dict[str, Any] = {"suspended": shut}
        Register(self._session, self._keyring, self._now).put("platform", str(self._platform_id), ROOM, said)

    def _signed(self, by: By) -> dict[str, str]:
        because = {} if by.because is None else {"because": by.because.value}
        return {"by": pseudonym(self._keyring, "staff", str(by.staff_id)), **because}

    def _enter(self, what: str, **facts: str | int) -> None:
        whose = pseudonym(self._keyring, "platform", str(self._platform_id))
        append(self._session, self._keyring, self._now, "platform_life", {"platform": whose, "what": what, **facts})
