"""Photos, documents and voices that strangers send: what they really are, limited, rebuilt, without place data.

A picture is decoded and written anew, so that nothing but its pixels gets through; what it tells of place and time is
handed on beside it. A PDF cannot be rebuilt
here: it is kept as it is when its signature is right and nothing that runs or hides is found in it. Sound is
decoded and written anew, too (`sound.py`). Knows nothing of who sent it.
"""

import asyncio
import struct
import zlib
from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image, ImageOps

from hub.errors import BadFile, FileTooLarge
from hub.ports import CleanFile
from integrations.files import sound, traces

MOST_BYTES = 10 * 1024 * 1024  # Twilio takes 5 MB an MMS, Telegram's bots 20 MB; a phone's photo has 2 to 8
MOST_PIXELS = 40_000_000  # 160 MB of memory at most; today's phones send 12 to 24 million
JPEG_QUALITY = 88  # letters on a screenshot stay sharp

# Pillow looks too, before it makes room for the pixels: a small file can claim to be a huge picture.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# All that Pillow's readers were seen to raise on damaged files.
_DAMAGED = (OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError, OverflowError)
_DAMAGED_INSIDE = (struct.error, zlib.error, MemoryError)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# ISO base media files carry their kind after "ftyp": https://www.iana.org/assignments/media-types/image/heic
_HEIC_KINDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_HEIC_SENTENCE = "This one is a HEIC photo: take a screenshot of it and send that."

_ZIP_END = b"PK\x05\x06"  # a reader of zip files looks for it in the last 65,557 bytes
_ZIP_TAIL = 65_557
_WEB = (b"<script", b"<html", b"<!doctype html", b"<svg", b"<iframe")
# Names of ISO 32000-2 that make a PDF run something or carry another file.
_PDF_ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")


@dataclass(frozen=True, slots=True)
class Cleaner:
    """The `hub.ports.Files` of the program."""

    most_bytes: int = MOST_BYTES
    most_pixels: int = MOST_PIXELS

    async def clean(self, content: bytes, declared_type: str) -> CleanFile:
        """Return the file rebuilt. `declared_type` is not believed; it only helps to say what was wrong.

        Raises
        ------
        FileTooLarge
            above 10 MB or 40 million pixels.
        SoundTooLong
            for more than 10 minutes.
        BadFile
            when it is no JPEG, PNG, WebP, GIF, PDF or sound, is damaged, or is two kinds of file at once.
        """
        if self._is_sound(content):
            made = await sound.playable(content)
            return CleanFile(made.content, sound.PLAYABLE_TYPE, seconds=made.seconds)
        return await asyncio.to_thread(self._clean, content, declared_type)

    def _is_sound(self, content: bytes) -> bool:
        small = len(content) <= self.most_bytes
        return small and not _is_heic(content) and bool(sound.container_of(content))

    def _clean(self, content: bytes, declared_type: str) -> CleanFile:
        if len(content) > self.most_bytes:
            raise FileTooLarge
        kind = sniff(content)
        if not kind:
            raise BadFile(_why_not(content, declared_type))
        _refuse_two_in_one(content, kind)
        if kind == "PDF":
            return _checked_pdf(content)
        return self._rebuilt(content, kind)

    def _rebuilt(self, content: bytes, kind: str) -> CleanFile:
        try:
            with Image.open(BytesIO(content), formats=[kind]) as picture:
                if picture.width * picture.height > self.most_pixels:
                    raise FileTooLarge("It has more than 40 million pixels.")
                exif = picture.getexif()
                upright = ImageOps.exif_transpose(picture)
                clean = self._as_png(upright) if kind in {"PNG", "GIF"} else _as_jpeg(upright)
                place, taken_at = traces.place_of(exif), traces.taken_at(exif)
                return replace(clean, place=place, taken_at=taken_at, likeness=traces.likeness(upright))
        except _BOMB as bomb:
            raise FileTooLarge("It has more than 40 million pixels.") from bomb
        except (*_DAMAGED, *_DAMAGED_INSIDE) as damaged:
            raise BadFile("This one is damaged or did not arrive whole.") from damaged

    def _as_png(self, picture: Image.Image) -> CleanFile:
        """Screenshots stay sharp and see-through. One that grows too large becomes a JPEG."""
        out = BytesIO()
        pixels_only(picture, "RGBA" if picture.has_transparency_data else "RGB").save(out, "PNG")
        content = out.getvalue()
        return CleanFile(content, "image/png") if len(content) <= self.most_bytes else _as_jpeg(picture)


def sniff(content: bytes) -> str:
    """What the first bytes say: "JPEG", "PNG", "GIF", "WEBP", "PDF", or "" for everything else."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    signatures = {
        b"\xff\xd8\xff": "JPEG",
        b"\x89PNG\r\n\x1a\n": "PNG",
        b"GIF87a": "GIF",
        b"GIF89a": "GIF",
        b"%PDF-": "PDF",
    }
    return next((kind for signature, kind in signatures.items() if content.startswith(signature)), "")


def pixels_only(picture: Image.Image, mode: str) -> Image.Image:
    """A new picture with the same pixels: no EXIF, GPS, comments, colour profile or thumbnail comes along."""
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    return bare


def _as_jpeg(picture: Image.Image) -> CleanFile:
    if picture.has_transparency_data:  # what shows through becomes white, not black
        see_through = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), see_through)
    out = BytesIO()
    pixels_only(picture, "RGB").save(out, "JPEG", quality=JPEG_QUALITY)
    return CleanFile(out.getvalue(), "image/jpeg")


def _refuse_two_in_one(content: bytes, kind: str) -> None:
    """A file that is a picture to one program and an archive, a PDF or a web page to another."""
    low = content.lower()
    hidden_pdf = kind != "PDF" and b"%PDF-" in content[:1024]  # PDF readers search that far
    if hidden_pdf or _ZIP_END in content[-_ZIP_TAIL:] or any(mark in low for mark in _WEB):
        raise BadFile("This one holds another file inside.")


def _checked_pdf(content: bytes) -> CleanFile:
    if b"%%EOF" not in content[-1024:]:
        raise BadFile("This PDF is damaged or did not arrive whole.")
    if any(name in content for name in _PDF_ACTIVE):
        raise BadFile("This PDF holds a program or another file. Send a photo of it instead.")
    return CleanFile(content, "application/pdf")


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC_KINDS


def _why_not(content: bytes, declared_type: str) -> str:
    if not content:
        return "This one is empty."
    if _is_heic(content):
        return _HEIC_SENTENCE
    if content.startswith(b"PK\x03\x04"):
        return "This one is a document or an archive."
    if b"<svg" in content[:4096].lower():
        return "This one is an SVG drawing."
    if declared_type.startswith(("video/", "audio/")):
        return "It is neither a photo nor a voice message that we can open."
    return "This one is something else, whatever its name says."
