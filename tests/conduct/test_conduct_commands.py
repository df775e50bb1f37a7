"""`governance conduct`: organisations and their lists, leavers, reports, look-ups, providers."""

import pytest
from click.testing import CliRunner

from governance.cli.conduct import conduct
from governance.conduct.feeds.asking import source_of
from governance.conduct.feeds.commands import look_up_all, register_named
from governance.conduct.models import HcpRecord, HeldRegistration
from governance.conduct.sanctions.commands import sanction
from governance.conduct.work.models import Affiliation
from governance.db.extension import reading, transaction
from governance.pdp.probing.commands import probing
from governance.ui.clock import in_iso, now
from tests.conduct.people import NPI, PIN, checks, in_good_standing, says, seen
from tests.conduct.registry import found, result, running
from tests.forum import DAY, Forum

ON = ("--platform", "forum", "--account", "nora")


@pytest.fixture
def people(app, keyring):
    """Nora is a nurse, Omar a doctor with an NPI; both were looked at yesterday."""
    with app.app_context(), transaction() as session:
        forum = Forum(session, keyring, at=now() - DAY)
        in_good_standing(forum)
        omar = says(forum, "omar", register=NPI, number="1234567893", name="Omar Quill", profession="doctor")
        said = {"number": "1234567893", "name": "Omar Quill", "licence": "Ohio"}
        checks(forum, omar, seen(**said), register=NPI)
    return app


@pytest.fixture
def run(people):
    def call(*words, **more):
        with people.app_context():
            done = CliRunner().invoke(conduct, words, **more)
        return done.output if done.exit_code == 0 else f"{done.output}{done.exception}"

    return call


def one(app, table, **having):
    with app.app_context(), reading() as session:
        return session.query(table).filter_by(**having).one()


@pytest.fixture
def employees(tmp_path):
    def write(*lines):
        path = tmp_path / "employees.csv"
        path.write_text("\n".join(["register,number,name", *lines]))
        return str(path), "--as-of", in_iso(now())

    return write


def test_a_clinic_a_list_and_a_leaver(run, people, employees):
    assert "add it first" in run("employees", "Hillview", *employees())
    run("organisation", "Hillview")
    assert run("employees", "Hillview", *employees(f"gb-nmc,{PIN},Nora Quill")).startswith("1 line: 1 work there")
    assert one(people, Affiliation).verified_until > now()
    assert "no more" in run("leaver", "hillview", *ON)
    assert one(people, Affiliation).verified_until is None


@pytest.mark.slow
def test_people_whom_nobody_matched_are_counted_apart(run, tmp_path):
    run("organisation", "Hillview")
    file = tmp_path / "list.csv"
    file.write_text("register,number,name\ngb-nmc,98Z7654Y,Zoe Vale\n")
    said = run("employees", "Hillview", str(file), "--as-of", in_iso(now()))
    unproven = "0 who did not prove that the number is theirs"
    assert said == f"1 line: 0 work there, 0 left, 0 with another name, {unproven}, 1 not matched here\n"


def test_the_registers_are_listed_with_their_codes(run):
    said = run("registers")
    assert "gb-nmc " in said
    assert "a number looks like 12A3456B" in said


@pytest.mark.parametrize("group", [conduct, sanction, probing])
def test_a_list_of_commands_says_each_whole(group):
    said = CliRunner().invoke(group, ["--help"]).output
    told = said[said.index("Commands:") :]
    assert len(told.splitlines()) > len(group.commands)
    assert "..." not in told


def test_a_wrong_list_changes_nothing_and_is_told_by_line(run, people, employees):
    run("organisation", "Hillview")
    told = run("employees", "Hillview", *employees(f"gb-nmc,{PIN},Nora Quill", "gb-xxx,1,A", "gb-nmc,12,B"))
    assert ["line 3: the register" in told, "line 4: the number" in told] == [True, True]
    with people.app_context(), reading() as session:
        assert session.query(Affiliation).count() == 0


@pytest.mark.slow
def test_a_report_ends_a_look_soon(run, people):
    assert "on the desk now" in run("recheck", *ON, "--reason", "somebody says it is not her")
    assert one(people, HeldRegistration, register="gb-nmc").checked_until < now() + 3 * DAY


def test_a_register_is_asked_about_everybody_on_it(people):
    with running() as registry, people.app_context():
        registry.body = found(result(first_name="OMAR"))
        assert dict(look_up_all(source_of(register_named("us-npi"), registry.address)).did) == {"kept": 1}
        registry.status = 500
        assert dict(look_up_all(source_of(register_named("us-npi"), registry.address)).did) == {"no_answer": 1}
        registry.status, registry.body = 200, found()
        assert dict(look_up_all(source_of(register_named("us-npi"), registry.address)).did) == {"gone": 1}
    held = one(people, HeldRegistration, register="us-npi")
    assert (held.status, one(people, HcpRecord, id=held.hcp_id).waiting_since is not None) == ("unknown", True)


@pytest.mark.slow
def test_a_register_without_a_program_is_asked_by_hand(run):
    assert "drop a file" in run("look-up", "gb-nmc")


@pytest.mark.slow
def test_a_provider_is_added_and_listed(run):
    assert "none yet" in run("provider", "list")
    words = ("--shown", "Nurses", "--issuer", "https://id.example", "--oidc-client-id", "us", "--number-claim", "pin")
    told = run("provider", "add", "nurses", *words, "--register", "gb-nmc", input="the secret\n")
    assert "/professional/proof/at/nurses/callback" in told
    assert "nurses  gb-nmc  https://id.example" in run("provider", "list")
