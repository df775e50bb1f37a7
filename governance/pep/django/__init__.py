"""A query-level filter for forums on Django: every SELECT for a viewer yields only what that viewer may see.

How to use it: say on the models whose words they hold (`__governed__ = Content(...)`, `Quotes`, `Titled`, `HangsOn`,
`Person`; names are fields), build one `GovernedForum(content=Post)` when all apps are loaded, and read each page within
a fresh `ViewedPage`, after naming the posts that the page may show:

    with ViewedPage(viewer, client, forum) as page:
        page.consider(Post.objects.filter(thread=thread))
        return render(request, "thread.html", {"thread": thread})

`governed_requests` makes such a page of every request of a signed-in member, templates and streamed parts included; a
view finds it as `request.governed`.

That is one question to the service. From then on every governed table stands for its permitted rows alone, in rows,
joins, subqueries, counts, prefetches and raw SQL: each SELECT is led by expressions (`WITH ...`) of the tables' own
names. What was not considered is not shown, so a forgotten page is empty instead of leaking. What this cannot reach is
not run (`UnfilteredQueryError`). Nothing governed is written within a page: what a forum stores for everybody would be
counted through one viewer's eyes. Write, and lock rows, within `past_the_filter()`.

Beyond its reach: a queryset that is made within a page and read after it, threads of one's own, the driver's own
connection, stored procedures, database views, and numbers that the forum *stores*. The trade-off between pages and
counts is that of `governance.pep.sqlalchemy`.
"""

from governance.pep.django.declarations import GovernedForum
from governance.pep.django.page import ViewedPage, past_the_filter
from governance.pep.django.requests import governed_requests
from governance.pep.query.asking import Decides
from governance.pep.query.declarations import Content, HangsOn, Person, Quotes, Titled
from governance.pep.query.failures import UnfilteredQueryError

__all__ = [
    "Content",
    "Decides",
    "GovernedForum",
    "HangsOn",
    "Person",
    "Quotes",
    "Titled",
    "UnfilteredQueryError",
    "ViewedPage",
    "governed_requests",
    "past_the_filter",
]
