"""The pages of choices in Spanish: every question, every slip, every answer, and no English in any of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup
from flask import render_template

from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Capacity, Level
from governance.optout.ages import Age
from governance.optout.choices import Choices
from governance.optout.draft import policy_now
from governance.optout.own.rules import Rule, Scope
from governance.optout.own.words import RuleWords
from governance.optout.waiting import Opens
from governance.optout.words import changes, may_do, sentence, who_opens
from governance.policy.current import policies
from governance.ui.clock import to_instant
from tests.optout.wishes import grow_up
from tests.ui.visits import Visitor, acknowledge, doctor, forum, nurse, visitor
from tests.ui.words_left import english_in

__all__ = ["doctor", "forum", "nurse", "visitor"]
IN_SPANISH = {"Cookie": "governance_language=es"}
ON, SAVE = "Seguir", "Guardar mis elecciones"
ZONE = "Europe/Madrid"
QUESTIONS = {
    *("/choices/care-team", "/choices/others", "/choices/team", "/choices/check"),
    *("/choices/more/care-team", "/choices/more/others", "/choices/people", "/choices/person"),
    *("/choices/rules", *(f"/choices/rule/{page}" for page in ("who", "where", "what", "when", "posts"))),
    *("/choices/ready-made", "/choices/danger", "/choices/peers"),
}
SLIPS = QUESTIONS - {"/choices/team", "/choices/check", "/choices/more/care-team", "/choices/more/others"}
OPENINGS = [
    *({"asks": asks, "lack": None} for asks in ("guardian", "officer", "")),
    *({"asks": "", "lack": lack} for lack in ("guardian", "age", "proof")),
]


@dataclass
class Reader(Visitor):
    """A browser that speaks Spanish and keeps what it was shown in English by the pages of this room."""

    left: dict[str, list[str]] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)

    def _shows(self, answer):
        super()._shows(answer)
        if self.path.startswith("/choices/"):
            self.seen.add((self.path, self.status))
            self.left[f"{self.path} {self.status}"] = english_of(self.page)
        return self


def english_of(page):
    """What a page says in English, but for the parts that all rooms share: they are tested where they are."""
    main = BeautifulSoup(str(page.main or page), "html.parser")
    for shared in main.find_all("form", action="/my/hide"):
        shared.find_parent(class_="box").decompose()
    return english_in(main)


@pytest.fixture
def reader(visitor):
    acknowledge(visitor)
    visitor.client.set_cookie("governance_language", "es")
    return Reader(visitor.client)


def answers_all(reader, nurse, doctor):
    """Answer every question, each of them after a slip."""
    reader.get("/choices/care-team").press(ON)
    reader.press(ON, level="answered").press(ON)
    reader.press(ON, level="seen").press(ON, members=[nurse])
    for page in ("care-team", "others"):
        reader.get(f"/choices/more/{page}").press(ON, actions=["mention"])
    reader.get("/choices/people").press(ON)
    reader.press(ON, who=doctor).press(ON)
    reader.press(ON, level="in_touch")
    reader.get("/choices/ready-made").press(ON)
    reader.get("/choices/danger").press(ON)
    reader.press(ON, answer="yes")


def makes_a_rule(reader):
    """Answer the five questions of a rule, each of them after a slip."""
    reader.get("/choices/rule/who").press(ON)
    for kind in ("named", "profession", "organisation"):
        reader.press(ON, who=kind)
    reader.press(ON, who="others").press(ON)
    reader.press(ON, where="community", place="otro").press(ON, where="thread")
    reader.press(ON, where="platform").press(ON)
    reader.press(ON, level="closed").press(ON, zone=ZONE)
    reader.press(ON, when="days", zone=ZONE)
    reader.press(ON, when="days", zone=ZONE, first="2026-01-01", last="2096-05-14").press(ON)
    reader.press(ON, posts="new")


def test_every_page_of_choices_speaks_spanish(reader, forum, nurse, doctor):
    answers_all(reader, nurse, doctor)
    makes_a_rule(reader)
    assert "Dos de tus elecciones se cruzan." in reader.text
    assert "hasta el 15 de mayo de 2096, 00:00 (Europe/Madrid)" in reader.text
    reader.get("/choices/rules")
    reader.get("/choices/check").press(SAVE)
    grow_up(forum)
    reader.get("/choices/peers").press(ON)
    reader.press(ON, answer="yes")
    assert "podría" in reader.text
    reader.answers("/my/hide")
    for page in ("care-team", "more/others", "check"):
        reader.get(f"/choices/{page}")
        assert "Tienes activado «Ocultarme»." in reader.text
    assert {path: found for path, found in reader.left.items() if found} == {}
    assert {path for path, status in reader.seen if status == HTTPStatus.OK} == QUESTIONS
    slips = {path for path, status in reader.seen if status == HTTPStatus.UNPROCESSABLE_ENTITY}
    assert slips == SLIPS - {"/choices/rules"}


def test_whose_age_nobody_told_reads_all_of_it_in_spanish(reader):
    reader.get("/choices/ready-made").press(ON, preset="nobody").press(ON)
    reader.press(SAVE).get("/choices/others").press(ON, level="answered")
    assert "¿Cuántos años tienes?" in reader.text
    reader.press(SAVE)
    assert "Elige cuántos años tienes" in reader.text
    reader.press(SAVE, age="younger")
    assert (reader.status, reader.h1) == (HTTPStatus.CONFLICT, "Antes tiene que estar de acuerdo un tutor")
    assert {path: found for path, found in reader.left.items() if found} == {}


@pytest.fixture
def in_spanish(forum):
    with forum.test_request_context("/", headers=IN_SPANISH):
        yield forum


@pytest.mark.usefixtures("in_spanish")
@pytest.mark.parametrize("page", ["held", "guardian", "read_first", "opening", "press_to_open"])
def test_what_keeps_somebody_from_opening_is_said_in_spanish(page):
    for opening in OPENINGS:
        given = {**opening, "age": 13, "example": ""}
        shown = render_template(
            f"optout/{page}.html", opening=given, age=13, policy=policy_now(), errors=True, press="Abrir"
        )
        assert english_of(BeautifulSoup(shown, "html.parser")) == [], opening


@pytest.mark.usefixtures("in_spanish")
def test_a_sentence_says_in_spanish_from_when_who_could_do_what():
    found = Opens(WhoKind.PROFESSION, "nurse", Capacity.PEER, Action.MESSAGE)
    told = sentence(policy_now(), found, {}, to_instant(datetime(2026, 11, 24, 10, tzinfo=UTC)))
    assert told == (
        "Desde el martes 24 de noviembre de 2026, 10:00 (hora del Reino Unido), alguien que trabaja como enfermera o "
        "enfermero (aquí como paciente) podría escribirte en privado, después de que tú escribas primero."
    )


@pytest.mark.usefixtures("in_spanish")
def test_every_action_is_said_in_spanish_to_the_person_it_is_done_to():
    for action in Action:
        words = may_do(policy_now(), action).replace("«me gusta»", "").split()
        assert words[0].islower()
        assert not {"mi", "mis", "me"} & {word.strip(",.") for word in words}
        assert not any(word.endswith("rme") for word in words)


def test_without_a_page_the_words_are_english(forum):
    with forum.app_context():
        assert who_opens(Opens(WhoKind.CARE_TEAM, "", None, Action.VIEW), {}) == "a member of your forum"


@pytest.mark.usefixtures("in_spanish")
def test_changes_are_said_in_spanish():
    after = Choices(Level.SEEN, hold=True, team=frozenset({"k"}), care_team_extras=frozenset({Action.QUOTE}))
    assert changes(policy_now(), Choices(), after, {"k": "Nora Quill"}) == [
        "Tienes activado «Ocultarme».",
        "Mi equipo de salud: de «Cerrado» a «A la vista».",
        "Ahora en mi equipo de salud: Nora Quill.",
        "Mi equipo de salud: sí a «Repetir mis palabras en otro sitio».",
    ]


@pytest.mark.usefixtures("in_spanish")
def test_a_rule_and_an_age_are_said_in_spanish():
    rule = Rule(Scope(WhoKind.PROFESSION, "midwife"), Level.SEEN, at_most=True)
    said = RuleWords(policy_now(), {}, to_instant(datetime(2026, 1, 1, tzinfo=UTC))).of(rule)
    assert (said.who, said.level) == ("Todos los que trabajan como: matrona o partera", "como mucho «A la vista»")
    assert Age.UNDER_18.stays_closed(Action.FIND, "others") == "sigue cerrado hasta que tengas 18 años"


def test_every_profession_of_our_registers_has_a_spanish_name(in_spanish):
    called = in_spanish.jinja_env.filters["profession"]
    professions = policies().registers.professions
    assert professions
    assert {one for one in professions if called(one) == one.replace("_", " ")} == set()
