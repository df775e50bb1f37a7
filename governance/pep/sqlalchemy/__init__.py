"""A query-level filter for forums on SQLAlchemy: every SELECT for a viewer yields only what that viewer may see.

How to use it: say on the models which column is the author and what hangs on a post (`Content`, `Quotes`, `Titled`,
`HangsOn`, `Person`), build one `GovernedForum(Base, content=Post)`, and read each page in a fresh
`ViewedSession(engine, viewer, client, forum)` after naming the posts that the page may show:

    session.consider(select(Post.id).where(Post.thread_id == thread_id))

That is one question to the service. From then on posts, threads (by their opening post), quotes, counts, last-post
pointers and members' names of that session are the permitted ones only: `with_loader_criteria` reaches subqueries,
aliases, eager and lazy loads. What was not considered is not shown, so a forgotten page is empty instead of leaking.

The trade-off: deciding happens by post, since a choice may name a community, a thread or a time, and the ids are then
filtered in the database. A page costs one request. A count over a whole forum costs a decision for each counted post:
a large forum leaves such counts out, or evaluates locally. Counts and titles that the forum *stores* (`post_count`,
`last_post_title`) cannot be filtered by any query and must not be shown; count and join instead.
"""

from governance.pep.query.asking import Decides
from governance.pep.query.failures import UnfilteredQueryError
from governance.pep.sqlalchemy.declarations import Content, GovernedForum, HangsOn, Person, Quotes, Titled
from governance.pep.sqlalchemy.session import ViewedSession

__all__ = [
    "Content",
    "Decides",
    "GovernedForum",
    "HangsOn",
    "Person",
    "Quotes",
    "Titled",
    "UnfilteredQueryError",
    "ViewedSession",
]
