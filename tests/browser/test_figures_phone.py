"""The published figures and the monthly look at overrides on a small phone, in both languages: no fault."""

import pytest

from governance.identity.permissions import Role
from tests.browser.test_professional_phone import faults
from tests.browser.test_vaults_phone import staff
from tests.identity.staff import add_staff
from tests.reporting.numbers.test_published import LAST_YEAR, at, case, files, overridden, publishes

pytestmark = pytest.mark.browser


def a_year(app):
    """A year with large and small numbers."""
    numbers = {"boundary": 42, "privacy": 17, "unsafe_advice": 23}
    many = [case(at(LAST_YEAR), kind=kind) for kind, number in numbers.items() for _ in range(number)]
    late = [case(at(LAST_YEAR), severity="S3", outcome="not_upheld", appealed=True) for _ in range(12)]
    files(app, *many, *late, case(at(LAST_YEAR), kind="impersonation"))
    publishes(app)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_figures_have_no_fault(phones, forum, language):
    anybody = phones(language=language)
    anybody.open("/transparency")
    anybody.shoot(f"figures-none-{language}")
    found = {"none": faults(anybody)}
    a_year(forum)
    anybody.open("/transparency")
    anybody.shoot(f"figures-{language}")
    found["a year"] = faults(anybody)
    assert anybody.page.locator("svg.chart").count() > 0
    due = at(LAST_YEAR, 12, 5)
    by = add_staff(forum, Role.OFFICER, subject="oda", name="Oda")
    overridden(forum, by, due, reviewed=due, reviewed_by=by, result="wrong")
    olu = staff(phones, forum, "olu", Role.OFFICER, language)
    for name, path in (("desk", "/desk/numbers"), ("month", f"/desk/overrides/{LAST_YEAR}-12")):
        olu.open(path)
        olu.shoot(f"figures-{name}-{language}")
        found[name] = faults(olu)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
