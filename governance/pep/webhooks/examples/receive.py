"""A receiver of hints in Flask. KEYS: what `POST /v1/webhooks` showed as `public_keys`, separated by spaces."""

import os

from flask import Flask, request

from governance.pep.webhooks import Receiver, WebhookRefusedError

app = Flask(__name__)
receiver = Receiver(os.environ["KEYS"].split())


@app.post("/hints")
def hints() -> tuple[str, int]:
    """Answer first and work then: whoever answers late is sent the hint again."""
    try:
        # The bytes as they came: JSON that was read and written again has another signature.
        hint = receiver.check(dict(request.headers), request.get_data())
    except WebhookRefusedError as refused:
        return refused.code, 400
    if receiver.is_new(hint):
        fetch_changes_soon()
    return "", 204


def fetch_changes_soon() -> None:
    """Have your follower of `GET /v1/changes` look now, instead of at its next turn. A hint says no more than that."""
