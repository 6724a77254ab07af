"""A file in a conversation, in words, where there is nothing to open. Knows no page."""

from hub.photos import WAITS
from hub.places import BANDS, PLACE_TYPE, Band
from hub.store.tables import MediaFile


def why_closed(file: MediaFile) -> str:
    """Empty: it can be opened."""
    if file.refused == WAITS:
        return "A file waits for the virus scanner"
    if file.refused:
        return "A file came that could not be used"
    if file.content_type == PLACE_TYPE:
        where = f": {BANDS[Band(file.checks['place'])]}" if "place" in file.checks else ""
        return f"Shared their place{where}"
    return ""
