"""Where professionals work: their word binds refusals, their organisation's opens permits; a leaver left at once."""

import pytest

from governance.conduct.errors import BadFileError, BadInputError, UnknownOrganisationError
from governance.conduct.feeds.files import WrongFileError
from governance.conduct.work.lists import read_list, take_list
from governance.conduct.work.models import Affiliation, Organisation
from governance.conduct.work.service import declare_work, known, leave_work, name_of, named, workplaces
from governance.crypto.blind_index import organisation_key
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.models import Fragment
from governance.optout.choices import Choices
from governance.optout.own.rules import Rule, Scope
from governance.policy.current import policies
from tests.conduct.people import PIN, accepts, checks, document, in_good_standing, marks, says, seen
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.usefixtures("both")

HILLVIEW = "Hillview Clinic"
OMARS = "98Z7654Y"


@pytest.fixture
def forum(forum):
    """Ana's care team is Hillview, all others are closed; Nora and Omar are nurses in good standing."""
    forum.acknowledges("ana")
    forum.nora = in_good_standing(forum)
    forum.omar = says(forum, "omar", number=OMARS, name="Omar Vale")
    accepts(forum, forum.omar)
    checks(forum, forum.omar, seen(number=OMARS, name="Omar Vale"))
    named(forum.session, forum.keyring, HILLVIEW, forum.now)
    return forum


def key(forum):
    return organisation_key(forum.keyring, HILLVIEW)


def lists(forum, *lines, as_of=None, days=90):
    raw = ("register,number,name,until\n" + "".join(f"gb-nmc,{line}\n" for line in lines)).encode()
    told = read_list(raw, policies().registers.registers, Instant(forum.now if as_of is None else as_of))
    clinic = known(forum.session, forum.keyring, "hillview  CLINIC")
    return dict(take_list(forum.session, forum.keyring, clinic, told, days=days, now=forum.now).did)


NORA, OMAR = f"{PIN},Nora Quill,", f"{OMARS},Omar Vale,"


def says_so(forum, hcp=None):
    declare_work(forum.session, forum.keyring, hcp or forum.nora, HILLVIEW, forum.now)


def counts(forum, hcp=None):
    """Whether a permit for the organisation counts for somebody now."""
    found = [one for one in document(forum, hcp or forum.nora).claims if one.who is WhoKind.ORGANISATION]
    return [one.verified[0] <= forum.now < one.verified[1] for one in found if one.name == key(forum)]


def test_who_only_typed_an_employees_name_and_number_works_nowhere(forum):
    checks(forum, forum.nora, seen(Assurance.A3))
    assert lists(forum, NORA, OMAR) == {"verified": 1, "unproven": 1}
    assert counts(forum) == []
    checks(forum, forum.nora)
    forum.later(days=1)
    assert lists(forum, NORA, OMAR) == {"verified": 2}
    assert counts(forum) == [True]


def ana_says(forum, level):
    """Ana has one rule: for all of Hillview."""
    rule = Rule.picked(Scope(WhoKind.ORGANISATION, key(forum)), level)
    others = CLOSED if level is SEEN else SEEN
    forum.wants("ana", Choices(others, others, frozenset(), rules=frozenset([rule])))


def test_a_permit_for_a_clinic_counts_from_its_list_to_its_next_one(forum):
    ana_says(forum, SEEN)
    says_so(forum)
    assert not forum.permits("nora", "ana")
    lists(forum, NORA)
    assert forum.permits("nora", "ana")
    assert not forum.permits("omar", "ana")
    forum.later(hours=1)
    lists(forum, OMAR)
    assert not forum.permits("nora", "ana")
    assert forum.permits("omar", "ana")


def test_a_no_to_a_clinic_counts_by_ones_own_word_and_after_one_left(forum):
    ana_says(forum, CLOSED)
    assert forum.permits("nora", "ana")
    says_so(forum)
    assert not forum.permits("nora", "ana")
    lists(forum, NORA)
    leave_work(forum.session, forum.keyring, forum.nora, key(forum), forum.now)
    assert not forum.permits("nora", "ana")


