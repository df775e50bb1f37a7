"""What people tell us through the form, with a picture, in words of their own."""

import io
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from PIL import Image, PngImagePlugin

from governance.db.extension import transaction
from governance.ui.clock import now
from tests.reporting.office import Office
from tests.reporting.telling import code_on, send, tells
from tests.ui.visits import Visitor


def somebody_tells(writers):
    """Somebody reports without signing in, with a picture that hides words, and writes once more by the code.

    In a thread of its own: inside the context of an app all requests would share what belongs to one.
    """
    with ThreadPoolExecutor(1) as apart:
        apart.submit(_tells, writers).result()


def _tells(writers):
    with writers.app.app_context(), transaction() as session:
        Office(SimpleNamespace(session=session, keyring=writers.keyring, now=now())).opens()
    hidden, file = PngImagePlugin.PngInfo(), io.BytesIO()
    hidden.add_text("Comment", writers.word("hidden in a picture").text)
    Image.new("RGB", (40, 30), "teal").save(file, "PNG", pnginfo=hidden)
    file.seek(0)
    visitor = Visitor(writers.app.test_client())
    said = {
        "what": {"what": writers.word("what of a report").text},
        "where": {"where": writers.word("where of a report").text},
        "who": {"who": writers.word("who of a report").text},
        "reach": {
            "reach": "told",
            "name": writers.word("name of a reporter").text,
            "contact": writers.word("contact of a reporter").text,
        },
    }
    send(tells(visitor, **said), "/tell-us", go="change:pictures")
    send(visitor, "/tell-us", go="on", picture=(file, "photo.png"))
    send(visitor, "/tell-us", go="on")
    code = code_on(visitor)
    writers.secrets.append(code)
    writers.secrets.append(code.replace("-", ""))
    send(visitor, "/tell-us", go="on", last=code[-4:])
    send(visitor.get("/answers"), "/answers", go="open", code=code)
    send(visitor, "/answers", go="write", text=writers.word("message of a reporter").text)
