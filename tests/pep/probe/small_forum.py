"""A forum of one file that hides what it should, but for the one place that a test has it leak."""

import contextlib
import threading
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TEXT, TITLE, QUOTE, FILE, BAIT = "zqtextabcdef", "zqtitleabcdef", "zqquoteabcdef", "zqfileabcdef", "zqbaitabcdef"
LEAKS = (
    *("list", "topic", "quote", "feed", "search", "search count", "file name", "address", "known address", "count"),
    *("entity", "script", "redirect"),
)
ENTITY = "".join(f"&#{ord(letter)};" for letter in TEXT)
SCRIPT = "".join(f"\\u{ord(letter):04x}" for letter in TEXT)


@dataclass
class Forum:
    hidden: bool = False
    leaks: str = ""
    too_much: bool = False
    away: str | None = None
    """Whom it answers with nothing but faults, once Ana hid."""
    opened: list = field(default_factory=list)

    def shows(self, viewer, place):
        """Whether `place` shows what Ana wrote."""
        if self.too_much and self.hidden:
            return False
        return not self.hidden or viewer != "doctor" or self.leaks == place

    def page(self, viewer, path, asked):
        if self.hidden and viewer == self.away and path not in {"/", "/login"}:
            return 503, "<p>Not just now</p>"
        pages = {"/": self.front, "/t/1": self.topic, "/feed": self.feed, "/search": self.search, "/f/1": self.file}
        made = pages.get(path)
        return (200, made(viewer, asked)) if made else (404, "<p>There is no such page</p>")

    def front(self, viewer, _asked):
        title = f"<a href='/t/1'>{TITLE}</a>" if self.shows(viewer, "list") else ""
        way = f"<a href='/x?of={TEXT}'>more</a>" if self.hidden and self.leaks == "address" else ""
        count = "2 posts" if self.shows(viewer, "count") else "1 posts"
        search = "<form action='/search'><input name='q'><button>Find</button></form>"
        return f"<h1>Talk</h1>{title}{way}<p>{count}</p>{search}<a href='/feed'>Feed</a><a href='/logout'>Go</a>"

    def topic(self, viewer, _asked):
        known = "topic" if self.leaks != "known address" else "known address"
        text = f"<p>{TEXT} {BAIT}</p><a href='/f/1'>a file</a>" if self.shows(viewer, known) else ""
        quote = f"<blockquote>{QUOTE}</blockquote>" if self.shows(viewer, "quote") else ""
        odd = {"entity": f"<p title='{ENTITY}'>", "script": f"<script>let x = '{SCRIPT}'</script>"}
        return text + quote + (odd.get(self.leaks, "") if self.hidden and viewer == "doctor" else "")

    def feed(self, viewer, _asked):
        return f"<rss><item>{TEXT if self.shows(viewer, 'feed') else ''}</item></rss>"

    def search(self, viewer, asked):
        hit = asked == BAIT
        found = TEXT if hit and self.shows(viewer, "search") else ""
        counted = hit and (found or self.shows(viewer, "search count"))
        return f"<p>You looked for {asked}</p><p>{1 if counted else 0} found</p><p>{found}</p>"

    def file(self, viewer, _asked):
        return "<p>what is in the file</p>" if self.shows(viewer, "file name") else "<p>nothing</p>"

    def headers(self, viewer, path):
        if path == "/f/1" and self.shows(viewer, "file name"):
            return {"Content-Disposition": f"attachment; filename={FILE}.txt"}
        return {}


class Handler(BaseHTTPRequestHandler):
    """One request; `forum` is the server's."""

    def do_GET(self):
        forum, parts, viewer = self.server.forum, urlsplit(self.path), self.viewer()
        forum.opened.append(parts.path)
        if parts.path == "/login":
            page = "<form method='post' action='/login'><input type='hidden' name='token' value='t'><input name='name'>"
            return self.answer(200, page + "</form>", {})
        if parts.path == "/t/1" and forum.hidden and forum.leaks == "redirect" and viewer == "doctor":
            return self.answer(302, "", {"Location": f"/?from={TITLE}"})
        asked = parse_qs(parts.query).get("q", [""])[0]
        status, body = forum.page(viewer, parts.path, asked)
        return self.answer(status, body, forum.headers(viewer, parts.path))

    def do_POST(self):
        told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if told.get("token") != ["t"]:
            return self.answer(400, "no token", {})
        return self.answer(302, "", {"Location": "/", "Set-Cookie": f"viewer={told['name'][0]}"})

    def viewer(self):
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("viewer")
        return cookie.value if cookie else ""

    def answer(self, status, body, headers):
        self.send_response(status)
        raw = body.encode()
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Say nothing."""


@contextlib.contextmanager
def serving(forum):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.forum = forum
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
