"""`governance policy` as a publisher uses it."""

import json
import re
from pathlib import Path

from click.testing import CliRunner, Result

from governance.policy.commands import policy
from tests.policy.copies import put, rewrite


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(policy, [str(argument) for argument in arguments])


def test_check_passes_on_sound_records(folder: Path) -> None:
    result = run("check", "--folder", folder)
    assert result.exit_code == 0
    assert "0 errors" in result.output


def test_check_prints_file_key_wrong_and_remedy_and_exits_1(folder: Path) -> None:
    put(folder, "optout/optout", ("defaults", "minor", "others"), "seen")
    result = run("check", "--folder", folder)
    assert result.exit_code == 1
    assert 'policies/optout/optout.toml: defaults.minor.others: is `seen`; write "closed" for minors' in result.output
    assert "policy records: 1 error, 0 warnings" in result.output


def test_check_speaks_json_to_scripts(folder: Path) -> None:
    put(folder, "optout/optout", ("defaults", "minor", "others"), "seen")
    result = run("check", "--json", "--folder", folder)
    told = json.loads(result.output)
    assert (result.exit_code, told["errors"]) == (1, 1)
    assert told["problems"][0] == {
        "file": "policies/optout/optout.toml",
        "key": "defaults.minor.others",
        "wrong": "is `seen`",
        "mend": 'write "closed" for minors',
        "severity": "error",
    }


def test_pin_mends_what_check_found(folder: Path) -> None:
    rewrite(folder, "optout/optout.en.md", "You choose.", "You may choose.")
    assert run("check", "--folder", folder).exit_code == 1
    pinned = run("pin", folder / "optout/optout.toml", folder / "reporting/reporting.toml")
    assert "en: optout.en.md was " in pinned.output
    assert "en: reporting.en.md is unchanged" in pinned.output
    assert run("check", "--folder", folder).exit_code == 0


def test_pin_of_something_else_says_what_to_name(folder: Path) -> None:
    result = run("pin", folder / "optout/optout.en.md")
    assert result.exit_code == 1
    assert "name the record's .toml file" in result.output


def test_show_prints_the_words_of_a_procedure(folder: Path) -> None:
    result = run("show", "optout", "--lang", "fr", "--folder", folder)
    assert result.exit_code == 0
    assert re.search(
        r"^optout \d+\.\d+\.\d+ \(\w+\), in force from 20\d\d-\d\d-\d\d \d\d:\d\d UTC$", result.output, re.MULTILINE
    )
    assert "    Hide me from everyone signed in here as a health professional" in result.output


def test_show_prints_data_one_thing_a_line(folder: Path) -> None:
    shown = run("show", "reporting", "--folder", folder).output
    assert "lines[1]: country = GB; kind = danger; for_whom = any" in shown
    assert "types[1]: code = uncomfortable; danger = False" in shown


def test_show_prints_a_language_and_its_variants(folder: Path) -> None:
    shown = run("show", "optout", "--lang", "es", "--folder", folder).output
    assert "text: es, standard" in shown
    assert "    Ocultarme de todos los que entran aquí con su cuenta de profesional de la salud" in shown
    shown = run("show", "disclosure", "--lang", "es-MX", "--variant", "easy_read", "--folder", folder).output
    assert "text: es, easy_read" in shown


def test_show_prints_a_variant(folder: Path) -> None:
    assert "text: en, child" in run("show", "disclosure", "--variant", "child", "--folder", folder).output


def test_show_of_broken_records_says_why(folder: Path) -> None:
    (folder / "optout/ages.toml").unlink()
    result = run("show", "optout", "--folder", folder)
    assert result.exit_code == 1
    assert "policies/optout/ages.toml" in result.output
