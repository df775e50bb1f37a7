"""The privacy papers are easy where patients read them, true to the tables there are, and say what is still open."""

import pytest
import textstat

from governance.config.errors import SettingsError
from governance.config.public import PLACEHOLDERS, public_settings
from governance.policy.privacy import NOTICE, PAPERS, languages, open_in, paper, placeholders
from governance.ui.languages import LANGUAGES
from tests.policy.spanish import FAIRLY_EASY, perspicuity
from tests.policy.test_reading_grade import FEW_WORDS, too_hard

TOLD = {name: f"the {name.replace('_', ' ')}" for name in PLACEHOLDERS}


def test_every_placeholder_has_a_setting_and_every_setting_a_placeholder():
    assert set(placeholders()) == PLACEHOLDERS.keys()


def test_what_is_set_is_filled_and_what_is_not_is_open():
    assert open_in(NOTICE, TOLD) == []
    assert open_in(NOTICE, {"controller_name": "us"})[0] == "controller_contact"
    filled = "".join(part.body for part in paper(NOTICE, TOLD, missing="…"))
    assert "the controller name" in filled
    assert not {"{", "…"} & set(filled)


def test_a_setting_marks_up_nothing():
    told = {**TOLD, "controller_name": "**[us](https://bad.example)**"}
    assert r"\*\*\[us\](https://bad.example)\*\*" in paper(NOTICE, told, missing="…")[0].body


@pytest.mark.parametrize("part", paper(NOTICE, TOLD, missing="…"), ids=lambda part: part.heading)
def test_every_part_of_the_notice_is_easy_to_read(part):
    assert len(part.body.split()) < FEW_WORDS or not too_hard(part.body)


def test_the_notice_as_a_whole_is_easy_to_read():
    whole = "\n\n".join(part.body for part in paper(NOTICE, TOLD, missing="…"))
    assert textstat.flesch_kincaid_grade(whole) <= 6


def test_the_notice_is_written_in_every_language_of_our_pages():
    assert languages(NOTICE) == set(LANGUAGES)


def test_the_spanish_notice_says_as_much_and_asks_for_the_same_settings():
    english, spanish = (paper(NOTICE, {}, missing="…", language=language) for language in ("en", "es"))
    assert open_in(NOTICE, {}, "es") == open_in(NOTICE, {})

    def said(parts):
        return [(part.body.count("\n- "), part.body.count("…"), part.body.count("\n\n")) for part in parts]

    assert said(spanish) == said(english)


@pytest.mark.parametrize("part", paper(NOTICE, TOLD, missing="…", language="es"), ids=lambda part: part.heading)
def test_every_part_of_the_spanish_notice_is_easy_to_read(part):
    assert len(part.body.split()) < FEW_WORDS or perspicuity(part.body) >= FAIRLY_EASY


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_has_its_parts(name):
    assert len(paper(name, TOLD, missing="…")) > 4


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
