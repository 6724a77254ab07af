"""A nudge rule as people say it: "2 days before an appointment, at 10am, unless it is called off". Knows no query."""

from datetime import time

from hub.nudges.rules import NudgeRule
from hub.words import Sees

_NAMED = "news for somebody whom a victim has named"
# (subject, state of affairs) → what it counts from, and when it is left out.
_ABOUT: dict[tuple[str, str], tuple[str, str]] = {
    ("appointment", "standing"): ("an appointment", "it is called off"),
    ("appointment", "early"): ("an appointment before 11am", "it is called off"),
    ("appointment", "attended"): ("somebody has recorded that they came", "the outcome is put right"),
    ("appointment", "call"): ("a missed appointment, which the text does not tell", "the outcome is put right"),
    ("appointment", "missed"): ("a missed appointment", "the outcome is put right"),
    ("appointment", "proof_wanted"): ("an appointment begins", "proof has come"),
    ("appointment", "video"): ("an appointment by video", "it is called off"),
    ("check_in", "planned"): ("a check-in is due", ""),
    ("check_in", "asked"): ("a check-in is asked", "it has been answered"),
    ("check_in", "in_a_row"): ("every fourth check-in in a row that they answered", ""),
    ("return_check", "planned"): ("they should be back", ""),
    ("return_check", "not_yet"): (
        "they said “not yet” and half an hour has passed",
        "they have said that they are back",
    ),
    ("survey_run", "invited"): ("an invitation to a survey", "it has been answered"),
    ("safe_contact", "unasked"): ("a way to reach a victim is new here", "it is known whether it is safe"),
    ("safe_contact", "asked"): ("a victim is asked whether a way to reach them is safe", "they have answered"),
    ("safe_contact", "old"): ("the last answer about a safe way to reach a victim is old", "they have answered again"),
    ("update", "recorded"): ("news of a case", "they have been told already"),
    ("update", "for_contact_everything"): (_NAMED, "they have been told already"),
    ("update", "for_contact_dates"): (f"{_NAMED} about a date", "they have been told already"),
    ("update", "for_contact_news"): (f"{_NAMED}, of which they hear only that there is some", "they know already"),
    ("update_plan", "unasked"): ("a case is known here", "they have said how often they wish to hear"),
    ("condition", "due"): ("the day of a condition", "it is done"),
    ("condition", "done"): ("a worker has seen that a condition is done", "it is opened again"),
    ("condition", "half_way"): ("half of the time for a condition", "it is done"),
    ("condition", "quiet"): ("a condition is due soon", "they have said something"),
    ("condition", "quiet_passed"): ("the day of a condition", "they have said something"),
    ("telling", "how_going"): ("somebody has stood by a person for a month, then every three months", "they have left"),
    ("telling", "planned"): ("something is to be said at a good time", "it is no longer true"),
    ("case_date", "bail_return"): ("a bail return", "it is called off"),
    ("case_date", "hearing"): ("a hearing", "it is called off"),
    ("case_date", "service_end"): ("the end of a service", "it is called off"),
    ("case_date", "release"): ("a release", "it is called off"),
}
_TO = {"supporters": "To the people who stand by them: "}
SEES = {Sees.DATES: "that something is on", Sees.PROGRESS: "how it goes, too", Sees.CHAT: "what is said, too"}


def in_words(rule: NudgeRule) -> str:
    """All of it, as a sentence without its full stop."""
    unless = _about(rule)[1]
    said = _TO.get(rule.to, "") + when_in_words(rule)
    said += f", unless {unless}" if unless else ""
    return said[0].upper() + said[1:]


def when_in_words(rule: NudgeRule) -> str:
    """ "1 day before an appointment, at 10am"."""
    return distance_in_words(rule) + (f", at {clock_in_words(rule.at)}" if rule.at else "")


def distance_in_words(rule: NudgeRule) -> str:
    """ "1 day before an appointment": beside a time that stands there already."""
    what = _about(rule)[0]
    if rule.at is None:
        return _counted(rule, what)
    days = rule.days if rule.working_days is None else rule.working_days
    working = "working " if rule.working_days is not None else ""
    if days == 0:
        return f"on the day of {what}"
    unit = f"{working}day" + ("" if abs(days) == 1 else "s")
    return f"{abs(days)} {unit} {'before' if days < 0 else 'after'} {what}"


def _counted(rule: NudgeRule, what: str) -> str:
    minutes = rule.minutes + rule.days * 24 * 60
    if not minutes:
        return f"at once, with {what}" if what.startswith(("news", "an invitation")) else f"when {what}"
    number, unit = (minutes // 1440, "day") if minutes % 1440 == 0 else (minutes, "minute")
    return f"{abs(number)} {unit}{'' if abs(number) == 1 else 's'} {'before' if number < 0 else 'after'} {what}"


def clock_in_words(clock: time) -> str:
    """12-hour clock, as texts have it."""
    if (clock.hour, clock.minute) in {(12, 0), (0, 0)}:
        return "midday" if clock.hour else "midnight"
    minutes = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}"


def _about(rule: NudgeRule) -> tuple[str, str]:
    plain = rule.subject.replace("_", " ")
    return _ABOUT.get((rule.subject, rule.given), (f"a {plain}", ""))
