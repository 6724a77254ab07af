"""What can go wrong between us and a phone, on demand and by a seed. Knows nothing of texts or of time."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Faults:
    """Each figure is the share of cases (0 to 1) in which it happens. One seed, one course."""

    seed: int = 0
    # When we send: at most one of these happens, so their sum must not pass 1.
    refuse: float = 0.0
    try_later: float = 0.0
    uncertain_before: float = 0.0  # the line broke, and the text did not leave
    uncertain_after: float = 0.0  # the line broke, and the text did leave
    # What a provider reports about a text.
    duplicate_receipt: float = 0.0
    late_receipt: float = 0.0
    reordered_receipts: float = 0.0  # "delivered" is reported before "sent"
    # What a person writes.
    duplicate_inbound: float = 0.0  # the webhook comes twice
    lost_inbound: float = 0.0  # the webhook never comes; only `received_since` knows

    def __post_init__(self) -> None:
        if self.refuse + self.try_later + self.uncertain_before + self.uncertain_after > 1:
            raise ValueError("The shares of the sending faults add up to more than 1.")


NO_FAULTS = Faults()
SENDING_FAULTS = ("refuse", "try_later", "uncertain_before", "uncertain_after")
QUESTIONS = (
    "sending",
    "duplicate_receipt",
    "late_receipt",
    "reordered_receipts",
    "duplicate_inbound",
    "lost_inbound",
)


class Dice:
    """Rolls for the faults. A row of rolls for each, so that one figure shifts no other's course."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._rolls = {name: Random(f"{faults.seed}/{name}") for name in QUESTIONS}  # noqa: S311  # not a secret

    def happens(self, fault: str) -> bool:
        share: float = getattr(self.faults, fault)
        return self._rolls[fault].random() < share

    def sending_fault(self) -> str:
        """The name of the fault that this sending meets, or nothing."""
        roll = self._rolls["sending"].random()
        for fault in SENDING_FAULTS:
            roll -= getattr(self.faults, fault)
            if roll < 0:
                return fault
        return ""
