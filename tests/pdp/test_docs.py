"""The page for those who connect a forum: whole, local, and with examples that are answered."""

import json

import pytest
from bs4 import BeautifulSoup

from governance.identity.permissions import PERMISSIONS
from governance.pdp.openapi import BATCHES, QUESTIONS
from governance.policy.privacy import AGREEMENT, paper


@pytest.fixture
def page(asker):
    answer = asker.client.get("/docs")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    return BeautifulSoup(answer.text, "html.parser")


def test_every_route_of_the_document_is_on_it(asker, page):
    headings = {heading.get_text() for heading in page.find_all("h3")}
    paths = asker.client.get("/openapi.json").json["paths"]
    assert headings == {
        f"{method.upper()} {path}" for path, item in paths.items() for method in item if len(method) < 7
    }
    offered = {route.replace("{id}", "{community}") for routes in PERMISSIONS.values() for route in routes}
    assert headings >= offered


def test_it_asks_nobody_else_for_anything(page):
    addresses = [tag.get("href") or tag.get("src") for tag in page.find_all(["link", "script", "img", "iframe"])]
    assert addresses
    assert all(address.startswith("/static/") for address in addresses)
    assert page.find_all(["script", "style"]) == []


def test_its_links_lead_to_something_on_it(page):
    names = {section["id"] for section in page.find_all("section")}
    assert {link["href"][1:] for link in page.select("main a[href^='#']")} == names


def test_every_example_on_it_is_json(page):
    examples = [code.get_text() for code in page.select("section pre code")]
    assert len(examples) > 15
    for example in examples:
        json.loads(example)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_examples_of_questions_are_answered(asker, question):
    assert isinstance(asker.send("/access/v1/evaluation", question).json["decision"], bool)


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
def test_the_examples_of_pages_are_answered(asker, batch):
    answers = asker.send("/access/v1/evaluations", batch).json["evaluations"]
    assert ["error" in answer["context"] for answer in answers] == [False] * len(batch["evaluations"])


def test_the_agreement_says_what_a_forum_promises_and_is_found_from_the_docs(asker, page):
    (link,) = [one["href"] for one in page.find_all("a", string="the agreement")]
    shown = BeautifulSoup(asker.client.get(link).text, "html.parser")
    headings = [heading.get_text() for heading in shown.select("main h2")]
    assert headings[:4] == [
        "Who agrees with whom",
        "What the forum does",
        "What the forum never does",
        "What the service does",
    ]
    assert "who they are" in shown.find("main").get_text()
    assert "{" not in shown.find("main").get_text().replace("{id}", "")


def test_the_agreement_is_shown_in_spanish_to_who_reads_spanish(asker):
    answer = asker.client.get("/platforms/agreement", headers={"Accept-Language": "es"})
    shown = BeautifulSoup(answer.text, "html.parser").find("main")
    assert shown.find("h1").get_text() == "Lo que un foro y nosotros nos prometemos"
    assert shown.find("h2").get_text() == "Quién acuerda con quién"
    assert shown.find("div", lang="es") is not None


def test_the_agreement_forbids_what_no_program_can_prevent():
    text = "".join(part.body for part in paper(AGREEMENT, {}, missing=str))
    assert "never asks about pairs of people" in text
    assert "from what it was sent for its own decisions" in text
    assert "14 days" in text
