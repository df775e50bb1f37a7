"""The demo forum with the filter left out of one place, which `LEAK` names: the walk must notice.

Run in place of `governance.demo.forum.__main__`.
"""

import os

from flask import after_this_request

from governance.demo.forum import __main__, reading
from governance.demo.forum.models import FORUM
from governance.pep.answers import Answer
from governance.pep.sqlalchemy import ViewedSession

LEAKS = {
    "conversation": "thread: ",
    "thread_lines": "list: ",
    "search": "search: ",
    "newest": "feed: ",
    "news": "news: ",
    "unseen": "header: ",
}
"""What can leak, and how the steps begin that must see it."""


class AskingNobody:
    def evaluate_page(self, _viewer, _action, resources):
        return [Answer(permit=True)] * len(resources)


def leaking(honest):
    def leaks(session, *arguments):
        unfiltered = ViewedSession(session._engine, session.viewer, AskingNobody(), FORUM)

        @after_this_request
        def close(response):
            # Not before: the page goes on loading from it.
            unfiltered.close()
            return response

        return honest(unfiltered, *arguments)

    return leaks


def main():
    place = os.environ["LEAK"]
    setattr(reading, place, leaking(getattr(reading, place)))
    __main__.main()
