"""Editions of the real disclosure, as a publisher makes them: the folder copied, edited, pinned."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from governance.disclosure.rollout import carry_on, publish_disclosure
from governance.policy.loader import load_policies
from governance.policy.pins import pin
from tests.policy.copies import copy_of_records, rewrite

RECORD = "disclosure/disclosure.toml"
ENGLISH = "disclosure/disclosure.en.md"
WELSH = "disclosure/disclosure.cy.md"
NEW = "Researchers may ask to use posts."


class Editions:
    """One publisher's folder."""

    def __init__(self, target):
        self.folder = copy_of_records(target)
        self.version, self._changed = "1.0.0", ""

    def write(self, old, new, file=RECORD):
        rewrite(self.folder, file, old, new)

    def raises(self, version, change, parts=(), *, weakens=False):
        """Number the next version, and name what it changed."""
        lines = (self.folder / RECORD).read_text().splitlines()
        self.write(f'version = "{self.version}"', f'version = "{version}"')
        self.write(next(line for line in lines if line.startswith("change = ")), f'change = "{change}"')
        if self._changed:
            self.write(self._changed, "")
        names = ", ".join(f'"{part}"' for part in parts)
        self._changed = f"[changed]\nparts = [{names}]\nweakens = {str(weakens).lower()}\n\n" if parts else ""
        self.write("[pages]", f"{self._changed}[pages]")
        self.version = version

    def says(self, words, file=ENGLISH):
        """Add words to what is said of research (R14), in one text."""
        self.write("## risk.r14.risk\n", f"## risk.r14.risk\n{words} ", file)

    def speaks_welsh(self):
        """Add a translation of the standard text: here the English words, marked."""
        text = (self.folder / ENGLISH).read_text().replace("## intro.title\n", "## intro.title\nCymraeg. ")
        (self.folder / WELSH).write_text(text)
        entry = '[texts.cy]\nfile = "disclosure.cy.md"\nstatus = "approved"\n\n'
        self.write("[texts.en_child]", f"{entry}[texts.en_child]")
        self.write("[reading]\n", '[reading]\ncy = { formula = "none", ease_min = 0 }\n')

    def welsh_is(self, status):
        head, mark, rest = (self.folder / RECORD).read_text().partition("[texts.cy]")
        before = rest.split('status = "')[1].split('"')[0]
        rest = rest.replace(f'status = "{before}"', f'status = "{status}"', 1)
        (self.folder / RECORD).write_text(head + mark + rest)

    def record(self):
        pin(self.folder / RECORD)
        return load_policies(self.folder).records["disclosure"]


@cache
def editions():
    """Every edition that tests need, by name; made once, they are only data."""
    with TemporaryDirectory() as folder:
        return _weakened(Path(folder) / "a") | _gentle(Path(folder) / "b") | _about_everything(Path(folder) / "c")


def _weakened(folder):
    """Version 2 is about research and weakens protection; its Welsh comes late. A typo follows, then better words."""
    edition, made = Editions(folder), {}
    edition.speaks_welsh()
    made["first"] = edition.record()
    edition.raises("2.0.0", "material", ["R14"], weakens=True)
    edition.says(NEW)
    edition.welsh_is("draft")
    made["second"] = edition.record()
    edition.says(NEW, WELSH)
    edition.welsh_is("approved")
    made["second, in Welsh"] = edition.record()
    edition.raises("2.0.1", "editorial")
    edition.says("Yes.")
    made["typo"] = edition.record()
    edition.raises("2.1.0", "clarifying", ["R14"])
    made["clearer"] = edition.record()
    return made


def _gentle(folder):
    edition = Editions(folder)
    edition.raises("2.0.0", "material", ["R14"])
    edition.says(NEW)
    return {"gentle": edition.record()}


def _about_everything(folder):
    edition = Editions(folder)
    edition.raises("2.0.0", "material", ["public_posts"], weakens=True)
    return {"everything": edition.record()}


def publish(forum, name, *, steps=None):
    """Publish an edition, and carry it out as the command does; `steps`: stop after so many."""
    news = publish_disclosure(forum.session, forum.keyring, editions()[name], forum.now)
    while steps != 0 and carry_on(forum.session, forum.keyring, forum.now) is not None:
        steps = None if steps is None else steps - 1
    return news
