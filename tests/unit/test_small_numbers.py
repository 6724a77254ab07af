"""What is hidden stays hidden: nobody who knows the rule and the total finds a hidden number."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.reading.outcomes.small import LEAST, hide, percent, total

pytestmark = pytest.mark.slow

Shown = tuple[tuple[int | None, ...], int | None]


def published(counts: tuple[int, ...]) -> Shown:
    return tuple(hide(counts)), total(counts)


def tables_that_look_like(seen: Shown, hidden: int) -> Iterator[tuple[int, ...]]:
    """Every table that would have been published just so: what somebody can work out who knows how we hide."""
    cells, whole = seen
    known = sum(cell for cell in cells if cell is not None)
    most = LEAST if whole is None else whole - known
    for tried in product(range(1, most + 1), repeat=hidden - 1):
        last = [most - sum(tried)] if whole is not None else range(1, LEAST)
        for end in last:
            values = iter((*tried, end))
            table = tuple(cell if cell is not None else next(values) for cell in cells)
            if end > 0 and published(table) == seen:
                yield table


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4).map(tuple))
@settings(max_examples=300, deadline=None)
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(counts: tuple[int, ...]) -> None:
    seen = published(counts)
    hidden = [place for place, cell in enumerate(seen[0]) if cell is None]
    assume(hidden)
    possible = list(tables_that_look_like(seen, len(hidden)))
    assert counts in possible
    for place in hidden:
        assert len({table[place] for table in possible}) > 1, (counts, seen)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_of_rows_that_would_tell_a_small_number_never_one_alone_is_hidden(rows: list[tuple[int, int]]) -> None:
    people = [good + other for good, other in rows]
    telling = [0 < good < LEAST or 0 < other < LEAST for good, other in rows]
    shown = hide(people, telling)
    for (good, other), cell in zip(rows, shown, strict=True):
        if cell is not None:
            assert not 0 < good < LEAST
            assert not 0 < other < LEAST
    assert shown.count(None) != 1 or total(people, telling) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_no_small_number_is_ever_shown_and_nought_always_is(counts: list[int]) -> None:
    for count, cell in zip(counts, hide(counts), strict=True):
        assert cell in {None, count}
        assert (cell is None) or not 0 < count < LEAST
        assert count or cell == 0


def test_of_too_few_there_is_no_per_cent_and_halves_go_up() -> None:
    assert percent(2, 4) is None
    assert percent(1, 8) == 13
    assert percent(5, 5) == 100
