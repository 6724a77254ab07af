"""Counting text messages exactly as the network does (3GPP TS 23.038 alphabet, TS 23.040 concatenation).

Knows nothing of prices or of who sends what. A part holds 160 septets alone or 153 with the concatenation header;
in UCS-2 it holds 70 or 67 code units. An extension character (two septets) and a surrogate pair (two units) are
never split over two parts, so the last place of a part can stay empty: a plain division counts too few.
"""

import re
import unicodedata
from dataclasses import dataclass

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM = GSM_BASIC | GSM_EXTENSION
_TWO_SEPTETS = re.compile(f"[{re.escape(''.join(sorted(GSM_EXTENSION)))}]")
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")

_ROOM = {"GSM-7": (160, 153), "UCS-2": (70, 67)}  # of a part alone, of one of several

# Typographic characters that cost a whole message its cheap alphabet and lose nothing by being plain.
_PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "‑": "-",
        "…": "...", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\u2060": "", "•": "-",
        "\t": " ",
    }
)  # fmt: skip
# Further ones that mean the same when they are plain. Letters stay: an accent can make another word of it.
_PLAINER = str.maketrans(
    {
        "«": '"', "»": '"', "‹": "'", "›": "'", "′": "'", "″": '"', "´": "'", "`": "'", "−": "-", "‒": "-", "―": "-",
        "×": "x", "÷": "/", "¼": "1/4", "½": "1/2", "¾": "3/4", "·": "-", "►": ">", "→": "->", "←": "<-", "™": "(TM)",
        "©": "(c)", "®": "(R)", "№": "No.", "🙂": ":)", "😊": ":)", "😀": ":)", "😃": ":)", "🙁": ":(", "☹": ":(",
        "\ufe0f": "",
    }
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Count:
    """What a text costs: `units` are septets in GSM-7, 16-bit code units in UCS-2."""

    encoding: str  # "GSM-7" or "UCS-2"
    units: int
    segments: int
    left: int  # units that still fit into the last part

    @property
    def dear(self) -> bool:
        return self.encoding == "UCS-2"

    @property
    def holds(self) -> int:
        """How many units that many parts have room for."""
        alone, joined = _ROOM[self.encoding]
        return alone if self.segments <= 1 else self.segments * joined

    @property
    def used(self) -> int:
        return self.holds - self.left

    @property
    def to_save_one(self) -> int:
        """How many units must go for one part less; 0 where there is one at most."""
        alone, joined = _ROOM[self.encoding]
        if self.segments <= 1:
            return 0
        return self.used - joined * (self.segments - 1) if self.segments > 2 else self.units - alone


def sanitise(text: str) -> str:
    """Replace what costs and says nothing (curly quotes, dashes), drop what cannot be shown. Welsh letters stay."""
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return _CONTROL.sub("", plain.replace("\r\n", "\n").replace("\r", "\n")).strip()


def plainer(text: str) -> str:
    """`text` with cheap characters wherever they mean the same; what has no such twin stays."""
    return sanitise(sanitise(text).translate(_PLAINER))


def count(text: str) -> Count:
    """Count the parts of `text` as it stands (sanitise first)."""
    if _GSM.issuperset(text):
        return _fill("GSM-7", text, _TWO_SEPTETS)
    return _fill("UCS-2", text, _TWO_UNITS)


def dear_characters(text: str) -> list[str]:
    """The characters that force UCS-2, in order, each once: "what makes this cost two"."""
    return list(dict.fromkeys(c for c in text if c not in _GSM))


def without(text: str, characters: list[str]) -> str:
    return "".join(c for c in text if c not in characters)


def _fill(encoding: str, text: str, double: re.Pattern[str]) -> Count:
    alone, joined = _ROOM[encoding]
    total = len(text) + len(double.findall(text))
    if total <= alone:
        return Count(encoding, total, 1 if total else 0, alone - total)
    parts, used = 1, 0
    for character in text:
        size = 2 if double.match(character) else 1
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return Count(encoding, total, parts, joined - used)
