"""A transcript as a PDF of A4 pages: letters of all the languages we speak, right to left where they run so.

What none of the fonts can draw is named in brackets (a smiling face) or, if it is a letter, left as a box and said so.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from hub.reading.transcript import Line, Transcript
from inbox.transcripts.as_text import heading

FONTS = Path(__file__).parent.parent / "static" / "vendor" / "fonts"
SANS, ARABIC = "DejaVuSans.ttf", "Vazirmatn-Regular.ttf"
BOX = "\u25a1"
TOLD = f"{BOX} stands for a letter that cannot be shown here. The same conversation as text has it."
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_INDENT = 8  # mm


class _Pages(FPDF):
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


def as_pdf(found: Transcript) -> bytes:
    pages = _Pages(found.reference)
    pages.set_title(f"Conversation, reference {found.reference}")  # and no name: viewers show it in their tabs
    pages.add_page()
    _heading(pages, found)
    for day, said in found.days:
        _write(pages, day, size=11, below=2, above=4)
        for line in said:
            _line(pages, line)
    if not found.days:
        _write(pages, "Nothing was said on these days.", size=10)
    content = bytes(pages.output())
    pages.close_fonts()
    return content


def _heading(pages: _Pages, found: Transcript) -> None:
    first, *others = heading(found)
    _write(pages, first, size=15, below=2)
    for line in others:
        _write(pages, line, size=10)
    if any(BOX in shown(line.words) for _, said in found.days for line in said):
        _write(pages, TOLD, size=10)


def _line(pages: _Pages, line: Line) -> None:
    _write(pages, line.head, size=8.5, grey=80)
    _write(pages, line.words, size=10.5, below=3, indent=_INDENT)


def _write(
    pages: _Pages, words: str, *, size: float, above: float = 0, below: float = 0, indent: float = 0, grey: int = 0
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
    pages = _Pages("")
    found = pages.letters()
    pages.close_fonts()
    return found
