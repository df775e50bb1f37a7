"""What a template says that no translator will see; and what of a Spanish page is still English."""

import re

from jinja2 import nodes

_TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_SAID_IN_TAGS = re.compile(r"""\b(?:aria-label|alt|title|placeholder)="([^"]*)\"""")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"^[A-Z][a-z]+|[a-z]{2,}[,.?!:]?\s[a-z]")
_SHOWN = {"text", "html", "titleText", "summaryText", "visuallyHiddenText", "hint", "label"}
_OUR_OWN_NAMES = {"English", "Español", "Cymraeg", "Deutsch", "Français", "Nederlands", "Polski"}
ENGLISH = re.compile(r"\b(?:the|and|you|your|with|what|this|that|not|can|who|are|is|of|to|from|we)\b", re.IGNORECASE)
"""Words without which no English sentence does, and which no Spanish one has."""


def untranslated(environment, source):
    """Return the words of a template that stand outside `{% trans %}` and `_()`."""
    tree = environment.parse(source)
    page = "\0".join(one.data for one in tree.find_all(nodes.TemplateData))
    found = [word for word in _SAID_IN_TAGS.findall(page) if _LETTERS.search(word)]
    found += [line.strip() for line in _TAG.sub("\n", page).split("\n") if _LETTERS.search(line)]
    inside = {id(one) for call in tree.find_all(nodes.Call) if _translates(call) for one in call.find_all(nodes.Const)}
    found += [one.value for one in tree.find_all(nodes.Const) if id(one) not in inside and _is_sentence(one.value)]
    pairs = [(pair.key, pair.value) for pair in tree.find_all(nodes.Pair)]
    shown = [value for key, value in pairs if isinstance(key, nodes.Const) and key.value in _SHOWN]
    return found + [value.value for value in shown if isinstance(value, nodes.Const)]


def english_in(page):
    """Return the sentences of a page that are English where the page does not say so."""
    for other in page.find_all(lang=lambda value: value is not None and not value.startswith("es")):
        other.decompose()
    for hidden in page.find_all(["script", "style"]):
        hidden.decompose()
    said = [" ".join(text.split()) for text in page.stripped_strings]
    said += [tag[name] for tag in page.find_all() for name in ("aria-label", "alt", "title") if tag.get(name)]
    return [text for text in said if ENGLISH.search(text)]


def _translates(call):
    return isinstance(call.node, nodes.Name) and call.node.name in _TRANSLATING


def _is_sentence(value):
    # A class, a route or a field has neither a capital nor a blank between plain words.
    if not isinstance(value, str) or value in _OUR_OWN_NAMES or "nhsuk-" in value:
        return False
    return bool(_SENTENCE.search(value))
