"""What finds a crossing finds one: marks, numbers in every way of writing them, references; and every route has its
blanks filled, also a route that is made tomorrow.
"""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.store.tables import Person
from hub.words import Role, Side
from tests.wall.households import Drawn
from tests.wall.marks import OTHER, Book, households_of, marks_in, new_mark
from tests.wall.places import Unfilled, blanks_of, routes
from tests.wall.rows import read_rows
from tests.world import World


@given(st.sampled_from(list(Side)), st.integers(0, 999), st.text(), st.text())
def test_a_mark_is_found_in_any_words_and_names_its_household(side: Side, number: int, before: str, after: str) -> None:
    mark = new_mark(Random(number), side, number)
    for written in (mark, mark.title(), mark.upper()):
        found = Book().crossed(f"{before} {written} {after}", OTHER[side])
        assert written in found
        assert number in households_of(found)
        assert written not in Book().crossed(f"{before} {written} {after}", side)


@pytest.mark.parametrize("written", ["+447700900123", "07700900123", "07700 900123", "+44 7700 900123"])
def test_a_number_of_one_side_is_found_however_it_is_written(written: str) -> None:
    book = Book()
    book.add_number("+447700900123", Side.VICTIMS)
    assert book.crossed(f"Call {written}.", Side.SUPERVISION) == [written]
    assert book.crossed(f"Call {written}.", Side.VICTIMS) == []
    book.add_number("+447700900123", Side.SUPERVISION)
    assert book.crossed(f"Call {written}.", Side.SUPERVISION) == [], "it is theirs too"


def test_a_reference_of_the_other_side_is_found() -> None:
    book = Book(refs={"BCDF2345": Side.VICTIMS})
    assert book.crossed("/people/BCDF2345/messages", Side.SUPERVISION) == ["BCDF2345"]
    assert book.crossed("/people/BCDF2345/messages", Side.VICTIMS) == []


def test_no_word_of_ours_is_a_mark() -> None:
    assert marks_in("zs017 zv01 zv012aeio sv017bcdf") == ["zv012aeio"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_blank_of_every_route_can_be_filled(method: str) -> None:
    assert len([blanks_of(path) for path in routes(method)]) > 50


@pytest.mark.parametrize(
    ("path", "where"),
    [("/people/{ref}/parrots/{number}", "MEANS in tests/wall/places.py"), ("/x/{colour}", "tests/web/test_walk.py")],
)
def test_a_route_that_nobody_can_fill_says_where_to_add_it(path: str, where: str) -> None:
    with pytest.raises(Unfilled, match=where):
        blanks_of(path)


@pytest.mark.parametrize("seed", ["a", "b"])
def test_a_household_is_the_same_when_it_is_drawn_alone(seed: str) -> None:
    one, two = Drawn(seed, 17), Drawn(seed, 17)
    assert (one.shared, one.marks, one.agencies) == (two.shared, two.marks, two.agencies)
    assert Drawn(seed, 18).marks != one.marks


async def test_a_row_that_names_both_sides_is_found(world: World) -> None:
    """A key that no table of ours forbids: who looks after somebody may be of the other side, if nobody checks."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM)
        assert (await read_rows(session)).of_two_sides() == []
        (await session.get_one(Person, person.id)).worker_id = world.workers[Side.SUPERVISION]
        await session.flush()
        assert f"people ({person.id},)" in (await read_rows(session)).of_two_sides()
