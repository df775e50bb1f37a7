"""Pictures are painted anew: what a file hides does not come along, and what harms is refused with advice."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from governance.reporting.evidence.errors import PictureRefusedError
from governance.reporting.evidence.images import LARGEST_FILE, paint_anew

SECRET = b"taken by Zoe at 51.5N"


def picture(size=(40, 30), mode="RGB", color="teal"):
    return Image.new(mode, size, color)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif():
    found = Image.Exif()
    found[0x010E] = SECRET.decode()
    found[0x0112] = 6
    found.get_ifd(0x8825)[1] = "N"
    return found


def comment():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    return info


HIDING = {
    "a photo that knows its place": saved(picture(), "JPEG", exif=exif(), comment=SECRET),
    "a PNG with words": saved(picture(), "PNG", pnginfo=comment()),
    "words after the end": saved(picture(), "JPEG") + SECRET,
    "words after the end of a PNG": saved(picture(), "PNG") + SECRET,
    "a WebP with EXIF": saved(picture(), "WEBP", exif=exif()),
    "a GIF with a comment": saved(picture(), "GIF", comment=SECRET),
    "a profile": saved(picture(), "JPEG", icc_profile=SECRET * 20),
}


@pytest.mark.parametrize("sent", HIDING.values(), ids=HIDING)
def test_nothing_hidden_comes_along(sent):
    assert SECRET in sent  # The control: it was there.
    painted = paint_anew(sent)
    assert SECRET not in painted.content
    with Image.open(io.BytesIO(painted.content)) as made:
        assert not made.getexif()
        assert not {"comment", "icc_profile", "exif", "Author"} & made.info.keys()


def test_a_photo_is_turned_as_it_was_held():
    painted = paint_anew(HIDING["a photo that knows its place"])
    assert (painted.width, painted.height) == (30, 40)


def test_what_full_transparency_hides_is_gone():
    layer = picture(mode="RGBA", color=(255, 0, 0, 0))
    with Image.open(io.BytesIO(paint_anew(saved(layer, "PNG")).content)) as made:
        assert made.getpixel((5, 5)) == (255, 255, 255)


def test_of_a_moving_picture_only_the_first_frame_is_kept():
    sent = saved(picture(), "GIF", save_all=True, append_images=[picture(color="red")])
    with Image.open(io.BytesIO(paint_anew(sent).content)) as made:
        assert getattr(made, "n_frames", 1) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode):
    assert paint_anew(saved(Image.new(mode, (8, 8)), "PNG")).kind == "image/png"


def test_a_jpeg_of_a_printer_is_read():
    assert paint_anew(saved(picture(mode="CMYK", color=(0, 0, 0, 0)), "JPEG")).kind == "image/jpeg"


def test_a_large_photo_gets_smaller():
    painted = paint_anew(saved(picture((5000, 3800)), "JPEG"))
    assert max(painted.width, painted.height) <= 3200


def bomb(width, height):
    """A PNG that says it has that many dots, with next to nothing in it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


REFUSED = {
    "an iPhone's photo": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
    "a PDF": (b"%PDF-1.7\n" + b"\0" * 100, "PDF"),
    "a program": (b"MZ" + b"\0" * 100, "cannot read this as a picture"),
    "a drawing that runs programs": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "cannot read this as a picture"),
    "a format nobody asked for": (saved(picture(), "TIFF"), "cannot read this as a picture"),
    "another format nobody asked for": (saved(picture(), "BMP"), "cannot read this as a picture"),
    "nothing": (b"", "cannot read this as a picture"),
    "half a picture": (saved(picture((300, 300)), "PNG")[:200], "cannot read this as a picture"),
    "a bomb": (bomb(30_000, 30_000), "too large"),
    "a smaller bomb": (bomb(6_000, 6_000), "too large"),
    "a file that is too long": (b"\0" * (LARGEST_FILE + 1), "too large"),
}


@pytest.mark.parametrize(("sent", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_taken_is_refused_with_advice(sent, told):
    with pytest.raises(PictureRefusedError, match=told):
        paint_anew(sent)


def test_no_cut_or_change_of_a_picture_breaks_the_painter():
    for sent in HIDING.values():
        for at in range(0, len(sent), max(1, len(sent) // 60)):
            for harmed in (sent[:at], sent[:at] + b"\xff" + sent[at + 1 :]):
                try:
                    painted = paint_anew(harmed)
                except PictureRefusedError:
                    continue
                assert SECRET not in painted.content


def test_the_library_logs_nothing_of_what_it_finds(caplog):
    caplog.set_level("DEBUG")
    paint_anew(HIDING["a photo that knows its place"])
    assert caplog.text == ""
