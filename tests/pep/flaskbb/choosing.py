"""A patient at the forum on the way to their choices."""

from governance.demo.browser import Browser, Page
from governance.demo.check import _answer_questions
from tests.pep.flaskbb.board import PLUGIN, Member


class Choosing:
    """A patient's way to their choices, page by page, as a person presses it."""

    def __init__(self, board, name):
        """Go by the forum's button where its plugin has one."""
        self.browser = Browser()
        self.browser._session = Member(board, name).http
        if board.plugin == PLUGIN:
            self.browser.page = Page(0, board.forum_url + "/", "", [], [])
            self.browser.open("/governance/choices")
            self.browser.press("Go to my choices")
        else:
            self.browser.open(board.link(board.accounts[name]))
        self.press_last()

    def press_last(self):
        self.browser.press(self.browser.page.forms[0].controls[-1].label)

    def choose(self, level):
        """Read what one must know, and permit both groups the same."""
        _answer_questions(self.browser)
        self.press_last()
        self.browser.press("Go on", {"level": level})
        self.browser.press("Go on", {"level": level})
        self.browser.press("Go on")
        self.browser.press("Save my choices")
        assert self.browser.page.url.endswith("/my/choices/saved"), self.browser.page.text

    def hide(self):
        self.browser.open("/my/choices")
        self.browser.press("Hide me")
        assert "You are hidden from now on" in self.browser.page.text
