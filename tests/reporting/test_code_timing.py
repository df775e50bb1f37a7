"""A wrong code costs what a right one costs: the same queries, the same cryptography, like time."""

from statistics import median
from time import thread_time

import pytest
from sqlalchemy import event

from governance.crypto import data_keys
from governance.reporting.cases import hearings
from governance.reporting.keeping import codes, reporters
from tests.reporting.desks import Desk
from tests.reporting.office import Office

TRIES = 60
STEPS = ((reporters.envelope, "unseal"), (data_keys, "unseal"), (reporters.seals, "opened"), (codes, "opening_key"))

HEARING = ((hearings.envelope, "unseal"), (data_keys, "unseal"), (data_keys, "unwrap"), (hearings, "unwrap"))


@pytest.fixture
def desk(forum):
    return Desk(forum).opens()


@pytest.fixture
def office(forum):
    return Office(forum).opens()


def counting(counted, name, inner):
    """Return what counts itself and goes on."""

    def counted_call(*arguments, **named):
        counted.append(name)
        return inner(*arguments, **named)

    return counted_call


def cost(office, code, monkeypatch, steps=STEPS, looks=reporters.by_code):
    """Count queries and derivations of one look."""
    counted = []
    with monkeypatch.context() as patch:
        for module, name in steps:
            inner = getattr(module, name)
            patch.setattr(module, name, counting(counted, name, inner))

        def note(*_arguments):
            counted.append("query")

        office.session.expire_all()
        engine = office.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        looks(office.session, office.keyring, code)
        event.remove(engine, "before_cursor_execute", note)
    return sorted(counted)


def test_wrong_codes_take_the_same_steps(office, monkeypatch):
    filed = office.files()
    office.session.commit()
    reporters.by_code(office.session, office.keyring, codes.new_code())
    right = cost(office, filed.code, monkeypatch)
    assert (right.count("opening_key"), right.count("unseal"), right.count("opened")) == (1, 2, 1)
    for wrong in (codes.new_code(), filed.code[:-1], "", "no code at all"):
        assert cost(office, wrong, monkeypatch) == right


def test_wrong_codes_of_a_hearing_take_the_same_steps(desk, monkeypatch):
    case_id, _ = desk.receives()
    _, code = hearings.begin(desk.at_work(case_id), "Somebody says that you wrote twice.")
    desk.session.commit()
    hearings.by_code(desk.session, desk.keyring, codes.new_code())
    looking = {"steps": HEARING, "looks": hearings.by_code}
    right = cost(desk, code, monkeypatch, **looking)
    assert (right.count("query"), right.count("unseal"), right.count("unwrap")) == (2, 3, 1)
    for wrong in (codes.new_code(), code[:-1], "", "no code at all"):
        assert cost(desk, wrong, monkeypatch, **looking) == right


@pytest.mark.slow
def test_they_take_like_time(office):
    filed = office.files()
    office.session.commit()
    times = {True: [], False: []}
    for _ in range(TRIES):
        for is_right, found in times.items():
            code = filed.code if is_right else codes.new_code()
            office.session.expire_all()
            before = thread_time()
            reporters.by_code(office.session, office.keyring, code)
            found.append(thread_time() - before)
    right, wrong = (median(found) for found in times.values())
    assert 0.7 < right / wrong < 1.4, (right, wrong)
