"""What a thief of files does: look for known words in whatever form a program may have stored them."""

import base64
import math
import secrets
from pathlib import Path
from urllib.parse import quote

_HEX_AND_ALIKE = (str.lower, str.upper)


class Marker:
    """Words that occur nowhere else, such as a person might write: a random core with letters around it."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.core = secrets.token_hex(9)

    @property
    def text(self) -> str:
        return f"Zoë {self.core} & co"

    @property
    def plain(self) -> str:
        """The same for places that take no blanks."""
        return self.core

    def __repr__(self) -> str:
        return f"Marker({self.what})"


def forms(word: str) -> set[bytes]:
    """Every way in which a word may lie in a file."""
    found = {word.encode(), quote(word).encode(), quote(word, safe="").encode(), word.upper().encode()}
    found |= {word.encode("utf-16-le"), word.encode("utf-16-be")}
    for encoded in (word.encode(), word.encode("utf-16-le")):
        found |= {alike(encoded.hex()).encode() for alike in _HEX_AND_ALIKE}
        found |= _base64(encoded)
    return found


def _base64(word: bytes) -> set[bytes]:
    """Return what is the same in the base64 of any text around a word, in both alphabets.

    Six bits make a letter: the letters whose six bits all come from the word. Fewer would be found by chance: the
    four letters of a whole group somewhere in the hundred million of a PostgreSQL.
    """
    found = set()
    for before in range(3):
        letters = base64.b64encode(b"\0" * before + word)
        inner = letters[math.ceil(8 * before / 6) : 8 * (before + len(word)) // 6]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def search(markers, places) -> set[tuple[str, str]]:
    """Return which marker was found where: pairs of what it was and the name of the place."""
    wanted = [(marker.what, form) for marker in markers for form in forms(marker.core)]
    return {(what, name) for name, data in places.items() for what, form in wanted if form in data}


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, as a thief carries it away."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
