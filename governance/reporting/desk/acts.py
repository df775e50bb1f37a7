"""Everything that can be done to a case, as a table: its words, its fields, in which states, and what does it."""

from typing import Final

from governance.reporting.cases import members
from governance.reporting.cases.proposals import Kind
from governance.reporting.cases.states import Act, State, possible
from governance.reporting.desk import does
from governance.reporting.desk import options as of
from governance.reporting.desk.fields import DeskAct, Field
from governance.reporting.desk.keeping import KEEPING_ACTS
from governance.sentences import Sentence

_TEXT: Final = Sentence("What you write to them")
_TEXT_HINT: Final = Sentence("They read this. Change it as you need.")
_HEARD: Final = Sentence("What the professional reads")
_HEARD_HINT: Final = Sentence(
    "The substance and the reasons. Never who reported, nor words by which they could be known."
)
_WHY: Final = Sentence("Why")
_ALL: Final = frozenset(State) - {State.MERGED}


def _in(act: Act) -> frozenset[State]:
    return frozenset(state for state in State if act in possible(state))


def _reason(label: Sentence = _WHY, name: str = "reason") -> Field:
    return Field(name, "area", label)


ACTS: Final[dict[str, DeskAct]] = {
    "claim": DeskAct(Sentence("Take this case on"), Sentence("Take it on"), (), does.claim),
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
        does.triage,
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
        does.evidence,
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
        does.hear,
    ),
    "hear_more": DeskAct(
        Sentence("Write to the professional again"),
        Sentence("Send"),
        (
            Field("hearing", "pick", Sentence("To whom"), options=of.hearings),
            Field("said", "area", Sentence("What they read"), before=of.letter("correction")),
        ),
        does.hear_more,
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
        does.refer,
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
        does.decide,
        _in(Act.DECIDE),
    ),
    "tell_outcome": DeskAct(
        Sentence("Tell the outcome"),
        Sentence("Send"),
        (
            Field("said", "area", Sentence("What the reporter reads"), _TEXT_HINT, before=of.outcome_letter),
            Field("heard", "area", _HEARD, _HEARD_HINT, before=of.letter("heard_outcome"), when=of.is_heard),
        ),
        does.tell_outcome,
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
        does.propose_to_second(Kind.CLOSE),
        _in(Act.CLOSE),
    ),
    "propose_misuse": DeskAct(
        Sentence("Ask a second officer: was it told to hurt somebody?"),
        Sentence("Ask"),
        (_reason(),),
        does.propose_to_second(Kind.MISUSE),
        _in(Act.DECIDE),
    ),
    "propose_wide": DeskAct(
        Sentence("Ask a second officer to block the professional everywhere"),
        Sentence("Ask"),
        (
            Field("hcp", "line", Sentence("Account of the professional"), before=of.person("hcp")),
            _reason(),
        ),
        does.propose_to_second(Kind.WIDE_BLOCK),
    ),
    "answer_appeal": DeskAct(
        Sentence("Answer the appeal"),
        Sentence("Answer"),
        (
            Field("answer", "pick", Sentence("What you found"), options=of.appeals),
            _reason(Sentence("What the reporter reads"), "reasons"),
            Field("heard", "area", _HEARD, _HEARD_HINT, before=of.letter("heard_outcome"), when=of.is_heard),
        ),
        does.answer,
        _in(Act.UPHOLD),
    ),
    "assign": DeskAct(
        Sentence("Give it to somebody"),
        Sentence("Give it to them"),
        (Field("to", "pick", Sentence("To whom"), options=of.candidates),),
        does.assign,
    ),
    "merge": DeskAct(
        Sentence("Go on with it in another case"),
        Sentence("Merge"),
        (Field("into", "pick", Sentence("In which one"), options=of.other_cases), _reason()),
        does.merge,
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
        does.outside,
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
