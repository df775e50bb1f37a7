"""Pictures painted anew: what goes on are the dots that one sees, in a new file of our own making.

THREAT: a photo tells where and when it was taken, by which phone and whose; a file can hold a second picture, words
after its end, or more dots than memory holds. None of that is copied, because no byte of the file is.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import Final, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from governance.reporting.evidence.errors import PictureRefusedError
from governance.sentences import Sentence

LARGEST_FILE: Final = 15 * 1024 * 1024
"""Bytes; photos of phones have 2 to 12 MiB."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_DOTS: Final = 30_000_000
_MOST_DOTS_OF_A_JPEG: Final = 120_000_000
"""A JPEG is made smaller while it is read, any other format takes the memory of all its dots."""
_LONGEST_SIDE: Final = 3200
"""The words of a screenshot stay readable."""
_QUALITY: Final = 88
_LARGEST_PAINTED: Final = 6 * 1024 * 1024
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
_one_at_a_time: Final = BoundedSemaphore()
"""A large picture takes 300 MB while it is painted; a crowd of them must not take the machine."""

_HEIC: Final = Sentence(
    "This picture is in the format HEIC. Open it, take a screenshot of it and add the screenshot, or set your camera "
    "to “Most compatible”"
)
_PDF: Final = Sentence("This is a PDF. Open it, take a screenshot of the page that matters and add that")
_NO_PICTURE: Final = Sentence("We cannot read this as a picture. Add a JPEG, PNG, WebP or GIF, such as a screenshot")
_TOO_LARGE: Final = Sentence("This picture is too large. Add a smaller one, such as a screenshot of it")


class Painted(NamedTuple):
    """A picture of our own making."""

    content: bytes
    kind: str
    """`image/jpeg` or `image/png`."""
    width: int
    height: int


def paint_anew(sent: bytes) -> Painted:
    """Return what one sees of a picture, as a new picture. Raises `PictureRefusedError`."""
    _refuse_by_sight(sent)
    with _one_at_a_time, _quiet():
        try:
            with Image.open(BytesIO(sent), formats=_FORMATS) as found:
                return _encoded(_painted(found), lossless=found.format in ("PNG", "GIF"))
        except UnidentifiedImageError:
            raise PictureRefusedError(_NO_PICTURE) from None
        except Image.DecompressionBombError:
            raise PictureRefusedError(_TOO_LARGE) from None
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError, OverflowError):
            # Its readers raise any of these for a broken file.
            raise PictureRefusedError(_NO_PICTURE) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from telling what it finds: at DEBUG it logs where a photo was taken."""
    logging.getLogger("PIL").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _refuse_by_sight(sent: bytes) -> None:
    if len(sent) > LARGEST_FILE:
        raise PictureRefusedError(_TOO_LARGE)
    if sent[4:8] == b"ftyp" and sent[8:12] in _HEIF_BRANDS:
        raise PictureRefusedError(_HEIC)
    if sent[:1024].lstrip().startswith(b"%PDF"):
        raise PictureRefusedError(_PDF)


def _painted(found: Image.Image) -> Image.Image:
    """Return a new image with the dots of the first frame, turned as one holds it, and nothing else."""
    most = _MOST_DOTS_OF_A_JPEG if found.format == "JPEG" else _MOST_DOTS
    if found.width * found.height > most or min(found.size) < 1:
        raise PictureRefusedError(_TOO_LARGE)
    found.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
    turned = ImageOps.exif_transpose(found)
    if turned.has_transparency_data:
        # What is hidden behind full transparency is hidden, and must not come along.
        layer = turned.convert("RGBA")
        seen = Image.new("RGB", layer.size, "white")
        seen.paste(layer, mask=layer.getchannel("A"))
    else:
        seen = turned.convert("RGB")
    seen.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    fresh = Image.new("RGB", seen.size)
    fresh.paste(seen)
    return fresh


def _encoded(picture: Image.Image, *, lossless: bool) -> Painted:
    if lossless:
        content = _saved(picture, "PNG", optimize=False)
        if len(content) <= _LARGEST_PAINTED:
            return Painted(content, "image/png", *picture.size)
    content = _saved(picture, "JPEG", quality=_QUALITY)
    if len(content) > _LARGEST_PAINTED:
        raise PictureRefusedError(_TOO_LARGE)
    return Painted(content, "image/jpeg", *picture.size)


def _saved(picture: Image.Image, into: str, **options: int) -> bytes:
    file = BytesIO()
    picture.save(file, into, **options)
    return file.getvalue()
