"""What was typed about a support service, or stands in a row of a file: read, or refused, a sentence for each field.

One judge for the page and for the file. Knows neither.
"""

import re
from collections.abc import Collection, Mapping

from hub.services import Entry
from hub.support_areas import district_in

LONGEST = {"name": 50, "hours": 40, "who_for": 120, "web": 80}
_PHONE = re.compile(r"\+?[\d ]{3,16}")
_LANGUAGE = re.compile(r"[a-z]{2}")
FIELDS = ("name", "needs", "areas", "phone", "text_number", "web", "hours", "languages", "who_for")


def read(typed: Mapping[str, str], known_needs: Collection[str]) -> tuple[Entry, dict[str, str]]:
    """The entry, and what is wrong by field. Lists have commas between."""
    cells = {name: " ".join(typed.get(name, "").split()) for name in FIELDS}
    needs, areas, languages = (_list(cells[name]) for name in ("needs", "areas", "languages"))
    needs = tuple(need.lower().replace(" ", "_") for need in needs)
    languages = tuple(language.lower() for language in languages)
    errors = _missing(cells, needs) | _too_long(cells)
    strange = [need for need in needs if need not in known_needs]
    if strange:
        errors["needs"] = f"“{strange[0]}” is not one of {', '.join(known_needs)}."
    wrong = [area for area in areas if district_in(area) != area.upper()]
    if wrong:
        sentence = "is not the first half of a postcode, such as DE1. Leave it empty for everywhere."
        errors["areas"] = f"“{wrong[0]}” {sentence}"
    for name in ("phone", "text_number"):
        if cells[name] and not _PHONE.fullmatch(cells[name]):
            errors[name] = "Enter digits and spaces, such as 0300 000 0000."
    if any(not _LANGUAGE.fullmatch(language) for language in languages):
        errors["languages"] = "Enter codes of two letters, such as cy, pl."
    entry = Entry(
        name=cells["name"],
        needs=needs,
        areas=tuple(area.upper() for area in areas),
        phone=cells["phone"],
        text_number=cells["text_number"],
        web=cells["web"],
        hours=cells["hours"],
        languages=languages,
        who_for=cells["who_for"],
    )
    return entry, errors


def _missing(cells: Mapping[str, str], needs: Collection[str]) -> dict[str, str]:
    errors = {}
    if not cells["name"]:
        errors["name"] = "Enter the name of the service."
    if not needs:
        errors["needs"] = "Say what it helps with."
    if not (cells["phone"] or cells["text_number"] or cells["web"]):
        errors["phone"] = "Enter a phone number, a number for texts or a web address."
    return errors


def _too_long(cells: Mapping[str, str]) -> dict[str, str]:
    long = {name: most for name, most in LONGEST.items() if len(cells[name]) > most}
    return {name: f"Make it shorter: {most} characters are the most." for name, most in long.items()}


def _list(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in cell.replace(";", ",").split(",")))))
