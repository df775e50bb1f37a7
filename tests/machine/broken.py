"""The same service with one thing wrong in each: the machine must find all of them."""

from governance.conduct import web
from governance.decision import matching
from governance.effective import erasure, kept
from governance.optout import proving, wish_desk
from governance.patients.forums import events
from governance.patients.hide_codes import service as hiding


def forgets_ended_refusals(patch):
    really = matching._time_matches
    patch.setattr(matching, "_time_matches", lambda line, asked: asked.at < line.when.end and really(line, asked))


def opens_within_the_hour(patch):
    patch.setattr(proving, "HOUR", 60_000_000)


def answers_for_the_erased_as_before(patch):
    patch.setattr(erasure, "_restart", lambda *_: None)


def lets_a_new_holder_inherit(patch):
    patch.setattr(events, "_nobody", lambda *_: None)


def answers_from_what_it_kept(patch):
    patch.setattr(kept.InForceReader, "_holds", lambda _, state: state.proven is not None)


def lets_a_capacity_begin_at_once(patch):
    really = web.switch_capacity
    patch.setattr(
        web, "switch_capacity", lambda *words, now, **more: really(*words, **{**more, "now": now, "begins": now})
    )


def takes_no_printed_code(patch):
    patch.setattr(hiding, "owner_of_code", lambda *_: None)


def opens_when_a_guardian_says_yes(patch):
    patch.setattr(wish_desk, "_wait", lambda: 0)


VARIANTS = {
    answers_from_what_it_kept: (),
    opens_within_the_hour: ("choose", "work"),
    lets_a_new_holder_inherit: ("choose", "told", "event"),
    answers_for_the_erased_as_before: ("asks_erasing", "later", "work"),
    lets_a_capacity_begin_at_once: ("says_capacity",),
    takes_no_printed_code: ("prints_code", "types_code"),
    opens_when_a_guardian_says_yes: ("becomes_child", "child_wants", "guardian_answers", "work"),
    forgets_ended_refusals: ("told", "refuses_for_a_while", "later"),
}
"""Each with the steps that a walk takes more often than usual, so that it comes across it soon."""
