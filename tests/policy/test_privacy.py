"""The privacy papers are easy where patients read them, true to the tables there are, and say what is still open."""

import hashlib
import tomllib

import pytest
import textstat

from governance.config.errors import SettingsError
from governance.config.public import PLACEHOLDERS, public_settings
from governance.policy.pins import pin
from governance.policy.privacy import AGREEMENT, NOTICE, PAPERS, languages, open_in, paper, placeholders
from governance.policy.reading import policies_folder
from governance.ui.languages import LANGUAGES
from tests.policy.spanish import FAIRLY_EASY, perspicuity
from tests.policy.test_reading_grade import FEW_WORDS, too_hard

TOLD = {name: f"the {name.replace('_', ' ')}" for name in PLACEHOLDERS}


def test_every_placeholder_has_a_setting_and_every_setting_a_placeholder():
    assert set(placeholders()) == PLACEHOLDERS.keys()


def test_what_is_set_is_filled_and_what_is_not_is_open():
    assert open_in(NOTICE, TOLD) == []
    assert open_in(NOTICE, {"controller_name": "us"})[0] == "controller_contact"
    filled = "".join(part.body for part in paper(NOTICE, TOLD, missing=str))
    assert "the controller name" in filled
    assert not {"{", "…"} & set(filled)


def test_a_setting_marks_up_nothing():
    told = {**TOLD, "controller_name": "**[us](https://bad.example)**"}
    assert r"\*\*\[us\](https://bad.example)\*\*" in paper(NOTICE, told, missing=str)[0].body


@pytest.mark.parametrize("part", paper(NOTICE, TOLD, missing=str), ids=lambda part: part.heading)
def test_every_part_of_the_notice_is_easy_to_read(part):
    assert len(part.body.split()) < FEW_WORDS or not too_hard(part.body)


def test_the_notice_as_a_whole_is_easy_to_read():
    whole = "\n\n".join(part.body for part in paper(NOTICE, TOLD, missing=str))
    assert textstat.flesch_kincaid_grade(whole) <= 6


@pytest.mark.parametrize("name", [NOTICE, AGREEMENT])
def test_what_people_read_is_written_in_every_language_of_our_pages(name):
    assert languages(name) == set(LANGUAGES)


@pytest.mark.parametrize("name", [NOTICE, AGREEMENT])
def test_the_spanish_paper_says_as_much_and_asks_for_the_same_settings(name):
    english, spanish = (paper(name, {}, missing=str, language=language) for language in ("en", "es"))
    assert open_in(name, {}, "es") == open_in(name, {})

    def said(parts):
        return [(part.body.count("\n- "), part.body.count("…"), part.body.count("\n\n")) for part in parts]

    assert said(spanish) == said(english)


def test_the_texts_of_the_agreement_are_pinned_and_were_read_side_by_side():
    folder = policies_folder() / "platforms"
    texts = tomllib.loads((folder / "agreement.toml").read_text(encoding="utf-8"))["texts"]
    found = {
        language: hashlib.sha256((folder / text["file"]).read_bytes()).hexdigest() for language, text in texts.items()
    }
    assert found == {language: text["sha256"] for language, text in texts.items()}
    assert texts["es"]["translates"] == found["en"]


def test_a_word_that_changes_in_the_agreement_does_not_pass_unseen(tmp_path):
    for path in (policies_folder() / "platforms").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert not any(change.changed for change in pin(tmp_path / "agreement.toml"))
    text = tmp_path / "agreement.es.md"
    text.write_text(text.read_text(encoding="utf-8").replace("Nunca", "Siempre", 1), encoding="utf-8")
    assert [change.label for change in pin(tmp_path / "agreement.toml") if change.changed] == ["es"]


@pytest.mark.parametrize("part", paper(NOTICE, TOLD, missing=str, language="es"), ids=lambda part: part.heading)
def test_every_part_of_the_spanish_notice_is_easy_to_read(part):
    assert len(part.body.split()) < FEW_WORDS or perspicuity(part.body) >= FAIRLY_EASY


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_has_its_parts(name):
    assert len(paper(name, TOLD, missing=str)) > 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"GOVERNANCE_EXIT_URL": "http://plain.example"},
        {"GOVERNANCE_EXIT_URL": "javascript:alert(1)"},
        {"GOVERNANCE_EXIT_URL": "https://a b"},
        {"GOVERNANCE_CONTROLLER_NAME": "x" * 201},
        {"GOVERNANCE_HOSTING": "a\u202eb"},
    ],
)
def test_a_setting_that_cannot_be_shown_is_refused(wrong):
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        public_settings(wrong)


def test_settings_fill_the_notice():
    said = public_settings({"GOVERNANCE_CONTROLLER_NAME": "  The  Trust ", "GOVERNANCE_EXIT_URL": "https://x.example/"})
    assert (said.exit_url, dict(said.told)) == ("https://x.example/", {"controller_name": "The Trust"})
    assert said.open_placeholders == ("controller_contact", "dpo_contact", "authority", "hosting")
