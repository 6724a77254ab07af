"""Which right somebody asks for by its number: "RIGHTS 7", "right no 7", "hawl 7". Knows nothing of what it says."""

import re

from hub.exact_replies import normal_form

_ASKED = re.compile(r"(?:my )?(?:rights?|hawl|hawliau)(?: (?:number|no|rhif))? ?(?P<number>\d{1,2})")


def number_in(text: str) -> int | None:
    """The number, whether there is such a right or not; None when the text is something else."""
    found = _ASKED.fullmatch(normal_form(text))
    return int(found["number"]) if found else None
