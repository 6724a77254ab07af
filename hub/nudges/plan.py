"""When a nudge goes out: a pure function of the rule, the subject's time and the agency's calendar.

Defaults of the rules in `flows/`: 7, 3 and 1 days before (Fishbane et al. 2020; Chohlas-Wood et al. 2023), the last
one being the one that works best alone (Hastings et al. 2021). Knows nothing of the store or of texts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hub.nudges.rules import NudgeRule
from hub.times import at_local, local, next_in_window
from hub.working_time import add_working_days, bank_holidays, is_working_day


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the agency's calendar says. `contact_from` to `contact_until` are the permitted local hours."""

    time_zone: str
    subdivision: str
    contact_from: time
    contact_until: time


@dataclass(frozen=True, slots=True)
class Slot:
    """Goes out at `due_at` or as soon after as it can, never after `expires_at`."""

    due_at: datetime
    expires_at: datetime

    @property
    def possible(self) -> bool:
        return self.due_at < self.expires_at


def plan(rule: NudgeRule, subject_at: datetime, calendar: Calendar) -> Slot:
    """The slot of one nudge. A slot that is not `possible` can never go out (say why: "no permitted hour")."""
    due_at, expires_at = _wished(rule, subject_at, calendar)
    due_at = _permitted(rule, due_at, calendar)
    if rule.expires_before_minutes is not None:
        expires_at = min(expires_at, subject_at - timedelta(minutes=rule.expires_before_minutes))
    return Slot(due_at, expires_at)


def _permitted(rule: NudgeRule, due_at: datetime, calendar: Calendar) -> datetime:
    """The first permitted hour from `due_at` on, which may fall on another day: not on a holiday if the rule minds."""
    start, end, zone = calendar.contact_from, calendar.contact_until, calendar.time_zone
    due_at = next_in_window(due_at, start, end, zone)
    while not _suits(rule, local(due_at, zone).date(), calendar.subdivision):
        due_at = next_in_window(at_local(local(due_at, zone).date() + timedelta(days=1), start, zone), start, end, zone)
    return due_at


def _suits(rule: NudgeRule, day: date, subdivision: str) -> bool:
    if rule.working_days is not None:
        return is_working_day(day, subdivision)
    return rule.holidays == "keep" or day not in bank_holidays(subdivision)


def _wished(rule: NudgeRule, subject_at: datetime, calendar: Calendar) -> tuple[datetime, datetime]:
    """Due and expiry before the permitted hours are looked at."""
    if rule.at is None:
        due_at = subject_at + timedelta(days=rule.days, minutes=rule.minutes)
        return due_at, due_at + timedelta(minutes=rule.lasts_minutes)
    day = _day(rule, local(subject_at, calendar.time_zone).date(), calendar.subdivision)
    due_at = at_local(day, rule.at, calendar.time_zone)
    if rule.until:
        return due_at, at_local(day, rule.until, calendar.time_zone)
    return due_at, due_at + timedelta(minutes=rule.lasts_minutes)


def _day(rule: NudgeRule, subject_day: date, subdivision: str) -> date:
    if rule.working_days is not None:
        return add_working_days(subject_day, rule.working_days, subdivision)
    day = subject_day + timedelta(days=rule.days)
    step = {"earlier": -1, "later": 1, "keep": 0}[rule.holidays]
    while step and day in bank_holidays(subdivision):
        day += timedelta(days=step)
    return day
