"""A transcript as a PDF. What none of the fonts can draw, the same conversation as text has."""

from hub.reading.transcript import Line, Transcript
from inbox.transcripts.as_text import heading
from inbox.transcripts.pages import BOX, INDENT, Pages, shown, write

TOLD = f"{BOX} stands for a letter that cannot be shown here. The same conversation as text has it."


def as_pdf(found: Transcript) -> bytes:
    pages = Pages(found.reference)
    pages.set_title(f"Conversation, reference {found.reference}")  # and no name: viewers show it in their tabs
    pages.add_page()
    _heading(pages, found)
    for day, said in found.days:
        write(pages, day, size=11, below=2, above=4)
        for line in said:
            _line(pages, line)
    if not found.days:
        write(pages, "Nothing was said on these days.", size=10)
    content = bytes(pages.output())
    pages.close_fonts()
    return content


def _heading(pages: Pages, found: Transcript) -> None:
    first, *others = heading(found)
    write(pages, first, size=15, below=2)
    for line in others:
        write(pages, line, size=10)
    if any(BOX in shown(line.words) for _, said in found.days for line in said):
        write(pages, TOLD, size=10)


def _line(pages: Pages, line: Line) -> None:
    write(pages, line.head, size=8.5, grey=80)
    write(pages, line.words, size=10.5, below=3, indent=INDENT)
