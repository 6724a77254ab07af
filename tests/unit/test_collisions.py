"""What else goes on with a person decides when a nudge goes out, never whether it is late."""

import ast
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hub.nudges.collisions import APART, LAST_CALL, LIVE, Collision, Going, collision, wait_until
from hub.nudges.plan import Calendar
from hub.nudges.reasons import REASONS
from hub.times import in_window
from tests.world import ROOT

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAYTIME = Calendar("Europe/London", "ENG", time(8), time(20))
MINUTES = st.integers(1, 3000).map(lambda minutes: timedelta(minutes=minutes))


def test_nothing_is_in_the_way_of_somebody_who_has_been_quiet() -> None:
    long_ago = NOW - timedelta(days=1)
    assert collision(Going(long_ago, long_ago, long_ago), NOW) is None
    assert collision(Going(), NOW) is None


def test_a_talk_goes_before_another_nudge() -> None:
    wrote, nudged = NOW - timedelta(minutes=1), NOW - timedelta(minutes=2)
    assert collision(Going(wrote_at=wrote, nudged_at=nudged), NOW) == Collision("live_conversation", wrote + LIVE)
    assert collision(Going(nudged_at=nudged), NOW) == Collision("another_nudge", nudged + APART)
    found = collision(Going(wrote_at=wrote, held_since=wrote), NOW)
    assert found
    assert found.reason == "held_conversation"


@given(st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 1), timezones=st.just(UTC)), MINUTES, MINUTES)  # noqa: DTZ001
def test_waiting_ends_at_a_permitted_hour_and_before_the_expiry(
    now: datetime, busy: timedelta, left: timedelta
) -> None:
    until = wait_until(Collision("another_nudge", now + busy), now + left, DAYTIME, now)
    if until is not None:
        assert now < until <= now + left - LAST_CALL
        assert in_window(until, DAYTIME.contact_from, DAYTIME.contact_until, DAYTIME.time_zone)


def test_at_the_last_call_it_goes_out_all_the_same() -> None:
    busy = Collision("held_conversation", NOW + timedelta(minutes=15))
    assert wait_until(busy, NOW + timedelta(minutes=20), DAYTIME, NOW) == NOW + timedelta(minutes=10)
    assert wait_until(busy, NOW + timedelta(minutes=9), DAYTIME, NOW) is None


def test_every_reason_that_a_nudge_is_given_has_plain_words() -> None:
    given_ones = {reason for file in (ROOT / "hub/nudges").glob("*.py") for reason in _reasons(file)}
    given_ones |= set(re.findall(r'nudge.reason = now, "(\w+)"', (ROOT / "hub/appointments.py").read_text()))
    assert len(given_ones) > 10
    assert given_ones <= REASONS.keys()
    assert not [words for words in REASONS.values() if "_" in words]


def _reasons(file: Path) -> set[str]:
    """The words beside a state, and those that say what is in the way."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Verdict", "Collision"}:
            found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
        if isinstance(node, ast.FunctionDef) and node.name in {"obstacle", "_state"}:
            words = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            found |= {word for word in words if re.fullmatch(r"[a-z_]+", word)}
    return found
