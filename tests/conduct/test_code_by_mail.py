"""A code goes out in the language of its professional, whatever the verifier at the desk speaks; by a real server."""

from dataclasses import replace

import pytest

from governance.app import create_app
from governance.conduct.models import HcpRecord, SaidRegistration
from governance.db.extension import reading
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.ui.house import house
from tests.conduct.visits import SEEN, answers, forum, nora, opens_first, stranger, vera
from tests.ui.mail_server import Inbox, mail_server
from tests.ui.test_mail import letter, settings

__all__ = ["forum", "nora", "stranger", "vera"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_code_speaks_as_its_professional_does(forum, nora, vera, tmp_path, language):
    answers(nora).client.set_cookie("governance_language", language)
    nora.get("/professional/register/check").press({"es": "Registrarme", "en": "Register me"}[language])
    opens_first(vera).press("See it once more", **{**SEEN, "assurance": "3", "proof": ""}).press("Yes, mark it")
    with forum.app_context(), reading() as session:
        here = house().settings
        hcp = session.query(HcpRecord).one().id
        assert session.query(SaidRegistration).one().language == language
    vera.get(f"/desk/registrations/{hcp}/held")
    vera.press("Write it down, or send the code", kind="mail", detail="nora@hospital.example")
    assert "It is written down" in vera.text
    inbox = Inbox()
    with mail_server(inbox, tmp_path / "mail") as (port, authority):
        worker = Worker(tools_of(create_app(replace(here, mail=settings(port, authority)))), Hands())
        while worker.step():
            pass
    assert {"es": "Su código es", "en": "Your code is"}[language] in letter(inbox).get_content()
