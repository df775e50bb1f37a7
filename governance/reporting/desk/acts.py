"""Everything that can be done to a case, as a table: its words, its fields, in which states, and what does it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from governance.reporting.cases import hearings, members, proposals
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.service import CaseWork, Triage
from governance.reporting.cases.states import Act, State, possible
from governance.reporting.desk import options as of
from governance.reporting.desk.fields import DeskAct, Field, Given
from governance.reporting.desk.keeping import KEEPING_ACTS
from governance.sentences import Sentence

_TEXT: Final = Sentence("What you write to them")
_TEXT_HINT: Final = Sentence("They read this. Change it as you need.")
_WHY: Final = Sentence("Why")
_ALL: Final = frozenset(State) - {State.MERGED}


def _in(act: Act) -> frozenset[State]:
    return frozenset(state for state in State if act in possible(state))


def _reason(label: Sentence = _WHY, name: str = "reason") -> Field:
    return Field(name, "area", label)


def _claim(case: CaseWork, _given: Given) -> None:
    case.claim()


def _triage(case: CaseWork, given: Given) -> None:
    case.triage(Triage(**given))


def _refer(case: CaseWork, given: Given) -> None:
    case.refer(given["to"], given["ground"], given["shared"], agreed=given["agreed"])


def _decide(case: CaseWork, given: Given) -> None:
    case.decide(given["outcome"], given["reasons"], given["rule"])


def _propose(kind: Kind) -> Callable[[CaseWork, Given], None]:
    def does(case: CaseWork, given: Given) -> None:
        facts = {name: said for name, said in given.items() if name != "reason" and said}
        proposals.propose(case, Proposed(kind=kind, words=given["reason"], facts=facts))

    return does


def _hear(case: CaseWork, given: Given) -> str:
    return hearings.begin(case, given["said"])[1]


def _hear_more(case: CaseWork, given: Given) -> None:
    hearing = next(one for one in of.hearings_in(case) if str(one.id) == given["hearing"])
    hearings.write(case, hearing, given["said"])


def _assign(case: CaseWork, given: Given) -> None:
    members.assign(case, UUID(given["to"]))


def _merge(case: CaseWork, given: Given) -> None:
    into = CaseWork(case.work, case.desk, UUID(given["into"]), case.vault)
    members.merge(case, into, given["reason"])


def _outside(case: CaseWork, given: Given) -> None:
    about = frozenset(UUID(one) for one in given["about"])
    members.hand_outside(case, about, given["reason"], of.contact_in(case))


def _evidence(case: CaseWork, given: Given) -> None:
    of.keep_evidence(case, given["where"], given["said"])


def _answer(case: CaseWork, given: Given) -> None:
    case.answer_appeal(overturn=given["answer"] == "overturn", reasons=given["reasons"])


ACTS: Final[dict[str, DeskAct]] = {
    "claim": DeskAct(Sentence("Take this case on"), Sentence("Take it on"), (), _claim),
    "acknowledge": DeskAct(
        Sentence("Say that you have read it"),
        Sentence("Send"),
        (Field("said", "area", _TEXT, _TEXT_HINT, before=of.letter("acknowledge")),),
        lambda case, given: case.acknowledge(given["said"]),
        _in(Act.ACKNOWLEDGE),
    ),
    "triage": DeskAct(
        Sentence("Say how serious it is"),
        Sentence("Set it"),
        (
            Field("kind", "pick", Sentence("Type"), options=of.kinds, before=of.as_it_is("kind")),
            Field("severity", "pick", Sentence("How serious"), options=of.severities, before=of.as_it_is("severity")),
            Field("harm_body", "pick", Sentence("Harm to the body"), options=of.harms, before=of.as_it_is("harm_body")),
            Field("harm_mind", "pick", Sentence("Harm to the mind"), options=of.harms, before=of.as_it_is("harm_mind")),
            Field(
                "calendar",
                "pick",
                Sentence("Where people work on it"),
                options=of.calendars,
                before=of.as_it_is("calendar"),
            ),
            Field("regimes", "ticks", Sentence("Laws whose clocks run as well"), options=of.regimes),
            _reason(),
        ),
        _triage,
        _in(Act.TRIAGE),
    ),
    "investigate": DeskAct(
        Sentence("Begin to find out"),
        Sentence("Begin"),
        (),
        lambda case, _given: case.investigate(),
        _in(Act.INVESTIGATE),
    ),
    "write": DeskAct(
        Sentence("Write to whoever reported"),
        Sentence("Send"),
        (Field("said", "area", _TEXT, _TEXT_HINT, before=of.letter("update")),),
        lambda case, given: case.write(given["said"], "update"),
        _ALL,
    ),
    "evidence": DeskAct(
        Sentence("Keep a copy of a post"),
        Sentence("Keep it"),
        (
            Field("where", "line", Sentence("Where it stands")),
            Field("said", "area", Sentence("What it says, word for word")),
        ),
        _evidence,
    ),
    "hear": DeskAct(
        Sentence("Tell the professional what is said"),
        Sentence("Make a code for them"),
        (
            Field(
                "said",
                "area",
                Sentence("What they read"),
                Sentence("The substance alone. Never who reported, nor words by which they could be known."),
                before=of.letter("hearing"),
            ),
        ),
        _hear,
    ),
    "hear_more": DeskAct(
        Sentence("Write to the professional again"),
        Sentence("Send"),
        (
            Field("hearing", "pick", Sentence("To whom"), options=of.hearings),
            Field("said", "area", Sentence("What they read"), before=of.letter("correction")),
        ),
        _hear_more,
        _ALL,
    ),
    "refer": DeskAct(
        Sentence("Tell somebody outside"),
        Sentence("Write it down"),
        (
            Field("to", "pick", Sentence("Who was told"), options=of.referred_to),
            Field("ground", "pick", Sentence("On what ground"), options=of.grounds),
            Field("shared", "area", Sentence("What was shared")),
            Field("agreed", "tick", Sentence("The reporter agreed to it")),
        ),
        _refer,
        _in(Act.REFER),
    ),
    "decide": DeskAct(
        Sentence("Decide"),
        Sentence("Decide"),
        (
            Field("outcome", "pick", Sentence("What it comes to"), options=of.outcomes),
            Field("rule", "line", Sentence("The rule that is cited"), Sentence("Such as C16."), needed=False),
            _reason(Sentence("Reasons"), "reasons"),
        ),
        _decide,
        _in(Act.DECIDE),
    ),
    "tell_outcome": DeskAct(
        Sentence("Tell the outcome"),
        Sentence("Send"),
        (Field("said", "area", _TEXT, _TEXT_HINT, before=of.outcome_letter),),
        lambda case, given: case.tell_outcome(given["said"]),
        _in(Act.TELL_OUTCOME),
    ),
    "remedy": DeskAct(
        Sentence("Write down what was put right"),
        Sentence("Write it down"),
        (_reason(Sentence("What was put right")),),
        lambda case, given: case.remedy(given["reason"]),
        _in(Act.REMEDY),
    ),
    "close": DeskAct(
        Sentence("Close this case"), Sentence("Close it"), (), lambda case, _given: case.close(), _in(Act.CLOSE)
    ),
    "propose_close": DeskAct(
        Sentence("Ask a second officer to close it"),
        Sentence("Ask"),
        (_reason(),),
        _propose(Kind.CLOSE),
        _in(Act.CLOSE),
    ),
    "propose_misuse": DeskAct(
        Sentence("Ask a second officer: was it told to hurt somebody?"),
        Sentence("Ask"),
        (_reason(),),
        _propose(Kind.MISUSE),
        _in(Act.DECIDE),
    ),
    "propose_wide": DeskAct(
        Sentence("Ask a second officer to block the professional everywhere"),
        Sentence("Ask"),
        (
            Field("hcp", "line", Sentence("Account of the professional"), before=of.person("hcp")),
            _reason(),
        ),
        _propose(Kind.WIDE_BLOCK),
    ),
    "answer_appeal": DeskAct(
        Sentence("Answer the appeal"),
        Sentence("Answer"),
        (Field("answer", "pick", Sentence("What you found"), options=of.appeals), _reason(_TEXT, "reasons")),
        _answer,
        _in(Act.UPHOLD),
    ),
    "assign": DeskAct(
        Sentence("Give it to somebody"),
        Sentence("Give it to them"),
        (Field("to", "pick", Sentence("To whom"), options=of.candidates),),
        _assign,
    ),
    "merge": DeskAct(
        Sentence("Go on with it in another case"),
        Sentence("Merge"),
        (Field("into", "pick", Sentence("In which one"), options=of.other_cases), _reason()),
        _merge,
        _in(Act.MERGE),
    ),
    "pause": DeskAct(
        Sentence("Let the clocks stand still"),
        Sentence("Pause"),
        (Field("cause", "pick", Sentence("For what"), options=of.causes), _reason()),
        lambda case, given: case.pause(given["cause"], given["reason"]),
    ),
    "resume": DeskAct(Sentence("Let the clocks go on"), Sentence("Go on"), (), lambda case, _given: case.resume()),
    "note": DeskAct(
        Sentence("Write a note"),
        Sentence("Keep it"),
        (_reason(Sentence("For those who work on it"), "words"),),
        lambda case, given: case.note(given["words"]),
        _ALL,
    ),
    "recuse": DeskAct(
        Sentence("I must have no part in this"),
        Sentence("Take me out of it"),
        (_reason(),),
        lambda case, given: members.recuse(case, given["reason"]),
        _ALL,
    ),
    "outside": DeskAct(
        Sentence("It is about one of us"),
        Sentence("Take them out of it"),
        (Field("about", "ticks", Sentence("Whom it is about"), options=of.colleagues), _reason()),
        _outside,
    ),
    "reopen": DeskAct(
        Sentence("Take it up again"),
        Sentence("Take it up"),
        (_reason(),),
        lambda case, given: case.reopen(given["reason"]),
        _in(Act.REOPEN),
    ),
    **KEEPING_ACTS,
}
