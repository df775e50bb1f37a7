"""What an edit of a patient's document opens, asked once for the two documents that it is about."""

from governance.decision.loosens import Witness, loosens
from governance.decision.vocabulary import AccountKey
from governance.effective.documents import PatientDocument, author_of
from governance.effective.forums import counts_on_more

_NOBODY = AccountKey("")


class Judge:
    """Remembers what it was asked about, for one change.

    INVARIANT: an answer is found by the documents themselves. Whatever another writer put in force meanwhile is
    another document, about which nothing was asked yet: no answer can be stale.
    """

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._answers: list[tuple[PatientDocument, PatientDocument, Witness | None]] = []

    def witness(self, before: PatientDocument, after: PatientDocument) -> Witness | None:
        """Return who may do what after an edit and not before it; None if nobody."""
        for known_before, known_after, witness in self._answers:
            if (known_before, known_after) == (before, after):
                return witness
        found = loosens(author_of(_NOBODY, before), author_of(_NOBODY, after))
        self._answers.append((before, after, found))
        return found

    def opens(self, before: PatientDocument, after: PatientDocument) -> bool:
        """Say whether an edit may open anything: never no where it does, and yes at once where somebody left the team.

        Who left may do what an appointed moderator may with a flagged post (step 3c), unless something rare keeps
        them from it. To search for that takes half a second where ten leave, and all other writers would wait.
        """
        return counts_on_more(before, after) or _somebody_left(before, after) or self.witness(before, after) is not None


def _somebody_left(before: PatientDocument, after: PatientDocument) -> bool:
    ends = {(member.who, member.name, member.during[0]): member.during[1] for member in after.care_team}
    return any(
        ends.get((member.who, member.name, member.during[0]), member.during[0]) < member.during[1]
        for member in before.care_team
    )
