"""What somebody may want help with, in the order of the numbers that a check-in gives them. Knows no text.

The kinds are those that MoJ's online check-in asks about.
"""

NOTHING = "nothing"
OTHER = "other"
NEEDS = ("mental_health", "alcohol", "drugs", "money", "housing", "work_or_education", "family", OTHER, NOTHING)

# Words that earlier check-ins were stored with. Drink and drugs were one: which of them it was, nobody can tell now.
_BEFORE = {
    "home": "housing",
    "feelings": "mental_health",
    "work": "work_or_education",
    "something_else": OTHER,
}


def current(need: str) -> str:
    """The word of today for one that was stored at any time."""
    return _BEFORE.get(need, need)


def by_number(number: int) -> str:
    return NEEDS[number - 1]
