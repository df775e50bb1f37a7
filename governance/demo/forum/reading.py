"""What a page shows, asked of the forum's database through the kit: every SELECT is filtered by who is reading."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, null, select

from governance.decision.vocabulary import Action
from governance.demo.forum.models import Appointment, Community, Member, Notification, Post, Thread
from governance.pep.sqlalchemy import ViewedSession

_IN_A_FEED: Final = 30
_NEWS: Final = 50


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """One line of the list of communities, as far as the viewer may see into it."""

    community: Community
    threads: int
    posts: int
    last: Post | None


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One line of a list of threads."""

    thread: Thread
    opened_by: Member
    posts: int
    last: Post


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread, and which of its posts the viewer may answer."""

    thread: Thread
    posts: Sequence[Post]
    answerable: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Profile:
    """A member's page: the posts that the viewer may see, and the words about themselves if they may look them up."""

    member: Member
    may_look_up: bool
    posts: Sequence[Post]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found."""

    members: Sequence[Member]
    threads: Sequence[Thread]
    posts: Sequence[Post]

    @property
    def count(self) -> int:
        """How many things were found."""
        return len(self.members) + len(self.threads) + len(self.posts)


def communities_of(session: ViewedSession, member: Member) -> Sequence[Community]:
    """Return the communities a member may enter: the forum's own rule about age."""
    found = select(Community).order_by(Community.place)
    return session.scalars(found if member.adult else found.where(Community.ages != "adults")).all()


def community_lines(session: ViewedSession, communities: Sequence[Community]) -> list[CommunityLine]:
    """Return the front page's lines; the counts are of what the viewer may see."""
    _consider(session, _posts_in(communities))
    return [
        CommunityLine(
            community=community,
            threads=_count(session, select(Thread.id).where(Thread.community_id == community.id)),
            posts=_count(session, select(Post.id).where(Post.community_id == community.id)),
            last=session.scalars(_newest_first().where(Post.community_id == community.id).limit(1)).first(),
        )
        for community in communities
    ]


def thread_lines(session: ViewedSession, community: Community) -> list[ThreadLine]:
    """Return the threads of a community, the liveliest first."""
    _consider(session, _posts_in([community]))
    lines = [_thread_line(session, thread) for thread in session.scalars(_threads_in(community))]
    return sorted(lines, key=lambda line: line.last.created, reverse=True)


def conversation(session: ViewedSession, communities: Sequence[Community], thread_id: str) -> Conversation | None:
    """Return a thread with its posts, oldest first; None if there is none that the viewer may see."""
    _consider(session, _posts_in(communities).where(Post.thread_id == thread_id))
    thread = session.get(Thread, thread_id)
    if thread is None:
        return None
    posts = session.scalars(select(Post).where(Post.thread_id == thread_id).order_by(Post.created)).all()
    return Conversation(thread, posts, session.may(Action.REPLY, [post.id for post in posts]))


def profile(session: ViewedSession, communities: Sequence[Community], account: str) -> Profile | None:
    """Return a member's page; None if the viewer may see nothing of them."""
    _consider(session, _posts_in(communities).where(Post.author_account == account))
    may_look_up = account in session.consider_people(Action.LOOK_UP, [account])
    member = session.get(Member, account)
    if member is None or member.duty is not None:
        return None
    posts = session.scalars(_newest_first().where(Post.author_account == account)).all()
    return Profile(member, may_look_up, posts)


def search(session: ViewedSession, communities: Sequence[Community], words: str) -> Hits:
    """Return members, threads and posts that contain `words` and may be found by the viewer.

    Being read in a thread is one thing, turning up in a search another: every hit needs `find` on its author as well,
    in the community where it stands.
    """
    pattern = f"%{words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    named = Member.name.ilike(pattern, escape="!") & Member.duty.is_(None)
    titled = Thread.title.ilike(pattern, escape="!")
    said = Post.body.ilike(pattern, escape="!")
    hit = said | Post.id.in_(select(Thread.opening_id).where(titled))
    _consider(session, _posts_in(communities).where(hit))
    wrote = select(Post.author_account, Post.community_id).where(hit)
    findable = session.consider_people_in(Action.FIND, wrote.union(select(Member.account, null()).where(named)))
    members = session.scalars(select(Member).where(named).order_by(Member.name)).all()
    threads = session.execute(select(Thread, Post).join(Post, Post.id == Thread.opening_id).where(titled)).all()
    posts = session.scalars(_newest_first().where(said)).all()
    return Hits(
        members=[member for member in members if (member.account, None) in findable],
        threads=[thread for thread, opening in threads if (opening.author_account, thread.community_id) in findable],
        posts=[post for post in posts if (post.author_account, post.community_id) in findable],
    )


