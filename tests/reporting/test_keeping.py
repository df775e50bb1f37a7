"""A report opens for those it is sealed to and for its reporter, and for nobody else."""

import pytest

from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping import messages, reporters, service
from governance.reporting.keeping.models import TEXT, ReportSeal
from tests.reporting.office import Office

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def office(forum):
    return Office(forum).opens()


def opens(office, name, report_id):
    return service.open_report(office.work, report_id, office.vaults[name])


def test_a_report_opens_for_everybody_on_duty(office):
    filed = office.files("he wrote again", where="night lows")
    for name in ("olu", "oda"):
        found = opens(office, name, filed.report_id)
        assert (found.body.what, found.body.where) == ("he wrote again", "night lows")
        assert found.body.filed == office.forum.now


def test_who_came_later_opens_it_only_once_it_was_sealed_to_them(office):
    filed = office.files()
    office.joins("late")
    with pytest.raises(NoSuchReportError):
        opens(office, "late", filed.report_id)
    service.reseal(office.work, filed.report_id, office.vaults["olu"], office.reader("late"))
    assert opens(office, "late", filed.report_id).body.what


def test_whom_it_was_taken_from_opens_it_no_more(office):
    filed = office.files()
    service.revoke(office.work, filed.report_id, office.vaults["oda"].staff_id)
    with pytest.raises(NoSuchReportError):
        opens(office, "oda", filed.report_id)
    assert service.readers(office.session, filed.report_id) == {office.vaults["olu"].staff_id}


def test_a_seal_of_another_report_opens_nothing(office):
    """The control of what binds a seal to its place: the same key, the same reader, another report."""
    first, second = office.files("one"), office.files("two")
    place = (TEXT, "officer", str(office.vaults["olu"].staff_id))
    there, here = (office.session.get(ReportSeal, (one.report_id, *place)) for one in (first, second))
    here.sealed_key = there.sealed_key
    with pytest.raises(NoSuchReportError):
        opens(office, "olu", second.report_id)
    assert opens(office, "olu", first.report_id).body.what == "one"


def test_the_code_opens_the_report_however_it_is_typed(office):
    filed = office.files()
    for typed in (filed.code, filed.code.lower().replace("-", " "), filed.code.replace("1", "I").replace("0", "o")):
        found = reporters.by_code(office.session, office.keyring, typed)
        assert found.report_id == filed.report_id
        assert service.opened_with(office.session, found.key).body.what == "he wrote to me again"


def test_no_other_code_opens_anything(office):
    office.files()
    for typed in (service.codes.new_code(), "", "0" * 25, "7" * 25, "é" * 300):
        assert reporters.by_code(office.session, office.keyring, typed) is None


def test_messages_go_both_ways(office):
    filed = office.files()
    reporter = reporters.by_code(office.session, office.keyring, filed.code)
    messages.write_message(office.work, reporter.key, "reporter", "any news?")
    officers_key = service.key_for(office.session, office.keyring, filed.report_id, office.vaults["olu"])
    olu = office.vaults["olu"].staff_id
    messages.write_message(office.work, officers_key, "officer", "yes, we stopped it", staff_id=olu)
    for key in (reporter.key, officers_key):
        found = messages.messages(office.session, filed.report_id, key)
        assert [(one.number, one.by, one.text) for one in found] == [
            (1, "reporter", "any news?"),
            (2, "officer", "yes, we stopped it"),
        ]
        assert found[1].staff_id == olu
