"""When a nudge goes out: windows, expiry, quiet hours, bank holidays, clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.nudges.plan import Calendar, plan
from hub.nudges.rules import NudgeRule
from hub.times import in_window, local
from hub.words import Awaiting, Priority, Purpose
from hub.working_time import bank_holidays, is_working_day

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


ZONES = st.sampled_from([("ENG", "Europe/London"), ("WLS", "Europe/London"), ("SCT", "Europe/London")])
HOURS = st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda hours: hours[0] != hours[1])


@given(
    MOMENTS,
    ZONES,
    HOURS,
    st.integers(-10, 10),
    st.sampled_from(["working", "earlier", "later", "keep"]),
    st.times(),
)
def test_a_planned_moment_is_permitted_on_the_clock_and_on_a_day_that_the_rule_means(
    subject_at: datetime, place: tuple[str, str], hours: tuple[int, int], days: int, kind: str, at: time
) -> None:
    calendar = Calendar(place[1], place[0], time(hours[0]), time(hours[1]))
    parts: dict[str, Any] = {"at": at.replace(second=0, microsecond=0), "until": None}
    one = rule(**parts, working_days=days) if kind == "working" else rule(**parts, days=days, holidays=kind)
    slot = plan(one, subject_at, calendar)
    there = local(slot.due_at, place[1])
    assert in_window(slot.due_at, calendar.contact_from, calendar.contact_until, place[1])
    assert there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) == there.replace(tzinfo=None)
    assert not (kind == "working" and days and not is_working_day(there.date(), place[0]))
    assert not (kind != "keep" and kind != "working" and there.date() in bank_holidays(place[0]))


@pytest.mark.parametrize(
    ("nation", "day"),
    [("ENG", date(2026, 11, 30)), ("SCT", date(2026, 12, 1))],  # St Andrew's Day is a holiday in Scotland alone
)
def test_the_bank_holidays_are_those_of_the_nation(nation: str, day: date) -> None:
    calendar = Calendar("Europe/London", nation, time(8), time(20))
    tuesday = datetime(2026, 12, 2, 10, tzinfo=UTC)
    slot = plan(rule(days=-2, holidays="later"), tuesday, calendar)
    assert local(slot.due_at, "Europe/London").date() == day


def test_two_working_days_before_a_tuesday_is_the_friday_and_before_easter_it_is_the_thursday() -> None:
    before = {
        datetime(2026, 3, 3, 14, tzinfo=UTC): date(2026, 2, 27),
        datetime(2026, 4, 8, 14, tzinfo=UTC): date(2026, 4, 2),
    }
    for subject_at, day in before.items():
        assert local(plan(rule(working_days=-2), subject_at, CALENDAR).due_at, "Europe/London").date() == day


def test_of_the_hour_that_autumn_repeats_a_nudge_takes_the_first_and_spring_has_none() -> None:
    night = Calendar("Europe/London", "ENG", time(1), time(2))
    at_half_past = rule(days=0, at=time(1, 30), until=None)
    autumn, spring = datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert plan(at_half_past, autumn, night).due_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert plan(at_half_past, spring, night).due_at == datetime(2026, 3, 30, 0, tzinfo=UTC)


@given(MOMENTS)
def test_moving_an_appointment_by_whole_weeks_moves_the_wall_clock_of_its_reminder_by_nothing(
    moment: datetime,
) -> None:
    before = local(plan(rule(), moment, CALENDAR).due_at, "Europe/London")
    after = local(plan(rule(), moment + timedelta(days=364), CALENDAR).due_at, "Europe/London")
    assert before.time() == after.time() == time(10)
