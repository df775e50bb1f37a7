"""Chapters of the walk: a professional registers and accepts the rules, a verifier checks her, then she may read."""

from typing import Final

from governance.demo.surfaces import OTHERS, POST
from governance.demo.walker import ABSENT, SHOWN, Walker

_NAME: Final = "Pia Lund"
_NUMBER: Final = "DT012345"
_REGISTER: Final = "gb-hcpc"


def pia_registers(walker: Walker) -> None:
    """Be declared by the forum and shown nothing; register, prove who one is, accept the rules; be shown nothing."""
    pia = walker.people["pia"]
    walker.see("pia", ABSENT, OTHERS)
    pia.open(f"{walker.service_url}/start/even-keel")
    pia.follow("Sign in through your forum")
    walker.press("pia", "signs in through the forum", "Go on as Pia", to=walker.service_url)
    walker.reach("pia", "reads what registering changes", lambda: pia.open("/professional"), "/professional")
    pia.follow("Start to register")
    for what, answer, to in (
        ("names her register", _REGISTER, "/profession"),
        ("names her profession", "dietitian", "/number"),
        ("types her number", _NUMBER, "/name"),
        ("types her name", _NAME, "/prove"),
    ):
        walker.press("pia", what, "Go on", {"answer": answer}, to)
    pia.follow("Sign in at")
    walker.press("pia", "proves who she is at the forum", "Pia", to="/register/check")
    walker.press("pia", "registers", "Register me as a health professional", to="/professional")
    pia.follow("Read and accept the rules")
    pia.follow("Start")
    accepted = 0
    while "/declaration" not in pia.page.url:
        pia.press("I accept this rule")
        accepted += 1
    walker.note("pia", "accepts rules one by one", "some", "some" if accepted > 1 else "none")
    walker.press("pia", "gives her word", "I accept all the rules", to="/professional")
    walker.see("pia", ABSENT, OTHERS, POST)


def vera_checks(walker: Walker) -> None:
    """Sign in as staff, look at the registration, mark it A4; the very next page of the dietitian follows."""
    vera, dan = walker.people["vera"], walker.people["dan"]
    desk = f"{walker.service_url}/desk/registrations"
    walker.reach("vera", "is at the service with one press", lambda: vera.page, f"{walker.service_url}/staff")
    walker.reach("vera", "reads nothing in the forum", lambda: vera.open(walker.forum_url), "/people")
    walker.reach("dan", "gets no further than the door of the desk", lambda: dan.open(desk), "/staff/sign-in")
    walker.reach("vera", "opens her desk", lambda: vera.open(desk), "/desk/registrations")
    walker.reach("vera", "opens Pia's registration", lambda: vera.follow(_NAME), "/desk/registrations/")
    seen = {
        "name": _NAME,
        "number": _NUMBER,
        "status": "good",
        "assurance": "4",
        "proof": "She showed her card in a call.",
        "evidence": "Public register, read today.",
        "reason": "Found, and hers.",
    }
    walker.press("vera", "types what the register shows", "See it once more", seen, "/confirm")
    walker.press("vera", "marks it A4", "Yes, mark it", to="/desk/registrations")
    walker.see("pia", SHOWN, OTHERS)
    # A mark opens what professionals may; it opens no patient who said no.
    walker.see("pia", ABSENT, POST)
