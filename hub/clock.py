"""Now, as something that is given and never taken. Tests and the demo give their own."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ShiftedClock:
    """The real clock, pushed forward: for the demo and the simulation. Never goes back."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def push_to(self, moment: datetime) -> None:
        self.ahead = max(self.ahead, moment - datetime.now(UTC))


class FixedClock:
    """Stands still until told. For tests and transcripts."""

    def __init__(self, at: datetime) -> None:
        check_aware(at)
        self.at = at

    def now(self) -> datetime:
        return self.at

    def push(self, by: timedelta) -> None:
        self.at += by

    def push_to(self, moment: datetime) -> None:
        self.at = max(self.at, moment)


def check_aware(moment: datetime) -> datetime:
    """Return `moment`; a time without a zone is a bug, never a guess."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment
