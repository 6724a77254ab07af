"""The faults of a simulation by name: what a list on the command line can hold, and how often each happens.

Knows nothing of how a fault is played.
"""

from collections.abc import Collection

from hub.errors import BadSettings
from integrations.channels.simulator import Faults

# Shares of cases. High on purpose: what happens to one text in a thousand must happen in every simulation.
OF_THE_CARRIER = {
    "refuse": 0.003,
    "try_later": 0.04,
    "uncertain_before": 0.02,
    "uncertain_after": 0.02,
    "throttle": 0.03,
    "lost": 0.02,
    "delayed": 0.05,
    "duplicate_receipt": 0.1,
    "late_receipt": 0.05,
    "reordered_receipts": 0.1,
    "wrong_receipt": 0.05,
    "duplicate_inbound": 0.1,
    "lost_inbound": 0.03,
    "reordered_inbound": 0.05,
}
OF_THE_HOUSE = {
    "assistant_slow": 0.05,  # of its answers: it thinks for longer than a lease
    "assistant_gone": 0.15,  # of the hours: it does not answer at all
    "crashes": 0.03,  # of all rounds of work: the worker dies in the middle
    "sudden_changes": 0.05,  # of the appointments each week: moved or called off at a bad moment
    "stopped_clock": 1.0,  # once: no scheduler for a day
    "clock_changes": 1.0,  # the days are chosen so that the clocks change: in spring or, with an odd seed, in autumn
}
ALL = frozenset(OF_THE_CARRIER) | frozenset(OF_THE_HOUSE)


def chosen(words: str) -> frozenset[str]:
    """`all`, `none` or names with commas between them. Raises `BadSettings` for a name that is none."""
    if words in {"all", "none"}:
        return ALL if words == "all" else frozenset()
    names = frozenset(name.strip() for name in words.split(",") if name.strip())
    if unknown := names - ALL:
        raise BadSettings(f"No such faults: {', '.join(sorted(unknown))}. There are: {', '.join(sorted(ALL))}.")
    return names


def of_the_carrier(seed: int, names: Collection[str]) -> Faults:
    return Faults(seed, **{name: share for name, share in OF_THE_CARRIER.items() if name in names})
