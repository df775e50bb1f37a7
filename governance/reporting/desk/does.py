"""What each act of the desk does with what an officer filled in."""

from collections.abc import Callable
from uuid import UUID

from governance.reporting.cases import hearings, members, proposals
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.service import CaseWork, Triage
from governance.reporting.desk import options as of
from governance.reporting.desk.fields import Given


def claim(case: CaseWork, _given: Given) -> None:
    """Take a case on."""
    case.claim()


def triage(case: CaseWork, given: Given) -> None:
    """Weigh a case."""
    case.triage(Triage(**given))


def refer(case: CaseWork, given: Given) -> None:
    """Write down who outside was told."""
    case.refer(given["to"], given["ground"], given["shared"], agreed=given["agreed"])


def decide(case: CaseWork, given: Given) -> None:
    """Decide what it comes to."""
    case.decide(given["outcome"], given["reasons"], given["rule"])


def propose_to_second(kind: Kind) -> Callable[[CaseWork, Given], None]:
    """Return what asks a second officer for something."""

    def does(case: CaseWork, given: Given) -> None:
        facts = {name: said for name, said in given.items() if name != "reason" and said}
        proposals.propose(case, Proposed(kind=kind, words=given["reason"], facts=facts))

    return does


def hear(case: CaseWork, given: Given) -> str:
    """Tell a professional the substance; return the code that opens it."""
    return hearings.begin(case, given["said"])[1]


def hear_more(case: CaseWork, given: Given) -> None:
    """Write to a professional who is heard."""
    hearing = next(one for one in of.hearings_in(case) if str(one.id) == given["hearing"])
    hearings.write(case, hearing, given["said"])


def assign(case: CaseWork, given: Given) -> None:
    """Give a case to somebody."""
    members.assign(case, UUID(given["to"]))


def merge(case: CaseWork, given: Given) -> None:
    """Go on with it in another case."""
    into = CaseWork(case.work, case.desk, UUID(given["into"]), case.vault)
    members.merge(case, into, given["reason"])


def outside(case: CaseWork, given: Given) -> None:
    """Take those out whom a case is about."""
    about = frozenset(UUID(one) for one in given["about"])
    members.hand_outside(case, about, given["reason"], of.contact_in(case))


def evidence(case: CaseWork, given: Given) -> None:
    """Keep a copy of a post."""
    of.keep_evidence(case, given["where"], given["said"])


def answer(case: CaseWork, given: Given) -> None:
    """Answer an appeal, to both sides."""
    case.answer_appeal(overturn=given["answer"] == "overturn", reasons=given["reasons"])
    _tell_heard(case, given)


def tell_outcome(case: CaseWork, given: Given) -> None:
    """Tell what came of it, to both sides."""
    case.tell_outcome(given["said"])
    _tell_heard(case, given)


def _tell_heard(case: CaseWork, given: Given) -> None:
    """Tell every professional who was heard as well: who is judged reads what came of it, and why."""
    for hearing in of.hearings_in(case):
        hearings.write(case, hearing, given.get("heard", ""))
