"""What people report, what officers and custodians write about it, and who reads it."""

from governance.identity.permissions import Role
from governance.identity.service import platform_named
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import NewStaff, add_staff
from governance.reporting.custody import service as custody
from governance.reporting.keeping import messages
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.keeping.jobs import enter
from governance.reporting.keeping.service import file_report, key_for, open_report
from governance.reporting.vaults import service as vaults
from governance.reporting.vaults.duty import duty_group, name_contact, narrow
from governance.reporting.work import Work
from governance.ui.clock import now
from tests.reliability.casework import works_on_a_case

PUBLISHED = ("contact outside", "reach of the contact outside")


def reports_are_filed(writers, session):
    """A report with a name, read and answered; somebody asks for the name and gets it."""
    work = Work(session, writers.keyring, now())
    forum = platform_named(session, writers.forum_name)
    name_contact(work, *(writers.word(what).text for what in PUBLISHED))
    officers = [_with_vault(writers, work, name) for name in ("first officer", "second officer")]
    custodian = _with_vault(writers, work, "custodian", Role.CUSTODIAN)
    narrow(work, officers[0].staff_id, frozenset({forum.id}))
    filed = _files(writers, work, forum.id)
    key = key_for(session, writers.keyring, filed.report_id, officers[0])
    opened = open_report(work, filed.report_id, officers[1])
    assert opened.body.what == writers.word("what of a report").text
    messages.write_message(work, filed.key, "reporter", writers.word("message of a reporter").text)
    messages.write_message(
        work, key, "officer", writers.word("message of an officer").text, staff_id=officers[0].staff_id
    )
    request = custody.ask(work, filed.report_id, officers[0], writers.word("why a name is needed").text)
    custody.release(work, request, custodian, writers.word("why a name is released").text)
    custody.identity(work, filed.report_id, officers[0])
    assert enter(work) == 1
    works_on_a_case(writers, work, filed.report_id, officers)


def _with_vault(writers, work, name, role=Role.OFFICER):
    said = {what: writers.word(f"{what} of the {name}").text for what in ("name", "subject")}
    member = add_staff(
        work.session, work.keyring, NewStaff(provider="our-staff", roles=frozenset({role}), **said), now=work.now
    )
    assert work.session.get(StaffMember, member.id) is not None
    passphrase = writers.word(f"passphrase of the {name}").text
    made = vaults.store(work, vaults.prepare(member.id, passphrase))
    writers.secrets += [made.recovery_key, made.recovery_key.replace("-", ""), made.vault.key.private.hex()]
    assert vaults.unlock(work.session, work.keyring, member.id, passphrase) == made.vault
    return made.vault


def _files(writers, work, platform_id):
    said = {name: writers.word(f"{name} of a report").text for name in ("what", "where", "who", "wish", "reach")}
    evidence = (writers.word("file of a report").text,)
    more = {"more": writers.word("more of a report").text}
    name = {what: writers.word(f"{what} of a reporter").text for what in ("name", "reach", "account")}
    draft = Draft(
        header=Header(kind="boundary", platform_id=platform_id, minor=True),
        body=Body(**said, evidence=evidence, more=more),
        identity=Identity(**name),
    )
    filed = file_report(work, draft, duty_group(work.session, platform_id, work.now))
    writers.secrets += [filed.code, filed.code.replace("-", "")]
    return filed
