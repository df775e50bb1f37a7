"""The reader: what it understands, and that it never guesses."""

from datetime import UTC, datetime

import pytest

from governance.decision.provisions import CARE_TEAM, OTHERS, Interval, Place, Scale
from governance.decision.vocabulary import BEGINNING, FOREVER, NOT_SENT, Action
from tests.scenarios.facts import question
from tests.scenarios.phrases import Speech
from tests.scenarios.reader import read_text
from tests.scenarios.tables import ScenarioError

HEAD = 'title = "T"\nstory = "S"\n'
WORLD = '[given]\nstrangers = ["sam"]\n[given.patients]\nana = { others = "seen" }\n[given.professionals]\ndan = { }\n'
ROW = '{ viewer = "dan", action = "view", author = "ana", then = "permitted", because = "B." }'
SPEECH = Speech("F", "Europe/London")


def file_of(row: str = ROW, world: str = WORLD, head: str = HEAD) -> str:
    return f"{head}{world}[[when]]\nrows = [\n  {row},\n]\n"


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (file_of(head=HEAD + 'tite = "T"\n'), "f.toml: unknown key 'tite'"),
        (file_of(ROW.replace("viewer", "veiwer")), "f.toml:11: the key 'viewer' is missing"),
        (file_of(ROW.replace("because", "creatd = 1, because")), "f.toml:11: unknown key 'creatd'"),
        (file_of(world=WORLD.replace("others", "other")), "f.toml.given.patients.ana: unknown key 'other'"),
        (
            file_of(world=WORLD.replace("dan = { }", "dan = { level = 1 }")),
            "professionals.dan: unknown key 'level'",
        ),
        (file_of(ROW.replace('"view"', '"see"')), "f.toml:11.action: 'see' is not one of: view"),
        (file_of(ROW.replace('"ana"', '"anna"')), "nobody in this file has the account anna@F"),
        (file_of(ROW.replace("because", 'step = "3l", because')), "f.toml:11.step: write 0, 1, 2, or 3a to 3k"),
        (file_of(ROW.replace("because", 'flagged = "no", because')), "f.toml:11.flagged: expected true or false"),
        (file_of(f"{ROW}, {ROW}"), "one row a line"),
        (file_of("{ viewer = "), "f.toml: not TOML"),
    ],
)
def test_a_slip_of_the_pen_is_an_error_that_names_its_place(text: str, told: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read_text(text, "f.toml")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    "line",
    [
        '{ who = "others" }',
        '{ permit = "view", refuse = "view", who = "others" }',
        '{ permit = "view", who = "other" }',
        '{ permit = "view", who = "others", where = "forum F" }',
        '{ permit = "view", who = "others", when = "since 2026-05-01 00:00" }',
        '{ permit = "view", who = "others", until = "2026-05-01 00:00" }',
    ],
)
def test_a_line_that_says_too_little_or_too_much_is_an_error(line: str) -> None:
    with pytest.raises(ScenarioError, match=r"patients\.ana\.lines\[1\]"):
        read_text(file_of(world=WORLD.replace('others = "seen"', f"lines = [{line}]")), "f.toml")


def test_extras_without_their_level_are_an_error() -> None:
    world = WORLD.replace('others = "seen"', 'others = "seen", extras = { care_team = ["mention"] }')
    with pytest.raises(ScenarioError, match="no level for it"):
        read_text(file_of(world=world), "f.toml")


def test_what_a_row_leaves_unsaid_is_sent_with_usual_values() -> None:
    (row,) = read_text(file_of(), "f.toml").rows
    (piece,) = row.pieces
    assert (piece.community, piece.thread, piece.post, piece.edited) == ("t1d", "th1", "p1", None)
    assert piece.created == utc(2026, 5, 1, 11)
    assert (row.flagged, row.patient_wrote_first) == (False, False)


def test_not_sent_is_told_apart_from_no() -> None:
    row = ROW.replace("because", 'created = "not sent", edited = "not sent", flagged = "not sent", because')
    (row_read,) = read_text(file_of(row), "f.toml").rows
    assert row_read.flagged is NOT_SENT
    assert (row_read.pieces[0].created, row_read.pieces[0].edited) == (NOT_SENT, NOT_SENT)


def test_an_action_on_a_person_has_no_thread_post_or_time() -> None:
    (row,) = read_text(file_of(ROW.replace('"view"', '"find"')), "f.toml").rows
    (piece,) = row.pieces
    assert {piece.thread, piece.post, piece.created, piece.edited} == {NOT_SENT}
    assert piece.community == "t1d"


def test_a_bare_name_in_a_row_is_the_account_on_the_viewers_platform() -> None:
    world = WORLD.replace("dan = { }", 'dan = { accounts = ["dan@F", "dan@G"] }')
    world = world.replace('others = "seen"', 'accounts = ["ana@G"], others = "seen"')
    scenario = read_text(file_of(ROW.replace('"dan"', '"dan@G"'), world), "f.toml")
    request, facts = question(scenario.world, scenario.rows[0])
    assert (request.platform, request.words[0].author) == ("G", "ana@G")
    assert facts.viewer.hcp.accounts == {"dan@F", "dan@G"}


def test_times_are_local_unless_they_say_otherwise() -> None:
    assert SPEECH.instant("2026-05-15 00:00", "x") == utc(2026, 5, 14, 23)
    assert SPEECH.instant("2026-01-15 00:00:30 UTC", "x") == utc(2026, 1, 15, 0, 0, 30)
    assert SPEECH.instant("just before 2026-01-15 00:00 UTC", "x") == utc(2026, 1, 15) - 1


@pytest.mark.parametrize("time", ["2026-03-29 01:30", "2026-10-25 01:30", "2026-02-29 12:00", "noon", "2026-05-01"])
def test_a_time_that_is_skipped_repeated_or_unreadable_is_an_error(time: str) -> None:
    with pytest.raises(ScenarioError, match=time):
        SPEECH.instant(time, "x")


def test_spans_are_half_open_and_may_lack_an_end() -> None:
    start, end = utc(2026, 1, 1), utc(2026, 2, 1)
    both = SPEECH.span("from 2026-01-01 00:00 until 2026-02-01 00:00", "x")
    assert both == Interval(start, end)
    assert SPEECH.span("from 2026-01-01 00:00", "x") == Interval(start, FOREVER)
    assert SPEECH.span("until 2026-02-01 00:00 UTC", "x") == Interval(BEGINNING, end)


def test_everyone_is_stored_as_both_classes_and_everything_is_no_moderation() -> None:
    world = WORLD.replace(
        'others = "seen"', 'lines = [{ refuse = "everything", who = "everyone", where = "thread G/x" }]'
    )
    ana = read_text(file_of(world=world), "f.toml").world.patients["ana"]
    assert [line.who for line in ana.lines] == [CARE_TEAM, OTHERS]
    assert ana.lines[0].where == Place(Scale.THREAD, "G", "x")
    assert ana.lines[0].actions == frozenset(Action) - {Action.MODERATE}


def test_like_takes_over_what_is_not_written_anew() -> None:
    world = WORLD.replace("[given.professionals]", 'eve = { like = "ana", hold = true }\n[given.professionals]')
    eve = read_text(file_of(world=world), "f.toml").world.patients["eve"]
    assert (eve.accounts, eve.hold, len(eve.choices)) == ({"eve@F"}, True, 1)
