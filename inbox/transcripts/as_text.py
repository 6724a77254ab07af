"""A transcript as plain text, in UTF-8: every letter of every language as it was written."""

from hub.reading.transcript import Transcript


def as_text(found: Transcript) -> bytes:
    lines = [*heading(found), ""]
    for day, said in found.days:
        lines += [day, "-" * len(day), ""]
        for line in said:
            lines += [line.head, *(f"    {part}" for part in line.words.splitlines()), ""]
    if not found.days:
        lines.append("Nothing was said on these days.")
    return "\n".join(lines).encode()


def heading(found: Transcript) -> list[str]:
    return [
        f"Conversation, reference {found.reference}",
        f"{found.name}. {found.side}",
        f"From {found.since} to {found.until}",
        f"Made on {found.made}",
    ]
