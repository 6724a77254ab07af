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
    throttle: float = 0.0  # too many at once: come again after a time that the carrier says
    # What becomes of a text that was taken: at most one of these.
    lost: float = 0.0  # it never reaches the phone, and the carrier says so
    delayed: float = 0.0  # it reaches the phone an hour later
    # What a provider reports about a text.
    duplicate_receipt: float = 0.0
    late_receipt: float = 0.0
    reordered_receipts: float = 0.0  # "delivered" is reported before "sent"
    wrong_receipt: float = 0.0  # about a text that nobody knows, and against what was reported before
    # What a person writes.
    duplicate_inbound: float = 0.0  # the webhook comes twice
    lost_inbound: float = 0.0  # the webhook never comes; only `received_since` knows
    reordered_inbound: float = 0.0  # the webhook comes minutes later, after that of a later text

    def __post_init__(self) -> None:
        if sum(getattr(self, name) for name in SENDING_FAULTS) > 1:
            raise ValueError("The shares of the sending faults add up to more than 1.")


SENDING_FAULTS = ("refuse", "try_later", "uncertain_before", "uncertain_after", "throttle")
NO_FAULTS = Faults()


class Dice:
    """Rolls for the faults: each case by its own name, so that neither the order of cases nor another's figure shifts
    what happens to it."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def happens(self, fault: str, case: str) -> bool:
        share: float = getattr(self.faults, fault)
        return share > 0 and self._roll(fault, case) < share

    def sending_fault(self, case: str) -> str:
        """The name of the fault that this sending meets, or nothing."""
        roll = self._roll("sending", case)
        for fault in SENDING_FAULTS:
            roll -= getattr(self.faults, fault)
            if roll < 0:
                return fault
        return ""

    def _roll(self, question: str, case: str) -> float:
        return Random(f"{self.faults.seed}/{question}/{case}").random()  # noqa: S311 - not a secret
