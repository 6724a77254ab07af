"""What is understood of a time, and of an answer. Nothing that is not a yes is ever read as one."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.safe_check_words import LEAST_MORE, MOST_MORE, Said, answer, asks_to_be_checked, behind, more_time, time_in
from hub.times import at_local, local
from tests.world import our_flows

LONDON = "Europe/London"
EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)  # a Monday
CHANGES = (date(2026, 3, 28), date(2026, 10, 24))  # the evenings before both clock changes


def said_at(text: str, now: datetime = EVENING) -> datetime | None:
    found = time_in(behind(text), now, LONDON)
    return found.at if found else None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("CHECK ON ME 22:30", "2 22:30"),
        ("check on me at 10", "2 22:00"),
        ("Check on me at 9.30pm please", "2 21:30"),
        ("check on me 2230", "2 22:30"),
        ("check on me at 7", "3 07:00"),
        ("check on me 07:30", "3 07:30"),
        ("check on me tonight at 10", "2 22:00"),
        ("check on me tonight at 1", "3 01:00"),
        ("check on me tomorrow 8am", "3 08:00"),
        ("check on me at 10 tomorrow morning", "3 10:00"),
        ("check on me half 10", "2 22:30"),
        ("check on me at midnight", "3 00:00"),
        ("check on me friday 9pm", "6 21:00"),
        ("check on me monday at 9pm", "2 21:00"),
        ("check on me in 2 hours", "2 22:00"),
        ("check on me in half an hour", "2 20:30"),
        ("check on me in an hour and a half", "2 21:30"),
        ("check on me in 90 mins", "2 21:30"),
        ("check on me in 1.5 hours", "2 21:30"),
        ("gwiriwch arna i am 22:30", "2 22:30"),
        ("gwiriwch arna i heno am 10", "2 22:00"),
        ("gwiriwch arna i mewn awr", "2 21:00"),
        ("gwiriwch arna i mewn hanner awr", "2 20:30"),
        ("gwiriwch arna i yfory am 8am", "3 08:00"),
    ],
)
def test_a_time_in_the_ways_that_people_write_it(text: str, clock: str) -> None:
    found = said_at(text)
    assert found
    assert f"{local(found, LONDON):%-d %H:%M}" == clock


@pytest.mark.parametrize(
    ("text", "days", "clock"),
    [
        ("check on me every day at 22:30", "MO TU WE TH FR SA SU", time(22, 30)),
        ("check on me every night at 10", "MO TU WE TH FR SA SU", time(22)),
        ("check on me mon wed fri 6pm", "MO WE FR", time(18)),
        ("check on me weekdays at 18:00", "MO TU WE TH FR", time(18)),
        ("check on me every monday at 7pm", "MO", time(19)),
        ("gwiriwch arna i bob nos am 10", "MO TU WE TH FR SA SU", time(22)),
    ],
)
def test_days_of_the_week(text: str, days: str, clock: time) -> None:
    found = time_in(behind(text), EVENING, LONDON)
    assert found
    assert (" ".join(found.weekdays), found.clock) == (days, clock)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "when he goes out",
        "at 25:00",
        "between 2 and 4",
        "at 8 or 9",
        "soon",
        "at 10 if im not back",
        "today at 7pm",
    ],
)
def test_what_is_no_one_time_is_not_guessed_at(words: str) -> None:
    assert time_in(words, EVENING, LONDON) is None


@given(st.times(), st.timedeltas(timedelta(0), timedelta(days=1000)))
def test_any_time_of_the_clock_is_the_next_one_that_the_clock_shows(clock: time, later: timedelta) -> None:
    now = EVENING + later
    clock = clock.replace(second=0, microsecond=0)
    found = time_in(f"at {clock:%I:%M%p}".lower(), now, LONDON)
    assert found
    assert found.at
    assert now < found.at <= now + timedelta(hours=25)
    day = local(found.at, LONDON).date()
    assert found.at in {at_local(day, clock, LONDON), at_local(day - timedelta(days=1), clock, LONDON)}


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(CHANGES), st.integers(18, 23))
def test_across_both_clock_changes_it_is_the_time_on_the_wall(hour: int, minute: int, day: date, evening: int) -> None:
    now = at_local(day, time(evening), LONDON)
    found = said_at(f"check on me at {hour:02}:{minute:02}", now)
    assert found
    shown, wall = local(found, LONDON), time(hour, minute)
    moved = wall.replace(hour=2) if shown.hour == 2 and hour == 1 else wall  # an hour that the spring leaves out
    either = {moved, moved.replace(hour=(moved.hour + 12) % 24)}
    assert shown.time() in either
    assert found > now


@given(st.integers(1, 600))
def test_so_many_minutes_from_now(minutes: int) -> None:
    assert said_at(f"check on me in {minutes} minutes") == EVENING + timedelta(minutes=minutes)


YES = ["safe", "I'm safe!", "im fine thanks", "yes im safe", "home safe", "dwi'n saff", "rwy'n ddiogel", "all good"]
NO = [
    "not safe",
    "im not safe",
    "No I'm not safe",
    "HELP",
    "help me please",
    "unsafe",
    "999",
    "dim yn saff",
    "helpwch fi",
]
LATER = ["later", "not yet", "ask me later", "30 more minutes", "give me 10 minutes", "dim eto", "mwy o amser"]
NEITHER = [
    "ok",
    "he is here",
    "who is this",
    "safe house",
    "is it safe",
    "im fine but he is not",
    "not",
    "am i safe",
    "k",
]


@pytest.mark.parametrize(
    ("text", "said"),
    [(text, said) for said, texts in zip((*Said, None), (YES, NO, LATER, NEITHER), strict=True) for text in texts],
)
def test_an_answer(text: str, said: Said | None) -> None:
    assert answer(text) is said


@given(st.sampled_from(YES), st.sampled_from(["not", "but", "help", "he", "no", "dim", "?? why"]), st.booleans())
def test_a_yes_with_more_in_it_is_no_yes(yes: str, more: str, before: bool) -> None:
    assert answer(f"{more} {yes}" if before else f"{yes} {more}") is not Said.SAFE


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    asks_to_be_checked(text)
    assert answer(text) in {None, *Said}
    more = more_time(text)
    assert more is None or LEAST_MORE <= more <= MOST_MORE
    time_in(text, EVENING, LONDON)


def test_no_cry_for_help_is_read_as_a_yes() -> None:
    words = [word for kind in NO for word in (kind, f"{kind}!!", kind.upper())]
    assert not [word for word in words if answer(word) is Said.SAFE]
    assert our_flows().safety.match("im not safe")
