"""The case page has words for whatever our records may say about a question: no officer has to guess at a code."""

import pytest
from flask import render_template_string

from governance.decision.verdicts import Step
from governance.decision.vocabulary import Action

IMPORTED = (
    '{% import "reporting/desk/parts.html" as parts with context %}'
    '{% import "ui/actions.html" as actions with context %}'
)


@pytest.mark.parametrize("step", Step)
def test_every_place_where_an_answer_is_found_has_words(app, step):
    with app.test_request_context("/"):
        said = render_template_string(IMPORTED + "{{ parts.found_by(step) }}", step=str(step))
    assert said.strip() not in {"", str(step)}


@pytest.mark.parametrize("action", Action)
def test_every_action_has_words(app, action):
    with app.test_request_context("/"):
        said = render_template_string(IMPORTED + "{{ actions.action(action) }}", action=str(action))
    assert said.strip() not in {"", str(action)}