def post(session: ViewedSession, communities: Sequence[Community], post_id: str) -> Post | None:
    """Return one post; None if there is none that the viewer may see."""
    _consider(session, _posts_in(communities).where(Post.id == post_id))
    return session.get(Post, post_id)


def newest(session: ViewedSession, communities: Sequence[Community]) -> Sequence[Post]:
    """Return what a feed shows: of the newest posts those that the viewer may see, newest first."""
    session.consider(_posts_in(communities).order_by(Post.created.desc()).limit(_IN_A_FEED))
    return session.scalars(_newest_first().limit(_IN_A_FEED)).all()


def in_a_letter(session: ViewedSession, posts: Collection[str]) -> list[Post]:
    """Return those of some posts that may turn up in a letter to the viewer, newest first.

    Nobody went looking for them, so it needs `find` on each author as well, in the community where they wrote.
    """
    wanted = Post.id.in_(posts)
    session.consider(select(Post.id).where(wanted))
    findable = session.consider_people_in(Action.FIND, select(Post.author_account, Post.community_id).where(wanted))
    shown = session.scalars(_newest_first().where(wanted)).all()
    return [post for post in shown if (post.author_account, post.community_id) in findable]


def news(session: ViewedSession) -> Sequence[Notification]:
    """Return the viewer's notifications of posts that they may see, newest first."""
    session.consider(_told_of(session.viewer))
    told = select(Notification).join(Post, Post.id == Notification.post_id)
    told = told.where(Notification.account == session.viewer).order_by(Post.created.desc()).limit(_NEWS)
    return session.scalars(told).all()


def unseen(session: ViewedSession) -> int:
    """Return how many of these the viewer has not seen yet."""
    session.consider(_told_of(session.viewer))
    mine = Notification.account == session.viewer
    return _count(session, select(Notification.id).where(mine, Notification.seen.is_(False)))


def flagged(session: ViewedSession) -> list[Post]:
    """Return the posts that a moderator is to look at and may moderate, oldest first."""
    theirs = Post.flagged & Post.community_id.in_(_moderated_by(session.viewer))
    # A post may need a moderator although the one who opened the conversation is hidden from that moderator.
    session.consider(select(Post.id).where(theirs), alone=True)
    posts = session.scalars(select(Post).where(theirs).order_by(Post.created)).all()
    may = session.may(Action.MODERATE, [post.id for post in posts])
    return [post for post in posts if post.id in may]


def since(created: datetime, now: datetime) -> str:
    """Say how long ago a post was written, roughly; both in UTC, `created` without a zone."""
    minutes = int((now.replace(tzinfo=None) - created).total_seconds() // 60)
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        count = minutes // length
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def _consider(session: ViewedSession, posts: Select[str]) -> None:
    """Ask about the posts of a page and, in the same request, about the reader's news: every page counts them."""
    wanted = Post.id.in_(posts) | Post.id.in_(_told_of(session.viewer))
    session.consider(select(Post.id).where(wanted))


def _told_of(account: str) -> Select[str]:
    return select(Notification.post_id).where(Notification.account == account)


def _moderated_by(account: str) -> Select[str]:
    return select(Appointment.community_id).where(Appointment.account == account)


def _posts_in(communities: Sequence[Community]) -> Select[str]:
    return select(Post.id).where(Post.community_id.in_([community.id for community in communities]))


def _threads_in(community: Community) -> Select[Thread]:
    return select(Thread).where(Thread.community_id == community.id)


def _newest_first() -> Select[Post]:
    return select(Post).order_by(Post.created.desc())


def _thread_line(session: ViewedSession, thread: Thread) -> ThreadLine:
    posts = session.scalars(_newest_first().where(Post.thread_id == thread.id)).all()
    return ThreadLine(thread, opened_by=posts[-1].author, posts=len(posts), last=posts[0])


def _count(session: ViewedSession, ids: Select[str] | Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0
