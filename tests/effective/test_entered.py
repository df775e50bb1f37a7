"""What is in force and the ledger are written together, or neither is."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from governance.db.base import new_id
from governance.effective import entered
from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce, PlatformChange
from governance.effective.service import Register
from governance.ledger.commits import OUTSIDE

CODE = bytes(32)


def row(_platform):
    return InForce(kind="patient", subject="x", version=1, document=b"{}", mac=CODE)


def fragment(_platform):
    return Fragment(kind="patient", subject="x", room="r", version=1, document=b"{}", at=1, mac=CODE)


def account(platform):
    return GovernedAccount(key="x", platform_id=platform, version=1, marks="", mac=CODE)


def account_version(platform):
    return AccountVersion(key="x", platform_id=platform, version=1, marks="", mac=CODE)


def revision(platform):
    return PlatformChange(platform_id=platform, revision=9, kind="patient", subject="x", version=1, at=1)


MADE = [row, fragment, account, account_version, revision]


def count(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.fixture
def ana(both, session, keyring, platform):  # noqa: ARG001 - on both databases
    """A patient about whom something is in force."""
    number = str(new_id())
    Register(session, keyring, 5).put("patient", number, "optout", {"hold": True})
    Register(session, keyring, 5).bind(platform, "key-of-ana", patient=number)
    session.commit()
    return number


@pytest.mark.parametrize("make", MADE)
@pytest.mark.usefixtures("ana")
def test_a_row_without_its_entry_is_not_committed(make, session, platform):
    made = make(platform)
    before = count(session, type(made))
    journalled = session.info[OUTSIDE].last_journalled()
    session.add(made)
    with pytest.raises(RuntimeError, match="without its entry"):
        session.commit()
    session.rollback()
    assert count(session, type(made)) == before
    assert session.info[OUTSIDE].last_journalled() == journalled


@pytest.mark.usefixtures("ana")
def test_an_entry_about_something_else_does_not_count(session, keyring, platform):
    Register(session, keyring, 5).put("patient", str(new_id()), "optout", {"hold": True})
    session.add(row(platform))
    with pytest.raises(RuntimeError, match="without its entry"):
        session.commit()


def changed(session, ana):
    session.get(InForce, ("patient", ana)).document = b"{}"


def deleted(session, ana):
    session.delete(session.get(InForce, ("patient", ana)))


def changed_by_a_statement(session, _ana):
    session.execute(sa.update(InForce).values(document=b"{}"))


def deleted_by_a_statement(session, _ana):
    session.execute(sa.delete(Fragment))


@pytest.mark.parametrize("how", [changed, deleted, changed_by_a_statement, deleted_by_a_statement])
def test_neither_is_what_was_changed_or_taken_away_without_one(how, session, ana):
    how(session, ana)
    with pytest.raises(RuntimeError, match="without its entry"):
        session.commit()


def test_what_goes_through_the_register_is_committed(session, keyring, platform, ana):
    register = Register(session, keyring, 6)
    register.put("patient", ana, "patients", {"adult_from": 1})
    with session.begin_nested():
        register.restart("patient", ana, {"erasure": {"erased": {"final_at": 1, "hold": True, "refusals": []}}})
    register.bind(platform, "key-of-ana", hcp=new_id())
    session.commit()
    assert session.get(InForce, ("patient", ana)).version == 3


def test_each_transaction_is_looked_at_for_itself(session, keyring, platform, ana):
    Register(session, keyring, 6).put("patient", ana, "patients", {"adult_from": 1})
    session.commit()
    session.add(row(platform))
    with pytest.raises(RuntimeError, match="without its entry"):
        session.commit()


@pytest.mark.usefixtures("ana")
def test_unless_somebody_looks_it_would_be_committed(session, platform):
    """The control."""
    event.remove(Session, "before_commit", entered._refuse_half)
    try:
        session.add(row(platform))
        session.commit()
    finally:
        event.listen(Session, "before_commit", entered._refuse_half, insert=True)
    assert count(session, InForce) == 2
