"""A patient's own rules in words; the sentences stand in the policy's text, here they get their names and times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext

from governance.decision.provisions import WHO_RANK, Scale, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, Instant, Level
from governance.optout.own.crossing import Crossing
from governance.optout.own.rules import Rule, Scope
from governance.policy.views.optout import OptoutPolicy
from governance.ui.dates import moment_there
from governance.ui.professions import profession

Names = Mapping[Any, str]
"""What to call accounts, places and organisations, by the digests that stand for them."""
_NO_NAME: Final = "…"
SOON: Final = 7 * 24 * 3600 * 1_000_000
"""How long before its end a page reminds of a no, in microseconds."""
_BY_DIGEST: Final = frozenset({WhoKind.NAMED, WhoKind.ORGANISATION})


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule as a page shows it."""

    code: str
    who: str
    where: str
    when: str
    posts: str
    level: str
    is_over: bool
    ends_soon: bool
    """Whether it is a no whose end comes within a week."""

    def values(self) -> dict[str, str]:
        """Return what a sentence puts in."""
        return {name: getattr(self, name) for name in ("who", "where", "when", "posts", "level")}


class RuleWords:
    """Says rules in the words of a policy."""

    def __init__(self, policy: OptoutPolicy, names: Names, now: Instant) -> None:
        """Speak with these names, as of one instant."""
        self._policy = policy
        self._names = names
        self._now = now

    def all(self, rules: Iterable[Rule]) -> tuple[RuleInWords, ...]:
        """Return rules in words, those first that hold now or will."""
        return tuple(sorted(map(self.of, sorted(rules)), key=lambda said: said.is_over))

    def of(self, rule: Rule) -> RuleInWords:
        """Return one rule in words."""
        scope = rule.scope
        return RuleInWords(
            code=scope.code,
            who=self.who(scope),
            where=self.where(scope),
            when=self._when(scope),
            posts=self._posts(scope),
            level=level_in_words(self._policy, rule.level, at_most=rule.at_most),
            is_over=scope.end <= self._now,
            ends_soon=rule.closes and scope.start <= self._now < scope.end <= self._now + SOON,
        )

    def line(self, rule: Rule) -> str:
        """Say a rule in one line."""
        return self._said("rule.line", **self.of(rule).values())

    def gone(self, rule: Rule) -> str:
        """Say that a rule is taken away."""
        return self._said("rule.gone", **self.of(rule).values())

    def crossing(self, crossing: Crossing) -> str:
        """Say of two choices that cross what comes of it, with an example."""
        yes, no = crossing.yes, crossing.no
        fewer = max(yes, no, key=lambda scope: WHO_RANK[scope.who])
        smaller = max(yes, no, key=lambda scope: scope.scale)
        return self._said(
            "rule.cross",
            yes_who=self.who(yes),
            yes_where=self.where(yes),
            no_who=self.who(no),
            no_where=self.where(no),
            who=self.who(fewer),
            where=self.where(smaller),
            action=self._policy.record.section(f"action.{crossing.action}.title"),
        )

    def who(self, scope: Scope) -> str:
        """Say whom a rule is about."""
        name = self._names.get(scope.name, _NO_NAME) if scope.who in _BY_DIGEST else profession(scope.name)
        return self._said(f"rule.who.{scope.who}", name=name)

    def where(self, scope: Scope) -> str:
        """Say where a rule holds."""
        name = self._names.get(scope.place if scope.scale > Scale.PLATFORM else scope.platform, _NO_NAME)
        return self._said(f"rule.where.{scope.scale.name.lower()}", name=name)

    def _when(self, scope: Scope) -> str:
        start, end = (_time(scope.zone, at) for at in (scope.start, scope.end))
        key = "open" if not scope.ends else "over" if scope.end <= self._now else "span"
        return self._said(f"rule.when.{key}", start=start, end=end)

    def _posts(self, scope: Scope) -> str:
        start, end = (_time(scope.zone, at) for at in (scope.since, scope.until))
        key = "new" if scope.since != BEGINNING else "old" if scope.until != FOREVER else "all"
        return self._said(f"rule.posts.{key}", start=start, end=end)

    def _said(self, key: str, **values: str) -> str:
        return self._policy.record.section(key).format(**values)


def level_in_words(policy: OptoutPolicy, level: Level, *, at_most: bool) -> str:
    """Say a level by its name."""
    title = policy.record.section(f"level.{level}.title")
    said: str = gettext("at most “%(level)s”", level=title) if at_most else gettext("“%(level)s”", level=title)
    return said


def _time(zone: str, instant: int) -> str:
    if instant in (BEGINNING, FOREVER):
        return ""
    return moment_there(Instant(instant), zone or "UTC")
