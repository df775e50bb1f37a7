"""Pictures that came with reports after a backup come back from the journal; those of erased reports do not."""

import io

from PIL import Image
from sqlalchemy import func, select

from governance.ledger import rows
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.images import paint_anew
from governance.reporting.evidence.models import Evidence, EvidencePart
from governance.reporting.keeping.erasing import erase_report
from tests.backup.test_reports import Desk

SENT = io.BytesIO()
Image.new("RGB", (40, 30), "teal").save(SENT, "PNG")


def opens(desk, office):
    for name in ("olu", "oda"):
        office.joins(name)
    for name in ("first", "second"):
        desk.filed[name] = office.files(name)
        adds(desk, office, name)


def adds(desk, office, name):
    picture = evidence.keep(office.session, paint_anew(SENT.getvalue()), (), office.forum.now)
    assert evidence.attach(office.work, desk.filed[name].key, [picture]) == [picture]


def goes_on(desk, office):
    adds(desk, office, "first")
    second = desk.filed["second"].report_id
    evidence.forget_of(office.work, second)
    erase_report(office.work, second)


def many(session):
    return [session.scalar(select(func.count()).select_from(table)) for table in (Evidence, EvidencePart)]


def shown(desk, office):
    found = evidence.pictures_of(office.session, desk.filed["first"].key)
    desk.seen = [evidence.content_of(office.session, one) for one in found]


def test_every_picture_is_what_it_was(lived_in, empty):
    desk = Desk(lived_in)
    desk.does(opens)
    file = lived_in.backup()
    desk.does(goes_on)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert many(session) == [2, 2]
    desk.does(shown)
    assert desk.seen == [paint_anew(SENT.getvalue()).content] * 2


def test_left_out_of_the_journal_a_picture_would_be_lost(lived_in, empty, monkeypatch):
    """The control."""
    desk = Desk(lived_in)
    desk.does(opens)
    file = lived_in.backup()
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    desk.does(lambda desk, office: adds(desk, office, "first"))
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert many(session) == [2, 2]
    desk.does(shown)
    assert len(desk.seen) == 1
