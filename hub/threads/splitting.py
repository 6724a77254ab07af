"""A long text in parts, none of it lost: each ends at a space where there is one, and says which of how many it is.

918 characters are six SMS parts, the longest that we send at once (`hub/conversations.py`). Knows nothing of who reads.
"""

from hub.conversations import LONGEST_REPLY

LABEL = 60  # characters left free for "Christopher (2) to Oluwaseun: (1/9) " and a code word
MOST = LONGEST_REPLY - LABEL


def split(words: str, most: int = MOST) -> list[str]:
    """One part as it is; several with "(1/3)" before each."""
    parts = _parts(" ".join(words.split()), most)
    if len(parts) == 1:
        return parts
    return [f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, 1)]


def _parts(words: str, most: int) -> list[str]:
    parts = []
    while len(words) > most:
        at = words.rfind(" ", 1, most + 1)
        at = at if at > 0 else most
        parts.append(words[:at])
        words = words[at:].lstrip()
    return [*parts, words]
