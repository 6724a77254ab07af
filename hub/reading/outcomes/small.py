"""Small numbers: who is one of three can be recognised, so groups below `LEAST` are not shown. Pure.

With every small number the smallest of the others is hidden too: a total then leaves open which of the two is which.
Where there is no other, the total is hidden as well. Nought is shown: it speaks of nobody.
"""

from collections.abc import Sequence

LEAST = 5
TOO_FEW = "Too few to show"


def is_small(count: int) -> bool:
    return 0 < count < LEAST


def hide(counts: Sequence[int], telling: Sequence[bool] = ()) -> list[int | None]:
    """The counts of groups that make up a total, with None for each that is not shown.

    `telling`: groups that are large enough, but whose row would show a small number.
    """
    telling = telling or [False] * len(counts)
    small = [is_small(count) or (tells and count > 0) for count, tells in zip(counts, telling, strict=True)]
    others = [count for count, hidden in zip(counts, small, strict=True) if count and not hidden]
    beside = min(others) if any(small) and others else None
    return [None if hidden or count == beside else count for count, hidden in zip(counts, small, strict=True)]


def total(counts: Sequence[int], telling: Sequence[bool] = ()) -> int | None:
    """Their total; None when it would tell what is hidden."""
    shown = hide(counts, telling)
    nothing_beside = any(counts) and not any(count >= LEAST for count in counts)
    return None if nothing_beside or (sum(count is None for count in shown) == 1) else sum(counts)


def percent(part: int, base: int) -> int | None:
    """A whole per cent, halves up; None of too few."""
    return int(100 * part / base + 0.5) if base >= LEAST else None
