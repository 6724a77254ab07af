"""A timeline as a PDF of A4 pages: each line with its source below it."""

from hub.reading.court.timeline import Said, Timeline
from inbox.transcripts.pages import INDENT, Pages, write
from inbox.transcripts.timeline_as_text import ending, heading


def as_pdf(found: Timeline) -> bytes:
    pages = Pages(found.person_ref)
    pages.set_title("Timeline of a case")  # and no name: viewers show it in their tabs
    pages.add_page()
    first, *others = heading(found)
    write(pages, first, size=15, below=2)
    for line in others:
        write(pages, line, size=10)
    for day, said in found.days:
        write(pages, day, size=11, below=2, above=4)
        for each in said:
            _line(pages, each)
    for number, line in enumerate(ending(found)):
        write(pages, line, size=9, above=0 if number else 6, below=2)
    content = bytes(pages.output())
    pages.close_fonts()
    return content


def _line(pages: Pages, line: Said) -> None:
    write(pages, f"{line.time}  {line.words}", size=10.5)
    write(pages, line.source, size=8.5, below=2.5, indent=INDENT, grey=80)
