"""The walk's own browser sends what a person's browser would send, and finds nothing that is not there."""

import pytest

from governance.demo.browser import Form, LostError, _Reader

PAGE = """
<html><head><title>not text</title><style>no {}</style></head><body>
<p>Read <a href="/more">all of <b>it</b></a> first.</p>
<script>nor this</script>
<form method="POST" action="/sent">
  <input type="hidden" name="csrf" value="t0ken">
  <input type="radio" name="level" id="a" value="closed" checked><label for="a">Nothing</label>
  <label for="b">Read <i>and</i> answer</label><input type="radio" name="level" id="b" value="answered">
  <input type="checkbox" name="team" id="c" value="k1"><label for="c">Nia Okafor</label>
  <input type="checkbox" name="team" id="d" value="k2" checked><label for="d">Dan</label>
  <button name="go" value="1">Go on</button><button name="stop" value="1">Stop</button>
</form>
<form action="/other"><input name="q" value=""><button>Look</button></form>
</body></html>
"""


@pytest.fixture
def page():
    reader = _Reader()
    reader.feed(PAGE)
    return reader


def sent(form: Form, button: str):
    return form.sent_with(form.button(button))


def test_only_visible_words_are_read(page):
    assert " ".join("".join(page.seen).split()).startswith("Read all of it first. Nothing Read and answer")


def test_links_are_known_by_their_words(page):
    assert list(page.all_links()) == [("all of it", "/more")]


def test_a_form_is_sent_as_the_page_filled_it_with_the_button_pressed(page):
    form = page.forms[0]
    assert (form.method, form.action) == ("post", "/sent")
    assert sent(form, "Go on") == [("csrf", "t0ken"), ("level", "closed"), ("team", "k2"), ("go", "1")]


def test_choices_are_made_by_value_or_by_the_words_beside_them(page):
    form = page.forms[0]
    form.choose("level", "Read and answer")
    form.choose("team", "Nia Okafor")
    assert sent(form, "Stop") == [
        ("csrf", "t0ken"),
        ("level", "answered"),
        ("team", "k1"),
        ("team", "k2"),
        ("stop", "1"),
    ]


def test_what_is_not_on_the_page_cannot_be_chosen_or_pressed(page):
    with pytest.raises(LostError, match="part_of_care"):
        page.forms[0].choose("level", "part_of_care")
    with pytest.raises(LostError, match="Save"):
        page.forms[0].button("Save")


def test_forms_do_not_mix(page):
    assert sent(page.forms[1], "Look") == [("q", "")]


def test_text_is_typed_into_fields_of_every_kind():
    reader = _Reader()
    reader.feed(
        '<form action="/a"><input name="name" value="x"><textarea name="why">as it was</textarea>'
        '<input type="hidden" name="csrf" value="t"><button>Go</button></form>'
    )
    form = reader.forms[0]
    assert sent(form, "Go") == [("name", "x"), ("why", "as it was"), ("csrf", "t")]
    form.fill("name", "Pia")
    form.fill("why", "so")
    assert sent(form, "Go") == [("name", "Pia"), ("why", "so"), ("csrf", "t")]
    for nothing in ("csrf", "other"):
        with pytest.raises(LostError, match=nothing):
            form.fill(nothing, "y")
