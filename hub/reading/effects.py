"""What a change would do (`hub/foresight.py`), in words. Knows no screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.core import Hub
from hub.foresight import Foreseen, Planned, Told
from hub.reading.plan import distance
from hub.times import say_when


@dataclass(frozen=True, slots=True)
class Effect:
    """`sentence` counts; the lists say which. `told`: what the person is told at once."""

    sentence: str
    gone: list[str]
    coming: list[str]
    told: Sequence[Told]


def in_words(hub: Hub, foreseen: Foreseen, zone: str, doing: str) -> Effect:
    """`doing` begins the sentence: "Moving this" cancels 2 reminders and plans 3."""
    gone, coming = ([_line(hub, planned, zone) for planned in some] for some in (foreseen.gone, foreseen.coming))
    return Effect(_sentence(doing, len(gone), len(coming)), gone, coming, foreseen.told)


def _sentence(doing: str, gone: int, coming: int) -> str:
    if not gone and not coming:
        return f"{doing} changes no reminders."
    cancels = f"cancels {_reminders(gone)}" if gone else ""
    plans = (f"plans {coming}" if gone else f"plans {_reminders(coming)}") if coming else ""
    return f"{doing} {' and '.join(part for part in (cancels, plans) if part)}."


def _reminders(number: int) -> str:
    return f"{number} reminder{'' if number == 1 else 's'}"


def _line(hub: Hub, planned: Planned, zone: str) -> str:
    rule = hub.flows.nudges.get(planned.rule)
    words = f"{say_when(planned.due_at, zone)}, {distance(rule)}" if rule else say_when(planned.due_at, zone)
    return f"{words} (to a supporter)" if planned.supporter else words
