"""What people in transcripts hold in their hands, and where they write from."""

import json
from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from hub.words import ChannelKind

ADDRESSES = {
    ChannelKind.SMS: "+447700900101",
    ChannelKind.TELEGRAM: "900101",
    ChannelKind.WEBCHAT: "token-101",
}

VENUE = (52.92278, -1.47663)  # latitude, longitude: Derby's market place
_NORTH = {"near": 0.0, "around the corner": 0.003, "far": 0.1}  # degrees; a tenth of one is eleven kilometres
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def photo(name: str) -> bytes:
    """A small real JPEG. `fake.jpg` is text that calls itself one, `paper.pdf` a document, `gps.jpg` tells where."""
    if name.startswith("fake"):
        return b"this is not a photo"
    if name.endswith(".pdf"):
        return PDF
    return photo_with_place() if name.startswith("gps") else photo_with_place(exif=Image.Exif())


def photo_with_place(
    point: tuple[float, float] = VENUE, taken: str = "2026:03:02 10:42:00", exif: Image.Exif | None = None
) -> bytes:
    """As a phone makes it: where and when are inside."""
    if exif is None:
        exif = Image.Exif()
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = taken
        north, east = point
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N" if north >= 0 else "S",
                GPS.GPSLatitude: (abs(north), 0.0, 0.0),
                GPS.GPSLongitudeRef: "E" if east >= 0 else "W",
                GPS.GPSLongitude: (abs(east), 0.0, 0.0),
            }
        )
    content = BytesIO()
    Image.new("RGB", (32, 24), "darkgreen").save(content, "JPEG", exif=exif)
    return content.getvalue()


def location(where: str) -> bytes:
    """As a channel hands it on: GeoJSON, longitude first."""
    north, east = VENUE
    return json.dumps({"type": "Point", "coordinates": [east, north + _NORTH[where]]}).encode()


def typed(code: str, how: str) -> str:
    """What fingers make of a code."""
    match how:
        case "right":
            return code
        case "spaced":
            return f"{code[:3]} {code[3:]}"
        case "letters":
            return code.replace("0", "O").replace("1", "l")
        case "wrong" | "wrong_digit":
            return f"{code[:5]}{(int(code[5]) + 1) % 10}"
    raise AssertionError(f"a code cannot be typed {how}")
