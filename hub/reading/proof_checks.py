"""What was checked about a proof, a line each: fine, or to be looked at. Decides nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hub.places import BANDS, Band
from hub.store.tables import Proof
from hub.times import say_time

Check = tuple[bool, str]  # fine, in words
CLOSE = 60  # minutes before and after the appointment that are close to it


def checks_of(proof: Proof, zone: str) -> list[Check]:
    checks, minutes = proof.checks, proof.appointment.minutes
    return [*_code(checks, zone), *_place(checks), *_times(checks, minutes), *_picture(checks)]


def _code(checks: dict[str, Any], zone: str) -> Iterator[Check]:
    code = checks.get("code")
    if code == "right":
        yield True, "The code was right"
    elif code in {"late", "ahead"}:
        shown = say_time(datetime.fromisoformat(checks["shown_at"]), zone)
        yield False, f"The code was on the screen at {shown}" + (", before it was sent" if code == "late" else " only")
    elif code == "other_venue":
        yield False, f"The code was on the screen of another place: {checks.get('other_place', '')}"
    if checks.get("wrong_codes"):
        yield False, f"Codes that did not fit: {checks['wrong_codes']}"


def _place(checks: dict[str, Any]) -> Iterator[Check]:
    if "place" in checks:
        there = bool(checks.get("there"))
        words = "At the venue" if there else "Not at the venue"
        band = BANDS[Band(checks["place"])]
        yield there, f"{words}: {band}" if checks["place"] != Band.NO_VENUE else f"Place {band}"


def _times(checks: dict[str, Any], minutes: int) -> Iterator[Check]:
    if "taken" in checks:
        yield _is_close(checks["taken"], minutes), f"Taken {_from_start(int(checks['taken']))}, says the camera"
    if "minutes_after_start" in checks:
        near = _is_close(checks["minutes_after_start"], minutes)
        yield near, "It came close to the appointment" if near else "It came far from the appointment"
    if checks.get("minutes_on_its_way"):
        yield True, f"It was {checks['minutes_on_its_way']} minutes on its way: no signal, or we were away"


def _picture(checks: dict[str, Any]) -> Iterator[Check]:
    if "seen_before" in checks:
        seen = bool(checks["seen_before"])
        again = (
            "It looks like a photo that was used before" if checks.get("alike") else "The same photo was used before"
        )
        yield not seen, again if seen else "The photo was not used before"


def _is_close(after_start: Any, minutes: int) -> bool:
    return -CLOSE <= int(after_start) <= minutes + CLOSE


def _from_start(minutes: int) -> str:
    if minutes == 0:
        return "as it began"
    ago = f"{abs(minutes)} minute{'' if abs(minutes) == 1 else 's'}"
    return f"{ago} after the start" if minutes > 0 else f"{ago} before the start"
