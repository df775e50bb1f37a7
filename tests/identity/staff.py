"""Members of staff for tests of every room: `client_of(app, Role.VERIFIER)` is a signed-in browser of one."""

from governance.db.extension import transaction
from governance.identity.sessions import service as sessions
from governance.identity.staff import service as staff
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.identity.staff.service import NewStaff, NewStaffProvider
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity import hostile

STAFF_PROVIDER = "our-staff"


def add_staff(app, *roles, subject="vera", name="Vera Check", issuer="https://staff.example"):
    """Add somebody who works here and return their id; their provider too, at the first one."""
    with app.app_context(), transaction() as session:
        if StaffProvider.named(session, STAFF_PROVIDER) is None:
            provider = NewStaffProvider(
                name=STAFF_PROVIDER,
                issuer=issuer,
                oidc_client_id=hostile.CLIENT_ID,
                oidc_client_secret=hostile.CLIENT_SECRET,
            )
            staff.add_provider(session, house().keyring, provider, now=now())
            session.flush()
        wanted = NewStaff(provider=STAFF_PROVIDER, subject=subject, name=name, roles=frozenset(roles))
        return staff.add_staff(session, house().keyring, wanted, now=now()).id


def sign_in_staff(app, staff_id, *, auth_time=None):
    """Begin a session of a member of staff, as a sign-in does; return its cookie. Fresh unless told otherwise."""
    with app.app_context(), transaction() as session:
        member = session.get(StaffMember, staff_id)
        return sessions.start_staff(session, house().keyring, member, auth_time or now(), now=now())


def client_of(app, *roles, auth_time=None, **said):
    """Return the browser of a new member of staff with these roles, signed in."""
    client = app.test_client()
    client.set_cookie("governance", sign_in_staff(app, add_staff(app, *roles, **said), auth_time=auth_time))
    return client
