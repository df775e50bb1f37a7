"""Every place of the forum that tells of Ana, and the words by which one sees that it does."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Surface:
    """Something on a page of the forum, and words of the post behind it if it is one.

    `finds`: it is there only for who may find Ana, in that community if one is named. `link` is followed from the page
    at `path`: a feed's address is somebody's own.
    """

    name: str
    path: str
    words: str
    post: str = ""
    link: str = ""
    finds: tuple[str | None, ...] = ()


_FEED: Final = "Follow all in a feed reader"

# Words that one post alone says.
NIGHTS: Final = "scared of the nights"
_THANKS: Final = "Thank you for saying it first"
_RUNNING: Final = "I have started running after work"
_LORRY: Final = "like a reversing lorry"
_TIRED: Final = "Tired of being asked"
_TIN: Final = "taped mine to the coffee tin"
_TIDY: Final = "I tidy my diary the evening before"
POST: Final = Surface("thread: Ana's post", "/t/night-lows", NIGHTS, NIGHTS)
QUOTE: Final = Surface("thread: Cal's quote of Ana", "/t/night-lows", _THANKS, _THANKS)
OTHERS: Final = Surface("thread: Ben's post", "/t/night-lows", _RUNNING, _RUNNING)
TITLE: Final = Surface("list: Ana's title", "/c/ask-together", "Do I tell my new boss", _LORRY)
FULL_COUNT: Final = Surface("list: 7 posts counted", "/c/ask-together", "Ben \u00b7 7 posts")
LESS_COUNTED: Final = Surface("list: 4 posts counted", "/c/ask-together", "Ben \u00b7 4 posts")
THREAD: Final = Surface("thread: Ana's own", "/t/new-boss", _LORRY, _LORRY)
PROFILE: Final = Surface("Ana's profile: her post", "/m/ana", NIGHTS, NIGHTS)
FRONT: Final = Surface("front page: last post is Ana's", "/", ", Ana,", "Did it last summer")
SEARCH: Final = Surface("search: Ana's post", "/search?q=nights", NIGHTS, finds=("ask-together",))
NAME: Final = Surface("search: Ana's name", "/search?q=ana", "Member: Ana", finds=(None,))
FEED: Final = Surface("feed: Ana's post", "/", NIGHTS, NIGHTS, _FEED)
FEED_QUOTE: Final = Surface("feed: Cal's quote of Ana", "/", _THANKS, _THANKS, _FEED)
FEED_TITLE: Final = Surface("feed: Ana's title", "/", "Do I tell my new boss", _LORRY, _FEED)
NEWS: Final = Surface("news: Ana wrote", "/news", "Ana wrote in", _TIN)
LAMENT: Final = Surface("thread: Ana's post that needs her yes", "/t/bad-week", _TIRED, _TIRED)
AMONG_US: Final = Surface("thread: Ana's post where no professional reads", "/t/waiting-room", _TIDY, _TIDY)
IN_QUEUE: Final = Surface("moderators' page: Ana's post", "/moderation", NIGHTS, NIGHTS)
OPEN_TO_ALL: Final = (FRONT, TITLE, FULL_COUNT, POST, QUOTE, THREAD, PROFILE, FEED, FEED_QUOTE, FEED_TITLE)
"""What is shown to professionals where they take part, until somebody says no."""
OF_ANA: Final = (*OPEN_TO_ALL, LAMENT)
EVERYTHING: Final = (*OF_ANA, NEWS, SEARCH, NAME, AMONG_US)


def news_counted(count: int) -> Surface:
    """Return the number in the header, with or without Ana's post among the news."""
    return Surface(f"header: {count} news counted", "/", f"News ({count} new)")


def found(count: int) -> Surface:
    """Return the number over what a search found."""
    return Surface(f"search: {count} found", "/search?q=nights", f"{count} found")
