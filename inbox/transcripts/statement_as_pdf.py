"""A statement as a PDF of A4 pages: each answer with its time and way, the files, and what proves it unchanged."""

from hub.reading.statements import Answer, Told
from inbox.transcripts.pages import INDENT, Pages, write

MACHINE = "written by a machine from their voice; the recording counts"


def as_pdf(found: Told, by: str) -> bytes:
    pages = Pages(found.person_ref)
    pages.set_title("Statement")  # and no name: viewers show it in their tabs
    pages.add_page()
    _heading(pages, found, by)
    for asked in found.questions:
        write(pages, asked.title, size=11, below=1, above=4)
        write(pages, asked.words, size=8.5, below=1.5, grey=80)
        for answer in asked.answers:
            _answer(pages, answer)
    _files(pages, found)
    _versions(pages, found)
    content = bytes(pages.output())
    pages.close_fonts()
    return content


def _heading(pages: Pages, found: Told, by: str) -> None:
    write(pages, f"Statement of {found.name}", size=15, below=2)
    write(pages, f"{found.title}. Reference {found.reference}, person {found.person_ref}.", size=10)
    write(pages, f"{found.state_words}. Asked for on {found.asked}. Printed by {by}.", size=10)


def _answer(pages: Pages, answer: Answer) -> None:
    changed = ", changed later" if answer.before else ""
    for line in _lines(answer):
        write(pages, line, size=10.5, indent=INDENT)
    write(pages, f"{answer.when}, by {answer.way}{changed}", size=8.5, below=2.5, indent=INDENT, grey=80)


def _lines(answer: Answer) -> list[str]:
    lines = [answer.words] if answer.words else []
    if answer.photo:
        lines.append(f"Photo or document, file {answer.photo}")
    if answer.voice:
        lines.append(f"Voice message of {answer.voice.long}, file {answer.voice.id}")
        if answer.voice.words:
            whose = "In their own words" if answer.voice.machine else f"Draft, {MACHINE}"
            lines.append(f"{whose}: “{answer.voice.words}”. {answer.voice.how}")
    return lines or ["(no more)"]


def _files(pages: Pages, found: Told) -> None:
    if not found.files:
        return
    write(pages, "Files", size=11, below=1, above=5)
    for file in found.files:
        gone = "" if file.there else " (not kept)"
        write(pages, f"File {file.number}: {file.kind}, {file.when}{gone}", size=9.5)
        write(pages, f"SHA-256 of the file as it came: {file.sha256}", size=8, below=1.5, indent=INDENT, grey=80)


def _versions(pages: Pages, found: Told) -> None:
    write(pages, "What was confirmed", size=11, below=1, above=5)
    for version in found.versions:
        state = "unchanged since" if version.unchanged else "CHANGED SINCE: do not rely on it"
        taken = ", taken back by them later" if version.withdrawn else ""
        write(pages, f"Version {version.number}: {version.when}, by {version.way}{taken}; {state}", size=9.5)
        write(pages, f"SHA-256: {version.sha256}", size=8, below=1.5, indent=INDENT, grey=80)
    if not found.versions:
        write(pages, "They have not confirmed it: these are not their confirmed words.", size=9.5)
