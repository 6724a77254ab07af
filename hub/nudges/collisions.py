"""When a nudge is due while something else goes on with the same person: it waits, is left out, or is said together.

A rule says which with `collides:`. A person in the middle of a talk, or with a text that came minutes ago, answers the
wrong question. Waiting never makes a nudge miss its own end: at the last call it goes out all the same. Pure; knows
neither texts nor the store.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.nudges.plan import Calendar
from hub.times import in_window, next_in_window

LIVE = timedelta(minutes=15)  # since they wrote: most answers to a text come within minutes
HELD_LIVE = timedelta(hours=2)  # since anything was said while a worker holds: humans type between other work
LOOK_AGAIN = timedelta(minutes=15)  # how long a nudge waits for a worker before it looks again
APART = timedelta(minutes=30)  # between two nudges: time to answer the first
LAST_CALL = timedelta(minutes=10)  # before its expiry: enough to be sent


@dataclass(frozen=True, slots=True)
class Going:
    """What goes on with a person: when they wrote, when anything was said while a worker holds, the last nudge."""

    wrote_at: datetime | None = None
    held_since: datetime | None = None
    nudged_at: datetime | None = None
    asked_if_safe_until: datetime | None = None  # “are you safe?” is open: no other question may take its answer


@dataclass(frozen=True, slots=True)
class Collision:
    """What is in the way, a key of `hub.nudges.reasons.REASONS`, and until when."""

    reason: str
    until: datetime


def collision(going: Going, now: datetime) -> Collision | None:
    if going.asked_if_safe_until and now < going.asked_if_safe_until:
        return Collision("asked_if_safe", going.asked_if_safe_until)
    if going.held_since and now < going.held_since + HELD_LIVE:
        return Collision("held_conversation", now + LOOK_AGAIN)
    if going.wrote_at and now < going.wrote_at + LIVE:
        return Collision("live_conversation", going.wrote_at + LIVE)
    if going.nudged_at and now < going.nudged_at + APART:
        return Collision("another_nudge", going.nudged_at + APART)
    return None


def wait_until(found: Collision, expires_at: datetime, calendar: Calendar, now: datetime) -> datetime | None:
    """When to try again, at a permitted hour and before the last call; None when it is now or never."""
    start, end, zone = calendar.contact_from, calendar.contact_until, calendar.time_zone
    last_call = expires_at - LAST_CALL
    wish = next_in_window(found.until, start, end, zone)
    if wish < last_call:
        return wish
    return last_call if now < last_call and in_window(last_call, start, end, zone) else None
