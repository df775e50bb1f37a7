"""What patients read in Spanish stays easy: a gate against hard sentences, no proof that anybody understood."""

import tomllib
from collections import defaultdict

import pytest

from governance.policy.reading import policies_folder
from governance.policy.sections import parse
from tests.policy.spanish import FAIRLY_EASY, VERY_EASY, perspicuity, syllables

FEW_WORDS = 20
"""The formula says nothing about a title or a half line."""

FOLDER = policies_folder()
LEAST = {
    "disclosure/disclosure.es.child.md": VERY_EASY,
    "disclosure/disclosure.es.easy_read.md": VERY_EASY,
    "disclosure/disclosure.es.md": FAIRLY_EASY,
    "optout/optout.es.md": FAIRLY_EASY,
    "reporting/desk.es.md": FAIRLY_EASY,
    "reporting/emergency.es.md": FAIRLY_EASY,
    "reporting/reporting.es.md": FAIRLY_EASY,
    "reporting/retention.es.md": FAIRLY_EASY,
}

# Counted by the rules of the Real Academia Española: diphthongs, hiatus by accent and by strong vowels, h, y, silent u.
COUNTED = {
    1: "sol y yo que quien hoy muy ley rey buey guion truhan",
    2: "día país baúl oír leer creer ciudad viuda guerra ayer leyes búho ahí aquí agua rehén huida",
    3: "ahora alcohol poeta héroe línea prohíbe guitarra pingüino vergüenza cuídate oíais ahumado jesuita",
    4: "aéreo insulina enfermera medicina averigüe averiguáis vehículo murciélago cacahuete publicación",
    5: "profesionales publicaciones enfermedades 112",
    10: "electroencefalografista",
}


def easy_enough(text: str, least: float) -> bool:
    return perspicuity(text) >= least


def sections_of(file: str) -> dict[str, str]:
    return parse((FOLDER / file).read_text(encoding="utf-8")).by_key


def too_hard(sections: dict[str, str], least: float) -> list[str]:
    longer = {key: text for key, text in sections.items() if len(text.split()) >= FEW_WORDS}
    assert longer
    return [key for key, text in longer.items() if not easy_enough(text, least)]


def groups_of(sections: dict[str, str]) -> dict[str, str]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, text in sections.items():
        groups[key.partition(".")[0]].append(text)
    return {group: "\n".join(texts) for group, texts in groups.items()}


@pytest.mark.parametrize(("count", "words"), COUNTED.items())
def test_syllables_are_those_of_the_spelling(count: int, words: str) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_the_score_is_that_of_the_formula() -> None:
    # 3 sentences, 9 words, 14 syllables, counted by hand.
    text = "Hoy llueve mucho. ¿Vienes a mi casa?\nNo puedo"
    assert perspicuity(text) == pytest.approx(206.835 - 62.3 * 14 / 9 - 9 / 3)


def test_every_text_for_patients_is_measured() -> None:
    assert sorted(LEAST) == sorted(
        path.relative_to(FOLDER).as_posix()
        for procedure in ("disclosure", "optout", "reporting")
        for path in (FOLDER / procedure).glob("*.es*.md")
    )


def test_the_record_asks_no_less() -> None:
    limits = tomllib.loads((FOLDER / "disclosure/disclosure.toml").read_text(encoding="utf-8"))["reading"]
    asked = {label: limit["ease_min"] for label, limit in limits.items() if limit["formula"] == "szigriszt_pazos"}
    assert asked == {"es": FAIRLY_EASY, "es_child": VERY_EASY, "es_easy_read": VERY_EASY}


@pytest.mark.parametrize(("file", "least"), LEAST.items())
def test_every_section_is_easy_to_read(file: str, least: float) -> None:
    assert too_hard(sections_of(file), least) == []


@pytest.mark.parametrize(("file", "least"), LEAST.items())
def test_every_group_of_sections_is_easy_to_read(file: str, least: float) -> None:
    assert too_hard(groups_of(sections_of(file)), least) == []


@pytest.mark.parametrize(("file", "least"), LEAST.items())
def test_a_whole_text_is_easy_to_read(file: str, least: float) -> None:
    assert easy_enough("\n".join(sections_of(file).values()), least)


def test_a_lawyers_sentence_is_too_hard() -> None:
    assert not easy_enough(
        "Sin perjuicio de la autorización anteriormente mencionada, los profesionales participantes podrán, con "
        "sujeción a las obligaciones reglamentarias aplicables, conservar la posibilidad de acceder a las "
        "contribuciones que se encuentren públicamente disponibles.",
        FAIRLY_EASY,
    )


def test_what_patients_may_read_can_be_too_hard_for_children() -> None:
    standard = sections_of("disclosure/disclosure.es.md")
    assert too_hard(standard, FAIRLY_EASY) == []
    assert too_hard(standard, VERY_EASY) != []
