"""Letters of what is new: put together when asked for, and once more when sent, for a no may have come in between.

The forum has no mail server. A letter goes into a folder that stands for one, and is out of the forum's hands there: no
page of the forum shows it again, and nobody can take it back.
"""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from mailbox import Maildir
from typing import Final

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from governance.demo.forum import reading
from governance.demo.forum.frame import members_only, page_reading
from governance.demo.forum.house import House, house
from governance.demo.forum.models import Letter, LetterPost, Member, Post
from governance.demo.forum.people import check_form

WAIT: Final = timedelta(minutes=2)
"""Between the press and the sending: letters go out together."""
blueprint = Blueprint("letters", __name__)


@blueprint.get("/letters")
@members_only
def letters() -> ResponseReturnValue:
    """Offer a letter, and show when the last ones went out; never what was in them."""
    with page_reading() as page:
        return house().page("letters.html", letters=_of(page.member), wait=WAIT)


@blueprint.post("/letters")
@members_only
def ask() -> ResponseReturnValue:
    """Put a letter in the queue, with the newest posts that may turn up in one for this reader; one waits at a time."""
    check_form()
    now = _without_zone(datetime.now(UTC))
    with page_reading() as page:
        newest = [post.id for post in reading.newest(page.viewed, page.allowed)]
        posts = reading.in_a_letter(page.viewed, newest)
    if all(letter.sent is not None for letter in _of(page.member)):
        with house().plain_session() as writing, writing.begin():
            chosen = [LetterPost(post_id=post.id) for post in posts]
            writing.add(Letter(account=page.member.account, due=now + WAIT, posts=chosen))
    return redirect(url_for("letters.letters"), 303)


def send_due(here: House, now: datetime) -> int:
    """Send every letter whose time has come; return how many. `now` knows its zone; needs the app's context."""
    with here.plain_session() as writing:
        query = select(Letter).where(Letter.sent.is_(None), Letter.due <= _without_zone(now))
        due = writing.scalars(query.order_by(Letter.due)).all()
        for letter in due:
            wanted, letter.sent = [one.post_id for one in letter.posts], _without_zone(now)
            # Noted first: a letter that is lost is a smaller harm than one that comes twice.
            writing.commit()
            _send(here, writing.get_one(Member, letter.account), wanted)
    return len(due)


def _send(here: House, member: Member, wanted: list[str]) -> None:
    """Send what is left of the posts that were chosen; nothing if nothing is."""
    with here.seen_by(member) as viewed:
        posts = reading.in_a_letter(viewed, wanted)
        if posts:
            boxes = here.settings.directory / "mail"
            boxes.mkdir(mode=0o700, exist_ok=True)
            Maildir(boxes / member.account).add(_message(member, posts))


def _message(member: Member, posts: list[Post]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "news@even-keel.invalid", f"{member.account}@even-keel.invalid"
    message["Subject"] = "What is new at Even Keel"
    message.set_content(current_app.jinja_env.get_template("forum/letter.txt").render(member=member, posts=posts))
    return message


def _of(member: Member) -> list[Letter]:
    """Return the last letters of a member, the newest first."""
    with house().plain_session() as plain:
        query = select(Letter).where(Letter.account == member.account).order_by(Letter.due.desc()).limit(10)
        return list(plain.scalars(query))


def _without_zone(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)
