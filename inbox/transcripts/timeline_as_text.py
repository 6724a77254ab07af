"""A timeline as plain text, in UTF-8: a day, then what happened, each line with its source below it."""

from hub.reading.court.timeline import Timeline


def as_text(found: Timeline) -> bytes:
    lines = [*heading(found), ""]
    for day, said in found.days:
        lines += [day, "-" * len(day), ""]
        for line in said:
            lines += [f"{line.time}  {line.words}", f"    [{line.source}]", ""]
    return "\n".join([*lines, *ending(found), ""]).encode()


def heading(found: Timeline) -> list[str]:
    until = f" to {found.until}" if found.until else ", still open"
    return [
        f"Timeline of case {found.reference}",
        f"{found.name}, reference {found.person_ref}. Kind: {found.kind}",
        f"From {found.since}{until}",
        f"Made on {found.made}",
    ]


def ending(found: Timeline) -> list[str]:
    """What is not here, and how to check what is."""
    words = "are quoted" if found.with_words else "are not quoted"
    others = f" {found.left_out} more texts of this time are not listed: short answers, and texts about other things."
    return [f"Words written by hand {words}.{others if found.left_out else ''}", found.seal]
