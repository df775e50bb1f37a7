"""A middleware for forums on any WSGI framework: what can be made sure of without knowing the forum.

    application = GovernedPages(application, Sidecar("/run/hcp-governance/sidecar.sock", token), viewer_of)

`viewer_of` takes the environ and returns the account id of who is signed in, or None. The forum goes on filtering its
pages: the middleware hands it a `Viewer` in `environ["hcp_governance.viewer"]`, which answers for a page as
`governance.pep.Client` does, so that it fits `ViewedSession` and `ViewedPage` too. And it makes sure that

- nobody is shown a page while it is not known whether they are governed; who was last known not to be goes on reading;
- a governed viewer gets no page about which the sidecar was not asked: a page that somebody forgot is refused, not
  leaked. A page that shows no member's words says so by `viewer.shows_nobodys_words()`, or its address is `exempt`.
  Of an error or a way elsewhere about which nobody asked, the status goes out, and no word of the forum's;
- no shared cache keeps a page of somebody signed in (`private`). A governed viewer's browser keeps none either
  (`no-store`): going back shows nothing that was closed since. Everybody else's asks before it shows one again
  (`no-cache`), and a 304 of the forum's saves them the page: so a forum whose members can be kept from each other puts
  what it left out into its `ETag`.

That the sidecar was asked is no proof that the answer was obeyed: `governance probe` finds out. Modes are asked for at
every request: `observe` refuses nothing and counts what it would have (`counts`), `off` is as without the middleware.
Both leave alone what the forum filters by the sidecar's answers. A mode that is none of these enforces.
"""

from governance.pep.wsgi.middleware import VIEWER, GovernedPages, Mode
from governance.pep.wsgi.viewer import Sidecar, Viewer

__all__ = ["VIEWER", "GovernedPages", "Mode", "Sidecar", "Viewer"]
