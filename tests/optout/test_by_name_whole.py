"""People by name and extras at random: all that was chosen is in force, and steps lead from any pick to any other."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.decision.levels import EXTRAS
from governance.decision.vocabulary import FOREVER, AccountKey, Level
from governance.effective.documents import encode
from governance.optout.choices import DirectiveBody, Entry, Named
from governance.optout.loosening import body_of, fragment_of
from governance.optout.steps import steps_between, taken
from tests.forum import CLOSED

levels = st.sampled_from(list(Level))
some_extras = st.frozensets(st.sampled_from(sorted(EXTRAS)))
people = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(levels, st.booleans()))
bodies = st.builds(
    lambda team, others, extras, people: DirectiveBody(
        team,
        others,
        entries=(Entry(AccountKey("a"), 1, FOREVER),),
        care_team_extras=extras[0],
        others_extras=extras[1],
        named=tuple(
            sorted(Named(AccountKey(who), level, half and level is not CLOSED) for who, (level, half) in people.items())
        ),
    ),
    levels,
    levels,
    st.tuples(some_extras, some_extras),
    people,
)


@given(body=bodies)
def test_what_is_in_force_says_all_that_was_chosen(body):
    assert body_of(msgspec.json.decode(encode(fragment_of(body)))) == body
    assert msgspec.json.decode(encode(body), type=DirectiveBody) == body


@settings(max_examples=300)
@given(before=bodies, after=bodies)
def test_the_steps_from_one_pick_to_another_lead_there(before, after):
    assert taken(before.choices, steps_between(before.choices, after.choices)) == after.choices
