"""A wrong code costs what a right one costs: the same queries, the same cryptography, like time."""

from statistics import median
from time import thread_time

import pytest
from sqlalchemy import event

from governance.crypto import data_keys
from governance.reporting.keeping import codes, reporters
from tests.reporting.office import Office

TRIES = 60
STEPS = ((reporters.envelope, "unseal"), (data_keys, "unseal"), (reporters.seals, "opened"), (codes, "opening_key"))


@pytest.fixture
def office(forum):
    return Office(forum).opens()


def counting(counted, name, inner):
    """Return what counts itself and goes on."""

    def counted_call(*arguments, **named):
        counted.append(name)
        return inner(*arguments, **named)

    return counted_call


def cost(office, code, monkeypatch):
    """Count queries and derivations of one look."""
    counted = []
    with monkeypatch.context() as patch:
        for module, name in STEPS:
            inner = getattr(module, name)
            patch.setattr(module, name, counting(counted, name, inner))

        def note(*_arguments):
            counted.append("query")

        office.session.expire_all()
        engine = office.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        reporters.by_code(office.session, office.keyring, code)
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
