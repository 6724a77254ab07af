"""A4 pages of a PDF and words on them: letters of all the languages we speak, right to left where they run so.

What none of the fonts can draw is named in brackets (a smiling face) or, if it is a letter, left as a box and said so.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

FONTS = Path(__file__).parent.parent / "static" / "vendor" / "fonts"
SANS, ARABIC = "DejaVuSans.ttf", "Vazirmatn-Regular.ttf"
BOX = "\u25a1"
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
INDENT = 8  # mm


class Pages(FPDF):
    """Each page says at its foot whose it is and how many there are."""

    def __init__(self, reference: str) -> None:
        super().__init__(format="A4")
        self.reference = reference
        self.add_font("sans", fname=FONTS / SANS)
        self.add_font("arabic", fname=FONTS / ARABIC)
        self.set_fallback_fonts(["sans", "arabic"], exact_match=False)
        self.set_text_shaping(use_shaping_engine=True)
        self.set_auto_page_break(auto=True, margin=20)
        self.set_margin(18)

    def letters(self) -> frozenset[int]:
        """What its fonts can draw between them."""
        return frozenset(code for font in self._files() for code in font.cmap)

    def close_fonts(self) -> None:
        """The library leaves their files open."""
        for font in self._files():
            font.ttfont.close()

    def _files(self) -> list[TTFFont]:
        return [font for font in self.fonts.values() if isinstance(font, TTFFont)]

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("sans", size=8)
        self.cell(text=f"Reference {self.reference}. Page {self.page_no()} of {{nb}}", w=0, align="R")


def write(
    pages: Pages, words: str, *, size: float, above: float = 0, below: float = 0, indent: float = 0, grey: int = 0
) -> None:
    words = shown(words)
    arabic = bool(_ARABIC.search(words))
    pages.set_font("arabic" if arabic else "sans", size=size)
    pages.set_text_color(grey)
    pages.ln(above)
    pages.set_x(pages.l_margin + indent)
    align = "R" if arabic and indent else "L"
    pages.multi_cell(w=0, h=size * 0.5, text=words, align=align, new_x="LMARGIN", new_y="NEXT")
    pages.ln(below)


def shown(words: str) -> str:
    """`words` with what no font here can draw said in another way."""
    known = _letters()
    return "".join(c if ord(c) in known or c == "\n" else _instead(c) for c in words)


def _instead(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Mn", "Cf", "Cc"}:  # joins and tints of the character before it
        return ""
    return BOX if kind[0] in "LMN" else f"[{unicodedata.name(character, 'sign').lower()}]"


@cache
def _letters() -> frozenset[int]:
    pages = Pages("")
    found = pages.letters()
    pages.close_fonts()
    return found
