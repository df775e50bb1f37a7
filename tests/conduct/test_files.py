"""Files that are dropped here: every wrong line is told, none of it repeats a person, and nothing counts."""

import json

import pytest

from governance.conduct.errors import BadFileError
from governance.conduct.feeds.files import WrongFileError, moment_in, read_delivery
from governance.decision.vocabulary import Instant, Status
from tests.conduct.people import NMC
from tests.conduct.register_files import csv_of, line

HEAD = "number,name,status\n"


def read(raw):
    return read_delivery(raw if isinstance(raw, bytes) else raw.encode(), NMC, Instant(1)).entries


def wrong(raw):
    with pytest.raises(WrongFileError) as refused:
        read(raw)
    return [(one.line, str(one.what)) for one in refused.value.wrong]


def test_csv_and_json_say_the_same():
    row = {"number": "12A3456B", "name": "Nora Quill", "status": "good", "renews": "2027-03-31"}
    assert read(csv_of(line(renews="2027-03-31"))) == read(json.dumps([row]))


def test_a_register_may_use_its_own_words():
    assert read(f"{HEAD}12A3456B,Nora Quill,Interim Suspension\n")[0].status is Status.SUSPENDED


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    assert len(read("\ufeff" + csv_of(line(), line("98Z7654Y")).decode().replace("\n", "\r\n"))) == 2


def test_every_wrong_line_is_told():
    found = wrong(csv_of(line(), line("1203456B"), line(status="fine"), line("98Z7654Y", ""), line(renews="31.3.27")))
    assert [number for number, _ in found] == [3, 4, 5, 6]
    assert ["number" in found[0][1], "status" in found[1][1], "name" in found[2][1], "day" in found[3][1]] == [True] * 4


def test_no_error_repeats_what_stands_in_the_file():
    said = str(wrong(csv_of(line("1203456B", "Nora Quill", "odd"), line("98Z7654Q", "Omar Vale", "strange"))))
    assert not any(word in said for word in ("1203456B", "Nora", "98Z7654Q", "Omar", "odd", "strange"))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (HEAD + "12A3456B,Nora\n", "does not have the columns"),
        (HEAD + '12A3456B,"Nora,good\n', "quotation mark"),
        ("number,name\n", "must name the columns"),
        ("", "must name the columns"),
        ("number,name,status,number\n", "must name the columns"),
        ("number;name;status\n12A3456B;Nora;good\n", "may name renews), and no others; put commas between them"),
        ('[{"number": 12, "name": "Nora", "status": "good"}]', "each as text"),
        (HEAD.encode() + b"12A3456B,N\xffra,good\n", "UTF-8"),
    ],
)
def test_what_is_no_such_file_is_told(raw, says):
    assert says in wrong(raw)[0][1]


_ROW = '"number": "12A3456B", "name": "Nora Quill"'
AMBIGUOUS = {
    "a status twice": f'[{{{_ROW}, "status": "removed", "status": "good"}}]',
    "deeper than any reader goes": f'[{{{_ROW}, "status": {"[" * 100_000}{"]" * 100_000}}}]',
}


@pytest.mark.parametrize("raw", ["[1]", "[{]", '["number"]', *AMBIGUOUS.values()], ids=["1", "2", "3", *AMBIGUOUS])
def test_json_of_another_form_is_refused(raw):
    with pytest.raises(BadFileError, match="JSON"):
        read(raw)


def test_the_same_line_twice_is_one_and_two_that_differ_are_wrong():
    assert len(read(csv_of(line(), line()))) == 1
    assert wrong(csv_of(line(), line(status="lapsed")))[0][0] == 3


def test_the_last_day_of_all_is_told_and_no_other():
    assert wrong(csv_of(line(renews="9999-12-31")))[0][0] == 2
    assert read(csv_of(line(renews="9998-12-31")))


@pytest.mark.parametrize("text", ["yesterday", "2026-12-24T06:00", ""])
def test_an_instant_needs_its_zone(text):
    with pytest.raises(BadFileError):
        moment_in(text)
