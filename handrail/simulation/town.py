"""The people of a simulation: on which side, with what habit, and on whose phone others may look.

Made by the seed alone, each person from a row of chances of their own, so that the same person stays the same in a
smaller simulation. Every first name, place and worker's name carries the mark of its side: a mark on the other side's
phone is a leak. Numbers are from the range kept for fiction. Knows no store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from random import Random

from hub.words import Role, Sees, Side

LINES = {Side.SUPERVISION: "+447700900001", Side.VICTIMS: "+447700900002"}
MARKS = {Side.SUPERVISION: "Larch", Side.VICTIMS: "Rowan"}
VICTIMS = 0.25
SUPPORTERS = 0.12
MENTORS = 0.3  # of the supporters: stand by a second person, too
SEES = (Sees.CHAT, Sees.CHAT, Sees.CHAT, Sees.PROGRESS, Sees.DATES)
SAME_PHONE = 0.1  # of the victims: with somebody of the other side, or being it themselves
FIRST_NUMBER, NUMBERS = 900_100, 900


class Habit(StrEnum):
    """How somebody answers."""

    FAST = "fast"  # within minutes
    SLOW = "slow"  # within a day or two
    NEVER = "never"
    BURSTS = "bursts"  # three texts in a row
    TWO_PARTS = "two_parts"  # "cant make it" / "can we do friday"
    STOPS = "stops"  # STOP in the middle of it, START days later
    NO_SIGNAL = "no_signal"  # for days; then everything at once
    WRONG_PERSON = "wrong_person"  # somebody else holds this number


HABITS = (
    *[Habit.FAST] * 8,
    *[Habit.SLOW] * 5,
    *[Habit.NEVER] * 3,
    *[Habit.BURSTS] * 2,
    *[Habit.TWO_PARTS] * 2,
    Habit.STOPS,
    Habit.NO_SIGNAL,
)
WRONG_PERSON = 0.01
WINDOWS = ((time(10), time(12)), (time(19), time(21, 30)), (time(22), time(1)), (time(6), time(7, 30)))


@dataclass(frozen=True, slots=True)
class Somebody:
    """`safe`: the safe-contact window, local; None: the agency's hours."""

    number: int
    side: Side
    role: Role
    habit: Habit
    address: str
    first_name: str
    language: str = "en"
    discreet: bool = False
    safe: tuple[time, time] | None = None
    stands_by: tuple[int, ...] = ()  # the numbers of the people that a supporter stands by
    sees: Sees = Sees.DATES  # of a supporter: what those people let them see

    @property
    def line(self) -> str:
        return LINES[self.side]


def make_town(people: int, seed: int) -> Sequence[Somebody]:
    """So many people, on both sides."""
    town: list[Somebody] = []
    for number in range(people):
        town.append(_somebody(number, Random(f"{seed}/person/{number}"), town))  # noqa: S311 - not a secret
    return town


def _somebody(number: int, chance: Random, before: Sequence[Somebody]) -> Somebody:
    kind = chance.random()
    side = Side.VICTIMS if kind < VICTIMS else Side.SUPERVISION
    role = Role.VICTIM if side is Side.VICTIMS else Role.SUPERVISED
    stood_by = _some_supervised(chance, before) if kind > 1 - SUPPORTERS else ()
    habit = Habit.WRONG_PERSON if chance.random() < WRONG_PERSON else chance.choice(HABITS)
    victim = side is Side.VICTIMS
    return Somebody(
        number=number,
        side=side,
        role=Role.SUPPORTER if stood_by else role,
        habit=habit,
        address=_address(number, chance, before) if victim else own_address(number),
        first_name=f"{chance.choice(NAMES)}-{MARKS[side]}",
        language="cy" if chance.random() < 0.1 else "en",
        discreet=chance.random() < (0.5 if victim else 0.05),
        safe=chance.choice(WINDOWS) if chance.random() < (0.4 if victim else 0.02) else None,
        stands_by=stood_by,
        sees=chance.choice(SEES) if stood_by else Sees.DATES,
    )


NAMES = ("Aaron", "Beth", "Callum", "Dylan", "Ella", "Femi", "Grace", "Hamza", "Isla", "Jade", "Leah", "Nia", "Rhys")


def own_address(number: int) -> str:
    """More people than invented numbers: the number of the round is put behind it."""
    again, first = divmod(number, NUMBERS)
    return f"+447700{FIRST_NUMBER + first}" + (f"/{again}" if again else "")


def _address(number: int, chance: Random, before: Sequence[Somebody]) -> str:
    """Their own phone, or one that somebody of the other side has, too."""
    others = [one.address for one in before[-20:] if one.side is Side.SUPERVISION]
    taken = {one.address for one in before[-40:] if one.side is Side.VICTIMS}
    free = [address for address in others if address not in taken]
    return chance.choice(free) if free and chance.random() < SAME_PHONE else own_address(number)


def _some_supervised(chance: Random, before: Sequence[Somebody]) -> tuple[int, ...]:
    candidates = [one.number for one in before[-50:] if one.role is Role.SUPERVISED]
    return tuple(chance.sample(candidates, min(len(candidates), 2 if chance.random() < MENTORS else 1)))
