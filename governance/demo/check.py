"""The walk of `governance demo --check`: a patient says no through the forum, and every page of a doctor follows."""

import requests

from governance.decision.vocabulary import Action
from governance.demo.browser import Browser, LostError
from governance.demo.household import Household
from governance.demo.joining import pia_registers, vera_checks
from governance.demo.protecting import olu_protects
from governance.demo.report import Report, Step
from governance.demo.surfaces import (
    AMONG_US,
    EVERYTHING,
    FEED,
    IN_QUEUE,
    LAMENT,
    LESS_COUNTED,
    NAME,
    NEWS,
    NIGHTS,
    OF_ANA,
    OPEN_TO_ALL,
    OTHERS,
    POST,
    PROFILE,
    SEARCH,
    THREAD,
    found,
    news_counted,
)
from governance.demo.walker import ABSENT, SHOWN, Walker


def walk(household: Household, report: Report) -> None:
    """Take every step, in order; a step that finds no way on is reported and ends the walk."""
    walker = Walker(household, report)
    of_ana = (before, ana_chooses, after, ana_hides, hidden, mo_moderates)
    for chapter in (*of_ana, pia_registers, vera_checks, ana_opens, olu_protects):
        try:
            chapter(walker)
        except (LostError, requests.RequestException) as error:
            report.add(Step("the walk", chapter.__name__.replace("_", " "), "a way on", str(error)))
            return


def before(walker: Walker) -> None:
    """See what everybody sees before Ana has chosen anything."""
    for professional, news in (("dan", 3), ("nia", 2)):
        walker.see(professional, SHOWN, *OPEN_TO_ALL, NEWS, news_counted(news))
        # Where professionals see only what was permitted, nobody has permitted anything yet.
        walker.see(professional, ABSENT, LAMENT, SEARCH, NAME, AMONG_US)
    walker.see("cal", SHOWN, *EVERYTHING)


def ana_chooses(walker: Walker) -> None:
    """Follow the forum's link, sign in through the forum, be told, choose, check and confirm."""
    ana = walker.people["ana"]
    ana.open(walker.forum_url)
    walker.reach(
        "ana", "follows the forum's link", lambda: ana.follow("Your choices about health professionals"), "/start/"
    )
    ana.follow("Sign in through your forum")
    walker.reach("ana", "is asked by her forum first", lambda: ana.page, f"{walker.forum_url}/oauth/authorize")
    walker.press("ana", "signs in through the forum", "Go on as Ana", to=walker.service_url)
    walker.reach("ana", "reads the must-knows", lambda: ana.page, "/disclosure/must-knows")
    walker.note("ana", "counts the must-knows", "6 of 6", "6 of 6" if "6 of 6" in ana.page.text else "fewer")
    questions = _answer_questions(ana)
    walker.note("ana", "checks what she understood", "all right", "all right" if questions else "none asked")
    walker.press("ana", "says that she was told", ana.page.forms[0].controls[-1].label, to="/choices/")
    walker.press("ana", "care team: answered", "Go on", {"level": "answered"}, "/choices/others")
    walker.press("ana", "all others: closed", "Go on", {"level": "closed"}, "/choices/team")
    walker.press("ana", "names her nurse", "Go on", {"members": "Nia Okafor"}, "/choices/check")
    walker.note("ana", "finds Nia among her answers", SHOWN, SHOWN if "Nia Okafor" in ana.page.text else ABSENT)
    walker.press("ana", "confirms", "Save my choices", to="/my/choices/saved")


def after(walker: Walker) -> None:
    """See that the doctor sees nothing of her any more, her nurse and her peers do."""
    walker.see("dan", ABSENT, *EVERYTHING, news_counted(3))
    walker.see("dan", SHOWN, OTHERS, LESS_COUNTED, news_counted(2))
    walker.see("nia", SHOWN, *OF_ANA, NEWS, SEARCH, news_counted(2), found(1))
    # Nobody told her age: a professional finds her where all are adults, and nowhere else.
    walker.see("nia", ABSENT, AMONG_US, NAME)
    walker.see("cal", SHOWN, *EVERYTHING)


def ana_hides(walker: Walker) -> None:
    """Press *Hide me*."""
    walker.people["ana"].open(f"{walker.service_url}/my/choices")
    walker.press("ana", "presses Hide me", "Hide me", to="/my/choices")


def hidden(walker: Walker) -> None:
    """See that no professional sees anything of her, while her peers and she herself still do."""
    for professional, news in (("nia", 2), ("dan", 3)):
        walker.see(professional, ABSENT, *EVERYTHING, news_counted(news), found(1))
        walker.see(professional, SHOWN, OTHERS, LESS_COUNTED, news_counted(news - 1))
    walker.see("cal", SHOWN, *EVERYTHING)
    walker.see("ana", SHOWN, *OF_ANA, SEARCH)


def mo_moderates(walker: Walker) -> None:
    """Tell the moderator, a pharmacist, of a post: he may look at it, and at nothing else of hers."""
    walker.see("mo", ABSENT, POST, THREAD, PROFILE, SEARCH, IN_QUEUE)
    cal, mo = walker.people["cal"], walker.people["mo"]
    cal.open(f"{walker.forum_url}/t/night-lows")
    at = f"/p/{walker.post_id(NIGHTS)}/flag"
    walker.reach(
        "cal", "tells the moderators of Ana's post", lambda: cal.press("Tell the moderators", at=at), "/t/night-lows"
    )
    told = cal.page.text.partition("The moderators will look at it")[2]
    walker.note("cal", "reads whom to call", SHOWN, SHOWN if "Call 112" in told.partition("Ben")[0] else ABSENT)
    walker.see("mo", SHOWN, IN_QUEUE)
    walker.see("mo", SHOWN, IN_QUEUE, action=Action.MODERATE)
    walker.see("mo", ABSENT, THREAD, SEARCH)
    for professional in ("dan", "nia"):
        walker.see(professional, ABSENT, IN_QUEUE, POST)
    mo.open(f"{walker.forum_url}/moderation")
    walker.press("mo", "leaves the post as it is", "Leave it", to="/moderation")
    walker.see("mo", ABSENT, IN_QUEUE, POST)


def ana_opens(walker: Walker) -> None:
    """Take the hiding back: it asks who she is, waits a day, and opens nothing yet."""
    ana = walker.people["ana"]
    ana.open(f"{walker.service_url}/my/choices")
    walker.reach("ana", "wants to be seen again", lambda: ana.follow("Stop hiding me"), "/show-again")
    walker.press("ana", "is asked who she is", "Stop hiding me", {"age": "reached"}, "/prove")
    ana.follow("Sign in at")
    walker.press("ana", "signs in once more", "Ana", to="/show-again")
    walker.press("ana", "presses again, and it waits", "Stop hiding me", to="/waiting")
    walker.see("nia", ABSENT, POST, SEARCH, FEED)


def _answer_questions(ana: Browser) -> int:
    """Answer every question of the short check until it is right, as somebody does who reads; return how many."""
    asked = 0
    ana.follow("Go on")
    while "/understanding/" in ana.page.url:
        asked += 1
        question = ana.page.url
        for choice in [offered.value for offered in ana.page.form_with("See if that is right").offered("answer")]:
            ana.open(question)
            ana.press("See if that is right", {"answer": choice})
            if not any("Try again" in words for words, _ in ana.page.links):
                break
        ana.follow("Go on")
    return asked
