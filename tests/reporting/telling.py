"""People who tell us something through the pages, and officers who can read it."""

import io
from contextlib import contextmanager
from types import SimpleNamespace

from PIL import Image

from governance.db.extension import reading, transaction
from governance.reporting.evidence import service as evidence
from governance.reporting.keeping.messages import messages, write_message
from governance.reporting.keeping.models import Report
from governance.reporting.keeping.service import key_for, opened_with
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.reporting.office import Office
from tests.ui.visits import multipart

ANSWERS = {
    "danger": {"danger": "no"},
    "what": {"what": "He wrote to me at night"},
    "about": {"about": "boundary"},
    "where": {"forum": "", "where": "In a private message"},
    "who": {"who": "N. Ward"},
    "young": {"young": "no"},
    "pictures": {},
    "wish": {"wishes": ["stop", "note"]},
    "reach": {"reach": "code"},
}


def picture(color="teal", size=(40, 30), kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


def opens_an_office(app):
    """Let two officers and a custodian begin to work here; return what opens their vaults."""
    with app.app_context(), transaction() as session:
        office = Office(SimpleNamespace(session=session, keyring=house().keyring, now=now())).opens()
        return office.vaults


def send(visitor, path, **given):
    """Send the form of the page that the visitor sees, with all that is hidden in it."""
    token = visitor.page.find("input", attrs={"name": "csrf_token"})["value"]
    step = visitor.page.find("input", attrs={"name": "step"})
    hidden = {"csrf_token": token, **({"step": step["value"]} if step else {})}
    data = {**hidden, **given}
    form = multipart(data) if any(isinstance(value, tuple) for value in given.values()) else {"data": data}
    answer = visitor.client.post(path, **form, follow_redirects=True)
    return visitor._shows(answer)


def tells(visitor, **other):
    """Answer every question; what is in `other` otherwise. The visitor sees the last page before *Send*."""
    visitor.get("/tell-us")
    send(visitor, "/tell-us")
    for step, said in ANSWERS.items():
        send(visitor, "/tell-us", go="on", **other.get(step, said))
    return visitor


def sends(visitor, **other):
    """Answer every question and send it; return the code."""
    send(tells(visitor, **other), "/tell-us", go="on")
    return code_on(visitor)


def code_on(visitor):
    return visitor.page.find("p", class_="code").get_text().strip()


def reports(app):
    with app.app_context(), reading() as session:
        return list(Report.ids(session))


@contextmanager
def opened(app, vault):
    """What one officer reads of the only report."""
    with app.app_context(), reading() as session:
        (report_id,) = Report.ids(session)
        key = key_for(session, house().keyring, report_id, vault)
        yield SimpleNamespace(
            session=session,
            key=key,
            report=opened_with(session, key),
            pictures=evidence.pictures_of(session, key),
            messages=messages(session, report_id, key),
        )


def answers(app, vault, text):
    """An officer writes to the reporter of the only report."""
    with app.app_context(), transaction() as session:
        (report_id,) = Report.ids(session)
        key = key_for(session, house().keyring, report_id, vault)
        write_message(Work(session, house().keyring, now()), key, "officer", text, staff_id=vault.staff_id)
