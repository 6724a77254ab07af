"""What a provider answers to "who came?": the numbers of those who did not, 0 or "all" when everybody did. Pure."""

import re

from hub.exact_replies import normal_form

MOST = 9  # names in one text
_ALL_CAME = re.compile(r"0|(?:they )?all(?: (?:came|here|present))?|everyone(?: came)?|(?:daeth )?pawb")
_NOBODY_CAME = re.compile(r"none(?: came)?|nobody(?: came)?|no one|(?:daeth )?neb")
_NUMBERS = re.compile(r"\d{1,2}(?:(?: |, ?| ?and | ?a | ?& ?)\d{1,2})*")


def away(text: str, many: int) -> set[int] | None:
    """The numbers, from 1 to `many`, of those who did not come; None where nobody can be sure."""
    said = normal_form(text)
    if _ALL_CAME.fullmatch(said):
        return set()
    if _NOBODY_CAME.fullmatch(said):
        return set(range(1, many + 1))
    if not _NUMBERS.fullmatch(said):
        return None
    numbers = {int(number) for number in re.findall(r"\d+", said)}
    return numbers if numbers <= set(range(1, many + 1)) else None
