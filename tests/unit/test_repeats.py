"""How appointments repeat: plain words and RRULEs, the time on the wall across both clock changes, exceptions."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr
from hypothesis import given
from hypothesis import strategies as st

from hub import repeats
from hub.errors import BadRepeats
from hub.times import at_local

LONDON = "Europe/London"
TUESDAY = date(2026, 3, 3)
TWO = time(14)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("weekly", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"),
        ("Every Tuesday", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"),
        ("every other Tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("every 4 weeks", "FREQ=WEEKLY;INTERVAL=4;BYDAY=TU"),
        ("every Tuesday and Thursday", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,TH"),
        ("every working day", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every month", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=3"),
        ("the first Tuesday of the month", "FREQ=MONTHLY;BYDAY=1TU"),
        ("every Tuesday until 30 June 2026", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;UNTIL=20260630"),
        ("weekly, 6 times", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=6"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630T130000Z", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630T125959Z", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260629"),
    ],
)
def test_plain_words_and_rules_are_read(words: str, rule: str) -> None:
    assert repeats.read(words, TUESDAY, TWO, LONDON).rule == rule


@pytest.mark.parametrize(
    "words",
    ["now and then", "every blue moon", "every Wednesday", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "weekly until soon",
     "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;COUNT=2;UNTIL=20260101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
     "FREQ=WEEKLY;UNTIL=20269999"],
)  # fmt: skip
def test_what_is_no_rule_or_misses_its_first_day_is_refused(words: str) -> None:
    with pytest.raises(BadRepeats):
        repeats.read(words, TUESDAY, TWO, LONDON)


def test_days_that_are_left_out_have_none() -> None:
    found = repeats.read("every Tuesday, 4 times except 10/03/2026 and 2026-03-24", TUESDAY, TWO, LONDON)
    assert found.days(TUESDAY, date.min, date(2026, 12, 31)) == [TUESDAY, date(2026, 3, 17)]


def test_a_weekly_appointment_at_two_stays_at_two_when_the_clocks_change() -> None:
    found = repeats.read("every Tuesday", TUESDAY, TWO, LONDON)
    moments = [at_local(day, TWO, LONDON) for day in found.days(TUESDAY, date.min, date(2026, 11, 30))]
    assert {moment.astimezone(ZoneInfo(LONDON)).time() for moment in moments} == {TWO}
    assert {moment.hour for moment in moments} == {13, 14}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("every other Tuesday", "every 2 weeks on Tuesday"),
        ("every Tuesday until 30/06/2026", "every week on Tuesday until 30 June 2026"),
        ("weekly, 3 times", "every week on Tuesday, 3 times"),
        ("the first Tuesday of the month", "FREQ=MONTHLY;BYDAY=1TU"),
    ],
)
def test_a_rule_is_said_in_words_where_they_are_plain(words: str, said: str) -> None:
    assert repeats.in_words(repeats.read(words, TUESDAY, TWO, LONDON)) == said


RULES = st.builds(
    "FREQ={};INTERVAL={}{}".format,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 4),
    st.sampled_from(["", ";COUNT=9", ";UNTIL=20261101", ";UNTIL=20260329T010000Z", ";UNTIL=20261025T010000Z"]),
)


@given(RULES, st.dates(date(2025, 9, 1), date(2026, 12, 1)), st.times(), st.sets(st.integers(0, 300), max_size=5))
def test_the_days_are_those_of_an_aware_rule_with_the_same_exceptions(
    rule: str, first_on: date, clock: time, out: set[int]
) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)  # what the autumn repeats means the first
    left_out = tuple(first_on + timedelta(days=ahead) for ahead in sorted(out))
    zone, last = ZoneInfo(LONDON), first_on + timedelta(days=420)
    try:
        read = repeats.read(rule, first_on, clock, LONDON)
    except BadRepeats:
        return  # ends before it begins
    theirs = rruleset()
    theirs.rrule(rrulestr(_aware(rule), dtstart=datetime.combine(first_on, clock, zone)))
    for day in left_out:
        theirs.exdate(datetime.combine(day, clock, zone))
    expected = theirs.between(
        datetime(2000, 1, 1, tzinfo=UTC), datetime.combine(last, time(23, 59, 59), zone), inc=True
    )
    ours = repeats.Repeats(read.rule, left_out).days(first_on, date.min, last)
    assert ours == [moment.date() for moment in expected]
    assert [at_local(day, clock, LONDON) for day in ours] == [moment.astimezone(UTC) for moment in expected]


def _aware(rule: str) -> str:
    """A day alone counts to its end; the peer wants a moment in UTC."""
    return rule.replace("UNTIL=20261101", "UNTIL=20261101T235959Z") if rule.endswith("UNTIL=20261101") else rule
