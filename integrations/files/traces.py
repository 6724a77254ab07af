"""What a photo tells about itself: where and when it was taken (EXIF 2.32), and what it looks like in 64 bits.

Read before the photo is rebuilt without any of it. Knows nothing of who sent it.
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PLAIN = 6  # of 64 bits: a picture of one colour looks like every other one


def place_of(exif: Image.Exif) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where there are none, or nonsense."""
    tags = exif.get_ifd(IFD.GPSInfo)
    try:
        north = _degrees(tags[GPS.GPSLatitude], south=tags.get(GPS.GPSLatitudeRef) == "S")
        east = _degrees(tags[GPS.GPSLongitude], south=tags.get(GPS.GPSLongitudeRef) == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (north, east) if -90 <= north <= 90 and -180 <= east <= 180 else None


def taken_at(exif: Image.Exif) -> datetime | None:
    """When the camera says; without a zone where it does not say one."""
    tags = exif.get_ifd(IFD.Exif)
    try:
        at = datetime.strptime(str(tags[Base.DateTimeOriginal]), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # a wall clock's
    except (KeyError, ValueError):
        return None
    zone = _zone(str(tags.get(Base.OffsetTimeOriginal, "")))
    return at.replace(tzinfo=zone) if zone else at


def likeness(picture: Image.Image) -> int | None:
    """A difference hash: in a picture of 9 by 8 greys, is each one lighter than its left neighbour? None when plain."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    pixels = grey.tobytes()
    bits = [pixels[row * 9 + x + 1] > pixels[row * 9 + x] for row in range(8) for x in range(8)]
    if not PLAIN <= sum(bits) <= 64 - PLAIN:
        return None
    number = sum(1 << place for place, bit in enumerate(bits) if bit)
    return number - (1 << 64) if number >= 1 << 63 else number  # as PostgreSQL keeps it, with a sign


def _degrees(parts: Any, *, south: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if south else found


def _zone(offset: str) -> timezone | None:
    """Of "+01:00"."""
    try:
        hours, minutes = int(offset[:3]), int(offset[0] + offset[4:6])
    except (ValueError, IndexError):
        return None
    return timezone(timedelta(hours=hours, minutes=minutes)) if abs(hours) < 24 else None
