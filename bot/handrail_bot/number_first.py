"""A number, then why: "4, its the landlord". The number is the answer, the rest says why. Must not read the rest.

Only where an answer is counted, and only with a mark or a word that sets the number apart: "2 kids ill" has none.
"""

import re

from .ratings import ENGLISH, WELSH, number_in  # noqa: TID252 - tests read it without Rasa's environment

COUNTED = frozenset({"survey_rating", "survey_choice", "check_in_feeling", "check_in_help"})
_NUMBER = rf"(?P<number>10|\d|{'|'.join((*ENGLISH, *WELSH))})"
_WHY = r"(?P<why>[^\W\d].*)"
MARKED = re.compile(rf"\s*{_NUMBER}\s?[.,;:!\u2013\u2014-]+\s+{_WHY}", re.IGNORECASE | re.DOTALL)
NAMED = re.compile(rf"\s*(?:option|number|opsiwn|rhif|#) ?{_NUMBER}\b\W+{_WHY}", re.IGNORECASE | re.DOTALL)


def number_first(text: str, awaiting: str) -> tuple[str, str] | None:
    """The number as digits and what follows; None when the text is no such answer ("two, no, make it three")."""
    if awaiting not in COUNTED:
        return None
    named, marked = NAMED.fullmatch(text), MARKED.fullmatch(text)
    found = named or (marked if marked and number_in(marked["why"]) is None else None)
    number = number_in(found["number"]) if found else None
    return (number, found["why"]) if found and number else None
