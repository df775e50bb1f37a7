"""Why somebody may do something or not, as a word of a closed list; the sentences stand in `see_as_words.html`."""

from enum import StrEnum
from typing import Final

from governance.decision.facts import Author
from governance.decision.provisions import WhoKind
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import Instant
from governance.optout.ages import Age


class Why(StrEnum):
    """One reason; a page has one sentence for each."""

    HIDDEN = "hidden"
    YOUNG = "young"
    AGE_UNKNOWN = "age_unknown"
    NAMED_YES = "named_yes"
    NAMED_NO = "named_no"
    ORGANISATION_YES = "organisation_yes"
    ORGANISATION_NO = "organisation_no"
    PROFESSION_YES = "profession_yes"
    PROFESSION_NO = "profession_no"
    TEAM_YES = "team_yes"
    TEAM_NO = "team_no"
    OTHERS_YES = "others_yes"
    OTHERS_NO = "others_no"
    OWN_POSTS = "own_posts"
    MEMBER = "member"
    OPEN_GROUP = "open_group"
    AT_WORK = "at_work"
    AS_A_MEMBER = "as_a_member"
    KEPT_AWAY = "kept_away"
    RULES = "rules"
    FORUM_STOPPED = "forum_stopped"
    ERASED = "erased"
    APART = "apart"
    CLOSED_FOR_YOU = "closed_for_you"
    MEMBERS_ALONE = "members_alone"
    NOTHING_CHOSEN = "nothing_chosen"
    OPEN_SOMEWHERE = "open_somewhere"
    NOT_NOW = "not_now"
    UNSURE = "unsure"
    ANYBODY_READS = "anybody_reads"
    THIS_ONE_IS_PUBLIC = "this_one_is_public"
    MEMBERS_READ = "members_read"
    SIGN_IN_FIRST = "sign_in_first"


OTHERWISE: Final = {True: Why.OPEN_SOMEWHERE, False: Why.NOT_NOW}
"""Where how somebody is here, or what a check of them found, changes the answer: it says no more than the answer."""


def reason(verdict: Verdict, author: Author, now: Instant) -> Why:
    """Return why a verdict came out as it did, in the terms of the patient whose words it is about."""
    if verdict.step is Step.HOLD_OR_LAYER and author.hold:
        return Why.HIDDEN
    if verdict.step is Step.AGE:
        return Why.YOUNG if age_of(author, now) is Age.UNDER_18 else Why.AGE_UNKNOWN
    if verdict.step in _BY_CHOICE and verdict.line is not None:
        return _OF_LINES[verdict.permit][verdict.line.who.kind]
    return _OF_STEPS[verdict.permit].get(verdict.step, _IN_DOUBT[verdict.permit])


def age_of(author: Author, now: Instant) -> Age:
    """Return what is known of an author's age."""
    return Age.at(author.adult_from if isinstance(author.adult_from, int) else None, now)


_BY_CHOICE: Final = (Step.BLOCK, Step.PROVISIONS)
_OF_LINES: Final = {
    True: {
        WhoKind.NAMED: Why.NAMED_YES,
        WhoKind.ORGANISATION: Why.ORGANISATION_YES,
        WhoKind.PROFESSION: Why.PROFESSION_YES,
        WhoKind.CARE_TEAM: Why.TEAM_YES,
        WhoKind.OTHERS: Why.OTHERS_YES,
    },
    False: {
        WhoKind.NAMED: Why.NAMED_NO,
        WhoKind.ORGANISATION: Why.ORGANISATION_NO,
        WhoKind.PROFESSION: Why.PROFESSION_NO,
        WhoKind.CARE_TEAM: Why.TEAM_NO,
        WhoKind.OTHERS: Why.OTHERS_NO,
    },
}
_OF_STEPS: Final = {
    True: {
        Step.NOT_GOVERNED: Why.MEMBER,
        Step.OWN_WORDS: Why.OWN_POSTS,
        Step.OPEN_COMMUNITY: Why.OPEN_GROUP,
        Step.COMMUNITY: Why.AT_WORK,
        Step.PEER: Why.AS_A_MEMBER,
    },
    False: {
        Step.NOT_GOVERNED: Why.KEPT_AWAY,
        Step.GATE: Why.RULES,
        Step.ERASED: Why.ERASED,
        Step.BLOCK: Why.APART,
        Step.HOLD_OR_LAYER: Why.CLOSED_FOR_YOU,
        Step.COMMUNITY: Why.MEMBERS_ALONE,
        Step.NOTHING_PERMITS: Why.NOTHING_CHOSEN,
    },
}
_IN_DOUBT: Final = {True: Why.OPEN_SOMEWHERE, False: Why.UNSURE}
