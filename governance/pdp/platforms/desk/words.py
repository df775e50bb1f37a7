"""What the page of forums says of states, steps and reasons: one sentence for each word of a closed list."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from governance.effective.life.errors import NotNowError, NotProvenError
from governance.effective.life.reports import CLEAN, LEAKS, PROVES_NOTHING
from governance.effective.life.states import Because, Mended, State, Why
from governance.errors import GovernanceError
from governance.sentences import Sentence


class StepWords(NamedTuple):
    """What a step is, and what somebody does who has not done it."""

    what: Sentence
    to_do: Sentence


STEPS: Final[Mapping[str, StepWords]] = MappingProxyType(
    {
        "client": StepWords(Sentence("The forum can ask us"), Sentence("Add the forum, and give it its secret.")),
        "keys": StepWords(
            Sentence("The forum proves who it is"), Sentence("Have the forum use keys of its own, or its secret.")
        ),
        "account_claim": StepWords(
            Sentence("We know its members by the names that it uses"),
            Sentence("Say which part of its sign-in is the name that it uses when it asks."),
        ),
        "communities": StepWords(
            Sentence("The forum told us of its groups"), Sentence("Have the forum tell us of each group.")
        ),
        "professionals": StepWords(
            Sentence("The forum told us who is there as a professional"),
            Sentence("Have the forum tell us of everybody who wears its badge."),
        ),
        "members": StepWords(
            Sentence("Members have come to us from there"),
            Sentence("Have the first member follow the link on the forum."),
        ),
        "observe": StepWords(
            Sentence("It tried out what would be hidden"), Sentence("Have the forum look for a while, hiding nothing.")
        ),
        "probe_key": StepWords(
            Sentence("We know its check by its key"),
            Sentence("Note the address that is checked, and the key of the check."),
        ),
        "probe": StepWords(
            Sentence("A check found nothing"), Sentence("Have the forum run the check and send what it found.")
        ),
        "live": StepWords(
            Sentence("All its groups are live"), Sentence("Have each group keep to what members chose, one by one.")
        ),
        "off_switch": StepWords(
            Sentence("Professionals are shown there what patients permitted"),
            Sentence("Send a check that found nothing, then let the forum go on."),
        ),
    }
)
"""By the names of `steps_of`, in whose order they stand."""

STATES: Final[Mapping[State, Sentence]] = MappingProxyType(
    {
        State.TRYING: Sentence("being connected"),
        State.LIVE: Sentence("live"),
        State.SUSPENDED: Sentence("on hold"),
        State.ENDED: Sentence("ended"),
    }
)

WHY: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        Why.LEAK: Sentence("A check found words that should have been hidden."),
        Why.CANARY: Sentence("A look at the words that stay there for this found that they could be read."),
        Why.SEEN: Sentence("Our staff put it on hold, because somebody saw words there that should have been hidden."),
        Why.STAFF: Sentence("Our staff put it on hold."),
        Why.FORUM: Sentence("The forum asked for it."),
    }
)
"""Why a forum is on hold, by `Why`."""

MENDED: Final[Mapping[Mended, Sentence]] = MappingProxyType(
    {
        Mended.PATCHED: Sentence("The forum mended its program, and I looked at the places that leaked"),
        Mended.REMOVED: Sentence("What leaked is gone from the forum"),
        Mended.MISTAKEN: Sentence("The check was wrong: nobody could read the words"),
        Mended.OTHER: Sentence("Something else, which is written down elsewhere"),
    }
)

BECAUSE: Final[Mapping[Because, Sentence]] = MappingProxyType(
    {
        Because.SEEN: Sentence("Somebody saw words there that should have been hidden"),
        Because.ASKED: Sentence("The people who run the forum asked for it"),
        Because.SILENT: Sentence("Its checks stopped coming, or we cannot reach it"),
        Because.OTHER: Sentence("Something else, which is written down elsewhere"),
    }
)

RESULTS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        CLEAN: Sentence("It found nothing that should have been hidden."),
        LEAKS: Sentence("It found words that should have been hidden."),
        PROVES_NOTHING: Sentence("It shows nothing: it saw no word that it could miss later."),
    }
)
"""What a report comes to, by `ProbeReport.result`."""

DEAD_LETTERS: Final = "governance webhook list"
"""What shows which hints were given up, and has them sent again."""

_REFUSALS: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        NotProvenError.code: Sentence(
            "The forum stays on hold: its last check found something, or was made before the hold. Have it check again"
        ),
        NotNowError.code: Sentence("This cannot be done with the forum as it is now. Look at how it stands"),
    }
)


def refusal(error: GovernanceError) -> Sentence:
    """Return what the page says of an act that was refused; the commands' words name commands."""
    return _REFUSALS.get(error.code, Sentence(str(error)))