@pytest.mark.slow
def test_no_table_names_a_clinic(forum):
    says_so(forum)
    lists(forum, NORA)
    organisation = forum.session.query(Organisation).one()
    assert name_of(forum.keyring, organisation) == HILLVIEW
    rows = [organisation, *forum.session.query(Affiliation), *forum.session.query(Fragment)]
    said = str([[getattr(row, column.key) for column in row.__table__.columns] for row in rows])
    assert "hillview" not in said.casefold()


@pytest.mark.slow
def test_what_is_only_said_verifies_nothing(forum):
    assert counts(forum) == []
    says_so(forum)
    assert counts(forum) == [False]


@pytest.mark.slow
def test_a_list_verifies_who_is_on_it_and_a_new_one_ends_who_is_not(forum):
    says_so(forum)
    assert lists(forum, NORA, OMAR) == {"verified": 2}
    assert (counts(forum), counts(forum, forum.omar)) == ([True], [True])
    forum.later(hours=1)
    assert lists(forum, OMAR) == {"verified": 1, "left": 1}
    assert (counts(forum), counts(forum, forum.omar)) == ([False], [True])


@pytest.mark.slow
def test_who_left_is_still_bound_by_refusals(forum):
    lists(forum, NORA)
    leave_work(forum.session, forum.keyring, forum.nora, key(forum), forum.now)
    assert counts(forum) == [False]
    assert workplaces(forum.session, forum.keyring, forum.nora, forum.now)[0].ended == forum.now


@pytest.mark.slow
def test_a_list_grows_old(forum):
    lists(forum, NORA, days=90)
    forum.later(days=90)
    assert counts(forum) == [False]


@pytest.mark.slow
def test_work_ends_with_its_last_day(forum):
    lists(forum, f"{PIN},Nora Quill,2026-05-10")
    forum.later(days=6)
    assert counts(forum) == [True]
    forum.later(days=1)
    assert counts(forum) == [False]


@pytest.mark.slow
def test_another_name_under_the_number_is_nobody_there(forum):
    lists(forum, NORA)
    forum.later(hours=1)
    assert lists(forum, f"{PIN},Nora Vale,") == {"unlike": 1, "left": 1}
    assert counts(forum) == [False]


@pytest.mark.slow
def test_an_older_list_changes_nothing(forum):
    lists(forum, NORA)
    with pytest.raises(BadFileError, match="newer list"):
        lists(forum, OMAR, as_of=forum.now - DAY)
    assert counts(forum) == [True]


@pytest.mark.slow
def test_whom_nobody_found_on_a_register_no_list_verifies(forum):
    assert lists(forum, "11A1111A,Somebody Else,") == {}


@pytest.mark.slow
def test_a_check_and_a_worse_status_leave_the_place_of_work_alone(forum):
    lists(forum, NORA)
    marks(forum, forum.nora, Status.LAPSED)
    assert counts(forum) == [True]
    checks(forum, forum.nora)
    assert counts(forum) == [True]


@pytest.mark.slow
def test_to_say_it_again_takes_no_verification_away(forum):
    lists(forum, NORA)
    says_so(forum)
    assert counts(forum) == [True]


@pytest.mark.slow
def test_whoever_comes_back_is_not_verified_by_their_own_word(forum):
    lists(forum, NORA)
    leave_work(forum.session, forum.keyring, forum.nora, key(forum), forum.now)
    says_so(forum)
    assert counts(forum) == [False]


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
@pytest.mark.slow
def test_a_place_needs_a_name(forum, name):
    with pytest.raises(BadInputError):
        declare_work(forum.session, forum.keyring, forum.nora, name, forum.now)


@pytest.mark.slow
def test_an_unknown_place_is_told_as_such(forum):
    with pytest.raises(UnknownOrganisationError):
        known(forum.session, forum.keyring, "Nowhere")
    with pytest.raises(UnknownOrganisationError):
        leave_work(forum.session, forum.keyring, forum.nora, key(forum), forum.now)


@pytest.mark.slow
def test_every_wrong_line_of_a_list_is_told():
    with pytest.raises(WrongFileError) as refused:
        read_list(
            b"register,number,name\ngb-xyz,1,A\ngb-nmc,1,A\ngb-nmc,12A3456B,\n",
            policies().registers.registers,
            Instant(1),
        )
    assert [one.line for one in refused.value.wrong] == [2, 3, 4]
