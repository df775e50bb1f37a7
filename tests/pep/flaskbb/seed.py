"""Fills a fresh FlaskBB with a small talk and enables plugins.

Run by FlaskBB's own Python: `seed.py CONFIG MARKERS PLUGIN...`, markers as JSON.
"""

import datetime as dt
import json
import sys
from pathlib import Path

from flask import url_for
from flaskbb import create_app
from flaskbb.cli.plugins import apply_plugin_migrations
from flaskbb.extensions import db
from flaskbb.forum.models import Attachment, Category, Forum, Post, Report, Topic
from flaskbb.plugins.models import PluginRegistry
from flaskbb.utils.helpers import format_quote
from flaskbb.utils.populate import create_user
from flaskbb.utils.uploads import get_attachment_upload_path

PASSWORD = "a password for tests"
MEMBERS = ("ana", "ben", "cal", "dan", "nia")


def people():
    found = {name: create_user(name, PASSWORD, f"{name}@example.org", "member") for name in MEMBERS}
    found["mo"] = create_user("mo", PASSWORD, "mo@example.org", "mod")
    return found


def talk(who, mark):
    room = Category(title="Talk", position=1).save()
    open_room = Forum(title="Open room", category_id=room.id, position=1).save()
    quiet_room = Forum(title="Quiet room", category_id=room.id, position=2).save()
    first = Topic(title=mark["title"] + " is what I ask")
    asked = Post(content=f"{mark['text_bait']} {mark['text']} and more")
    first.save(user=who["ana"], forum=open_room, post=asked)
    Post(content="Ben answers benwords").save(user=who["ben"], topic=first)
    second = Topic(title="What Ben asks")
    began = Post(content="How do you all do? benasks")
    second.save(user=who["ben"], forum=open_room, post=began)
    reply = Post(content=f"{mark['reply_bait']} {mark['reply']} I do well")
    reply.save(user=who["ana"], topic=second)
    quoted = format_quote("ana", mark["quote"] + " I do well", url_for("forum.view_post", post_id=reply.id))
    quoting = Post(content=f"{quoted}calquotes {mark['quote_bait']}").save(user=who["cal"], topic=second)
    nested = format_quote("cal", quoting.content, url_for("forum.view_post", post_id=quoting.id))
    Post(content=f"{nested}bennests").save(user=who["ben"], topic=second)
    edited = Post(content="first version")
    edited.save(user=who["ana"], topic=second)
    edited.content, edited.modified_by = mark["edited"], "ana"
    edited.date_modified = dt.datetime.now(dt.UTC)
    edited.save()
    third = Topic(title=mark["quiet_title"])
    third.save(user=who["ana"], forum=quiet_room, post=Post(content=mark["quiet"]))
    return first, second, asked, reply


def hang_on(who, mark, asked):
    attachment = Attachment(asked.id, "f" * 32, mark["attachment"] + ".txt", "text/plain", 8, user_id=who["ana"].id)
    folder = Path(get_attachment_upload_path()) / str(asked.id)
    folder.mkdir(parents=True)
    (folder / ("f" * 32)).write_text(mark["attached"])
    db.session.add(attachment)
    Report(reason="please look").save(post=asked, user=who["ben"])


def enable(names):
    """As `flaskbb plugins enable` does, several in one process."""
    for name in names:
        apply_plugin_migrations(name)
        plugin = PluginRegistry.get(PluginRegistry.name == name)
        plugin.enabled = True
        plugin.save()


def main():
    config, mark, plugins = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
    app = create_app(config)
    with app.app_context(), app.test_request_context():
        who = people()
        first, second, asked, _ = talk(who, mark)
        hang_on(who, mark, asked)
        who["ana"].notes, who["ana"].signature = mark["notes"], mark["signature"]
        for name in ("dan", "cal"):
            for topic in (first, second):
                who[name].track_topic(topic)
            who[name].save()
        forum = db.session.get(Forum, 2)
        forum.moderators.append(who["mo"])
        db.session.commit()
        enable(plugins)
        sys.stdout.write(json.dumps({name: str(user.id) for name, user in who.items()}))


if __name__ == "__main__":
    main()
