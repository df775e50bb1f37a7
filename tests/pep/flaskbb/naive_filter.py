"""A plugin for FlaskBB as one writes it in an afternoon: it takes refused posts out of the page of a topic.

Everything that reads posts another way leaks: lists, searches, quotes, profiles, raw posts, files.
"""

from flask import before_render_template
from flask_login import current_user
from pluggy import HookimplMarker

from governance.decision.vocabulary import Action
from governance.pep import Client, Resource, Words

impl = HookimplMarker("flaskbb")


@impl
def flaskbb_additional_setup(app):
    said = [app.config[f"HCP_GOVERNANCE_{name}"] for name in ("URL", "CLIENT_ID", "CLIENT_SECRET")]
    client = Client(*said, 10.0)

    def take_out(_app, context, **_more):
        if current_user.is_authenticated and "posts" in context and "topic" in context:
            rows = context["posts"].items
            asked = [_resource(post) for post, _ in rows]
            answers = client.evaluate_page(str(current_user.id), Action.VIEW, asked)
            context["posts"].items = [row for row, answer in zip(rows, answers, strict=True) if answer]

    # Kept: the signal holds its receivers weakly.
    app.extensions["naive_filter"] = take_out
    before_render_template.connect(take_out, app)


def _resource(post):
    words = Words(
        str(post.user_id), str(post.topic.forum_id), str(post.topic_id), str(post.id), post.date_created, None
    )
    return Resource("post", str(post.id), (words,))
