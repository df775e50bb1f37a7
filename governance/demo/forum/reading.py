"""What a page shows, asked of the forum's database through the kit: every SELECT is filtered by who is reading."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from governance.decision.vocabulary import Action
from governance.demo.forum.models import Community, Member, Post, Thread
from governance.pep.sqlalchemy import ViewedSession


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


def communities_of(session: ViewedSession, member: Member) -> Sequence[Community]:
    """Return the communities a member may enter: the forum's own rule about age."""
    found = select(Community).order_by(Community.place)
    return session.scalars(found if member.adult else found.where(Community.ages != "adults")).all()


def community_lines(session: ViewedSession, communities: Sequence[Community]) -> list[CommunityLine]:
    """Return the front page's lines; the counts are of what the viewer may see."""
    session.consider(_posts_in(communities))
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
    session.consider(_posts_in([community]))
    lines = [_thread_line(session, thread) for thread in session.scalars(_threads_in(community))]
    return sorted(lines, key=lambda line: line.last.created, reverse=True)


def conversation(session: ViewedSession, communities: Sequence[Community], thread_id: str) -> Conversation | None:
    """Return a thread with its posts, oldest first; None if there is none that the viewer may see."""
    session.consider(_posts_in(communities).where(Post.thread_id == thread_id))
    thread = session.get(Thread, thread_id)
    if thread is None:
        return None
    posts = session.scalars(select(Post).where(Post.thread_id == thread_id).order_by(Post.created)).all()
    return Conversation(thread, posts, session.may(Action.REPLY, [post.id for post in posts]))


def profile(session: ViewedSession, communities: Sequence[Community], account: str) -> Profile | None:
    """Return a member's page; None if the viewer may see nothing of them."""
    session.consider(_posts_in(communities).where(Post.author_account == account))
    may_look_up = account in session.consider_people(Action.LOOK_UP, [account])
    member = session.get(Member, account)
    if member is None:
        return None
    posts = session.scalars(_newest_first().where(Post.author_account == account)).all()
    return Profile(member, may_look_up, posts)


def search(session: ViewedSession, communities: Sequence[Community], words: str) -> Hits:
    """Return members, threads and posts that contain `words` and may be found by the viewer.

    Being read in a thread is one thing, turning up in a search another: every hit needs `find` on its author as well.
    """
    pattern = f"%{words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    named = Member.name.ilike(pattern, escape="!")
    titled = select(Thread.opening_id).where(Thread.title.ilike(pattern, escape="!"))
    said = Post.body.ilike(pattern, escape="!")
    session.consider(_posts_in(communities).where(said | Post.id.in_(titled)))
    wrote = select(Post.author_account).where(said | Post.id.in_(titled))
    findable = session.consider_people(Action.FIND, select(Member.account).where(named | Member.account.in_(wrote)))
    by_findable = Post.author_account.in_(findable)
    return Hits(
        members=session.scalars(select(Member).where(named, Member.account.in_(findable)).order_by(Member.name)).all(),
        threads=session.scalars(
            select(Thread).join(Post, Post.id == Thread.opening_id).where(Post.id.in_(titled), by_findable)
        ).all(),
        posts=session.scalars(_newest_first().where(said, by_findable)).all(),
    )


def since(created: datetime, now: datetime) -> str:
    """Say how long ago a post was written, roughly; both in UTC, `created` without a zone."""
    minutes = int((now.replace(tzinfo=None) - created).total_seconds() // 60)
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        count = minutes // length
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def _posts_in(communities: Sequence[Community]) -> Select[str]:
    return select(Post.id).where(Post.community_id.in_([community.id for community in communities]))


def _threads_in(community: Community) -> Select[Thread]:
    return select(Thread).where(Thread.community_id == community.id)


def _newest_first() -> Select[Post]:
    return select(Post).order_by(Post.created.desc())


def _thread_line(session: ViewedSession, thread: Thread) -> ThreadLine:
    posts = session.scalars(_newest_first().where(Post.thread_id == thread.id)).all()
    return ThreadLine(thread, opened_by=posts[-1].author, posts=len(posts), last=posts[0])


def _count(session: ViewedSession, ids: Select[str]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0
