"""What a simulation shows: figures, broken promises with the last facts of the conversation, the smallest command."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console

from handrail.settings import Settings
from handrail.simulation.figures import MINUTES_TO_READ, MINUTES_TO_WRITE
from handrail.simulation.run import Outcome, run
from handrail.simulation.scene import Options
from handrail.simulation.shrink import command
from handrail.simulation.shrink import shrink as shrunk

SHOWN = 20  # violations


def show(settings: Settings, options: Options, *, as_json: bool = False, shrink: bool = True) -> int:
    """Run and print. Returns 0 when every promise held, else 1."""
    say = Console(highlight=False, soft_wrap=True, markup=False).print
    outcome = smallest = run(settings, options)
    for line in lines(outcome):
        say(line)
    if outcome.violations and shrink:
        say("Looking for the smallest course that breaks the same promise …")
        smallest = shrunk(lambda fewer: run(settings, fewer), outcome)
        say("\n".join([command(smallest.options), *(f"  {fact}" for fact in smallest.violations[0].facts)]))
    if as_json:
        say(json.dumps(as_object(outcome, smallest)))
    return 1 if outcome.violations else 0


def as_object(outcome: Outcome, smallest: Outcome) -> dict[str, object]:
    """The JSON of a simulation: violations, figures, and how to see it again."""
    options = outcome.options
    return {
        "people": options.people,
        "days": options.days,
        "seed": options.seed,
        "faults": sorted(options.faults),
        "violations": [asdict(violation) | {"at": violation.at.isoformat()} for violation in outcome.violations],
        "smallest": command(smallest.options) if outcome.violations else "",
        "figures": outcome.figures.as_dict(),
        "fingerprint": outcome.fingerprint,
        "seconds": outcome.seconds,
    }


def lines(outcome: Outcome) -> Iterator[str]:
    figures = outcome.figures
    yield f"{command(outcome.options)}: {outcome.seconds} s, history {outcome.fingerprint[:16]}"
    for name, value in figures.as_dict().items():
        if isinstance(value, dict):
            value = ", ".join(f"{n} {what}" for what, n in value.items()) or "none"
        yield f"  {name.replace('_', ' ')}: {value}"
    yield f"  (hours saved: {MINUTES_TO_WRITE} minutes for each text out, {MINUTES_TO_READ} for each one in)"
    yield f"Broken promises: {len(outcome.violations) or 'none'}"
    for violation in outcome.violations[:SHOWN]:
        yield f"  {violation.at:%Y-%m-%d %H:%M} {violation.promise}: {violation.what}"
