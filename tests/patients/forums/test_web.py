"""One patient on several forums through pages and REST, and the forum that is gone; S8 itself is among the stories."""

import pytest

from governance.patients.intake.commands import agree as agree_command
from governance.patients.intake.commands import ask, take
from tests.patients.house import question


def permits(caller, author, viewer="nurse", action="view"):
    return caller.decides(question(viewer, author, action))[0]


def test_nothing_is_joined_before_both_ends_said_yes(person):
    person.f.get("/my/forums/add").press("Show my code")
    code = person.f.page.find(class_="code").get_text()
    person.g.get("/my/forums/code").press("Go on", code=code)
    assert person.ana in person.g.text
    assert person.g.get("/my/forums").text.count("You are") == 1
    person.g.get("/my/forums/code").press("Go on", code=code)
    person.g.press("Yes, this is me")
    assert person.other in person.f.get("/my/forums").follow("See who it was").text
    person.f.press("No, this is not me")
    assert person.f.get("/my/forums").text.count("You are") == 1
    person.g.get("/my/forums/code").press("Go on", code=code)
    assert "does not work" in person.g.text


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/my/forums/add", "/my/forums/code", "/my/forums/confirm", "/my/forums/come-back"])
def test_each_end_must_have_proved_a_moment_ago_who_they_are(house, person, path):
    """The way back on the same forum is the forum's own sign-in; nothing is ever sent by e-mail."""
    assert house.visitor(house.f, person.ana, proved=False).get(path).path == "/prove"
    assert person.f.get(path).path != "/prove"


def test_who_wants_a_printed_code_is_not_told_that_it_opens_something(house, person):
    """And comes back to the page of the code, which was to be made."""
    visitor = house.visitor(house.f, person.ana, proved=False).get("/my/hide-code").press("Make my code")
    assert (visitor.path, "let health professionals do more" in visitor.text) == ("/prove", False)
    assert "next=hide_codes.shown" in visitor.page.find("a", class_="nhsuk-button")["href"]


@pytest.mark.slow
def test_a_code_that_is_wrong_used_or_ones_own_gets_one_and_the_same_answer(house, person):
    code = house.joins(person)
    person.f.get("/my/forums/add").press("Show my code")
    own = person.f.page.find(class_="code").get_text()
    pages = {
        visitor.get("/my/forums/code").press("Go on", code=typed).text
        for visitor, typed in ((person.g, code), (person.g, "ABCDE-ABCDE"), (person.f, own), (person.f, ""))
    }
    assert len(pages) == 1


def test_the_hide_page_needs_no_forum_no_cookie_and_tells_nothing(house, person):
    person.f.get("/my/hide-code").press("Make my code")
    code = person.f.page.find(class_="code").get_text()
    assert code not in person.f.get("/my/hide-code").text
    stranger = house.app.test_client()
    wrong, right = (stranger.post("/hide", data={"code": typed}) for typed in ("00000-00000", code))
    assert wrong.data == right.data
    assert [*wrong.headers.keys()] == [*right.headers.keys()]
    assert wrong.status_code == right.status_code == 200
    assert "Set-Cookie" not in right.headers
    assert not permits(house.on_f, person.ana)


@pytest.mark.slow
def test_whoever_comes_back_by_the_code_finds_all_closed(house, person):
    person.f.get("/my/hide-code").press("Make my code")
    code = person.f.page.find(class_="code").get_text()
    person.g.get("/my/forums/come-back").press("Find my choices", code=code)
    assert "We found nothing" in person.g.text
    assert house.on_f.send("/v1/accounts/events", {"event": "deleted", "account": person.ana}).status_code == 200
    person.g.get("/my/forums/come-back").press("Find my choices", code=code)
    assert "We found your choices" in person.g.text
    assert not permits(house.on_g, person.other)


def test_what_staff_took_is_shown_at_the_next_sign_in_until_it_was_seen(house, person):
    told = ("--platform", "f", "--patient", person.ana, "--asked", "refuse_all", "--how", "phone")
    done = house.run(take, *told, "--by", house.officers[0])
    assert done.exit_code == 0, done.output
    assert not permits(house.on_f, person.ana)
    page = person.f.get("/my/choices")
    assert "by phone" in page.text
    assert str(house.officers[0]) not in page.text
    page.press("I have seen this")
    assert "by phone" not in person.f.get("/my/choices").text
    person.f.press("Take it away")
    assert permits(house.on_f, person.ana)


@pytest.mark.slow
def test_two_officers_at_the_command_line_bring_a_record_back(house, person):
    told = ("--platform", "f", "--lost", person.ana, "--to-platform", "g", "--to", person.other)
    asked = house.run(ask, *told, "--by", house.officers[0])
    number = asked.output.split("agree ")[1].split()[0]
    assert house.run(agree_command, number, "--by", house.officers[0]).exit_code != 0
    assert house.run(agree_command, number, "--by", house.officers[1]).exit_code == 0
    assert len(person.g.get("/my/forums").page.find_all(class_="box")) == 2
    assert not permits(house.on_g, person.other)


@pytest.mark.slow
def test_a_yes_is_let_count_on_the_other_forum_through_pages(house, person):
    """Shown in words, asked for with a proof, waited for, and stopped by one press."""
    house.joins(person)
    page = person.g.get("/my/choices").follow("Let my yes count here")
    assert "could" in page.text
    page.press("Let my yes count here")
    assert "It waits now" in person.g.text
    assert not permits(house.on_g, person.other)
    person.g.get("/my/choices").press("Stop this")
    assert "It is stopped" in person.g.text
    unproved = house.visitor(house.g, person.other, proved=False)
    assert unproved.get("/my/forums/yes").press("Let my yes count here").path == "/prove"
