"""What strangers send as a photo: real small files go in; only pixels and quiet PDFs come out."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hub.errors import BadFile, FileTooLarge
from hub.ports import CleanFile, Files
from integrations.files.clean import MOST_BYTES, Cleaner

GPS_POINTER, ORIENTATION, TURN_RIGHT = 0x8825, 0x0112, 6
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_RIGHT
    exif[0x010F] = "Maker of phones"
    gps = exif.get_ifd(GPS_POINTER)
    gps[1], gps[2] = "N", (52.0, 55.0, 21.0)
    return picture("JPEG", exif=exif)


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.js", "alert(1)")
    return out.getvalue()


async def clean(content: bytes, declared: str = "image/jpeg", files: Files | None = None) -> CleanFile:
    return await (files or Cleaner()).clean(content, declared)


def opened(file: CleanFile) -> Image.Image:
    return Image.open(BytesIO(file.content))


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/jpeg"),
        ("GIF", "P", "image/png"),
    ],
)
async def test_a_photo_of_any_usual_kind_is_rebuilt_at_its_size(kind: str, mode: str, becomes: str) -> None:
    source = picture(kind, mode=mode) if mode != "I;16" else grey_16_bit()
    cleaned = await clean(source, "text/plain")  # the declared type is not believed
    assert cleaned.content_type == becomes
    assert opened(cleaned).size == (40, 20)


def grey_16_bit() -> bytes:
    out = BytesIO()
    Image.new("I;16", (40, 20), 30_000).save(out, "PNG")
    return out.getvalue()


async def test_the_place_the_phone_and_every_other_tag_are_gone_and_the_photo_stands_upright() -> None:
    source = photo_with_place()
    assert Image.open(BytesIO(source)).getexif().get_ifd(GPS_POINTER)
    cleaned = opened(await clean(source))
    assert not dict(cleaned.getexif())
    assert {"exif", "comment", "icc_profile", "xmp"}.isdisjoint(cleaned.info)
    assert cleaned.size == (20, 40)


async def test_comments_inside_a_png_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", "taken at 1 High Street")
    cleaned = await clean(picture("PNG", pnginfo=words))
    assert b"High Street" not in cleaned.content


async def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    out = BytesIO()
    frames = [Image.new("P", (8, 8), colour) for colour in (1, 2, 3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    cleaned = opened(await clean(out.getvalue()))
    assert getattr(cleaned, "n_frames", 1) == 1


async def test_what_shows_through_becomes_white_in_a_jpeg() -> None:
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    assert opened(await clean(out.getvalue())).getpixel((4, 4)) == (255, 255, 255)


async def test_a_pdf_is_kept_as_it_is() -> None:
    assert await clean(PDF) == CleanFile(PDF, "application/pdf")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"just words, named photo.jpg", "something else"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "something else"),
        (archive(), "archive"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"MZ\x90\x00", "something else"),
        (picture("TIFF"), "something else"),
        (picture("BMP"), "something else"),
        (picture("JPEG")[:-200], "damaged"),
        (picture("PNG")[:60], "damaged"),
        (picture("WEBP")[:40], "damaged"),
        (picture("GIF")[:10], "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (picture("JPEG") + archive(), "another file inside"),
        (picture("GIF") + b"<script>alert(1)</script>", "another file inside"),
        (picture("JPEG", comment=PDF), "another file inside"),
        (PDF + archive(), "another file inside"),
        (PDF[:-10], "damaged"),
        (b"\n" + PDF, "something else"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "program"),
        (PDF.replace(b"/Catalog", b"/Catalog/Names<</EmbeddedFiles 2 0 R>>"), "program"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_photo_or_hides_something_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        await clean(content)


async def test_a_file_over_ten_megabytes_is_refused_before_anything_looks_inside() -> None:
    with pytest.raises(FileTooLarge):
        await clean(b"\xff\xd8\xff" + bytes(MOST_BYTES))


@pytest.mark.parametrize("side", [6_400, 20_000])  # above the limit; above what Pillow itself refuses
async def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused(side: int) -> None:
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(FileTooLarge, match="pixels"):
        await clean(out.getvalue())


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]),
    at=st.integers(0, 400),
    damage=st.binary(min_size=1, max_size=8),
)
async def test_any_damage_gives_a_clean_file_or_a_sentence(kind: str, at: int, damage: bytes) -> None:
    source = bytearray(picture(kind))
    source[at : at + len(damage)] = damage
    try:
        said = (await clean(bytes(source))).content_type
    except BadFile as refused:
        said = str(refused)
    assert said.startswith("image/") or said.endswith(".")
