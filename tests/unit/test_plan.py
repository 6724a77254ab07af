"""When a nudge goes out: windows, expiry, quiet hours, bank holidays, clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.nudges.plan import Calendar, plan
from hub.nudges.rules import NudgeRule
from hub.times import in_window, local
from hub.words import Awaiting, Priority, Purpose

CALENDAR = Calendar("Europe/London", "ENG", time(8), time(20))


def rule(**parts: Any) -> NudgeRule:
    given_parts: dict[str, Any] = {
        "name": "r", "subject": "appointment", "given": "standing", "days": -1, "at": time(10), "until": time(19),
        "minutes": 0, "expires_before_minutes": 60, "lasts_minutes": 540, "holidays": "keep", "text": "t.t",
        "awaiting": Awaiting.NOTHING, "purpose": Purpose.REMINDER, "priority": Priority.REMINDER, "to": "person",
        "topic": "t",
    }  # fmt: skip
    return NudgeRule(**given_parts | parts)


def test_one_day_before_at_ten() -> None:
    slot = plan(rule(), datetime(2026, 3, 3, 14, tzinfo=UTC), CALENDAR)
    assert slot.due_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert slot.expires_at == datetime(2026, 3, 2, 19, tzinfo=UTC)


def test_the_wall_clock_counts_across_the_spring_change() -> None:
    slot = plan(rule(days=-3), datetime(2026, 3, 31, 13, tzinfo=UTC), CALENDAR)  # 2pm summer time
    assert slot.due_at == datetime(2026, 3, 28, 10, tzinfo=UTC)  # 10am winter time
    slot = plan(rule(), datetime(2026, 3, 31, 13, tzinfo=UTC), CALENDAR)
    assert slot.due_at == datetime(2026, 3, 30, 9, tzinfo=UTC)  # 10am summer time


def test_a_bank_holiday_moves_the_reminder_earlier_when_the_rule_says_so() -> None:
    # Good Friday is 3 April 2026, Easter Monday 6 April.
    tuesday = datetime(2026, 4, 7, 10, tzinfo=UTC)
    assert local(plan(rule(holidays="earlier"), tuesday, CALENDAR).due_at, "Europe/London").date() == date(2026, 4, 5)
    assert local(plan(rule(), tuesday, CALENDAR).due_at, "Europe/London").date() == date(2026, 4, 6)


def test_never_nearer_to_the_appointment_than_the_rule_allows() -> None:
    same_day = rule(days=0, at=time(8), until=time(20), expires_before_minutes=90)
    slot = plan(same_day, datetime(2026, 3, 3, 9, tzinfo=UTC), CALENDAR)
    assert slot.expires_at == datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    assert not slot.possible


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(-14, 14), st.times(), st.integers(0, 5000))
def test_whatever_the_rule_a_nudge_is_due_at_a_permitted_hour(
    subject_at: datetime, days: int, at: time, minutes: int
) -> None:
    for one in (
        rule(days=days, at=at.replace(second=0, microsecond=0), until=None),
        rule(at=None, until=None, minutes=minutes),
    ):
        slot = plan(one, subject_at, CALENDAR)
        assert in_window(slot.due_at, time(8), time(20), "Europe/London")


@given(MOMENTS)
def test_moving_an_appointment_by_whole_weeks_moves_the_wall_clock_of_its_reminder_by_nothing(
    moment: datetime,
) -> None:
    before = local(plan(rule(), moment, CALENDAR).due_at, "Europe/London")
    after = local(plan(rule(), moment + timedelta(days=364), CALENDAR).due_at, "Europe/London")
    assert before.time() == after.time() == time(10)
