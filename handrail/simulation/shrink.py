"""From a simulation that broke a promise to the smallest one that still does: fewer days, fewer people, fewer faults.

Knows nothing of how one is run: that is given.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from handrail.simulation.run import Outcome
from handrail.simulation.scene import Options

Run = Callable[[Options], Outcome]
MOST_RUNS = 40


def shrink(run: Run, failed: Outcome) -> Outcome:
    """The smallest outcome found that breaks the same promise as the first violation of `failed`."""
    smallest, runs = failed, 0
    moved = True
    while moved and runs < MOST_RUNS:
        moved = False
        for options in _smaller(smallest):
            runs += 1
            outcome = run(options)
            if _breaks_the_same(outcome, failed):
                smallest, moved = outcome, True
                break
            if runs >= MOST_RUNS:
                break
    return smallest


def command(options: Options) -> str:
    """What to type to see it again."""
    faults = ",".join(sorted(options.faults)) or "none"
    return f"handrail simulate --people {options.people} --days {options.days} --seed {options.seed} --faults {faults}"


def _breaks_the_same(outcome: Outcome, failed: Outcome) -> bool:
    return any(violation.promise == failed.violations[0].promise for violation in outcome.violations)


def _smaller(outcome: Outcome) -> Iterator[Options]:
    """Big steps first: up to the day of the violation, half of the people or faults, then one less."""
    options = outcome.options
    until = (outcome.violations[0].at - outcome.began).days + 1
    for days in dict.fromkeys((until, options.days // 2, options.days - 1)):
        if 0 < days < options.days:
            yield replace(options, days=days)
    for people in dict.fromkeys((options.people // 2, options.people * 3 // 4, options.people - 1)):
        if 0 < people < options.people:
            yield replace(options, people=people)
    names = sorted(options.faults)
    half = len(names) // 2
    for kept in (names[:half], names[half:], *([n for n in names if n != name] for name in names)):
        if len(kept) < len(names):
            yield replace(options, faults=frozenset(kept))
