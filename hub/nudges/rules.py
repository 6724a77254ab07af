"""Nudge rules, read from `flows/*/nudges.yml`. One block a rule; `handrail plan` shows what they make.

    nudges:
      reminder_1_day:
        subject: appointment          # appointment, check_in, return_check, survey_run, …
        given: standing               # which state of affairs: see hub/nudges/subjects.py
        days: -1                      # local days from the subject's time; 0 is the same day
        working_days: -2              # instead of days: weekends and bank holidays are not counted
        at: "10:00"                   # local time of day; `minutes: 30` instead counts from the subject's time itself
        until: "19:00"                # the end of the window, same day; later than that it is missed
        expires_before_minutes: 60    # never nearer to the subject's time than this
        holidays: earlier             # earlier, later or keep (default) when that day is a bank holiday
        text: appointments.reminder
        awaiting: appointment_confirmation
        purpose: reminder
        priority: reminder
        to: person                    # or supporters: those who stand by whom it is about
        sees: progress                # what a supporter must be allowed for it: dates (default), progress or chat
        only_if_wanted: true          # off until an agency turns it on
        side: supervision             # or victims; both when it is left out
        collides: delay               # (default), skip, merge or anyway: see hub/nudges/collisions.py

Knows nothing of the store.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.words import Awaiting, Priority, Purpose, Sees, Side
from hub.yaml_file import read_yaml

SUBJECTS = (
    "appointment",
    "check_in",
    "return_check",
    "survey_run",
    "update",
    "update_plan",
    "condition",
    "case_date",
    "safe_contact",
    "telling",
)
SUPPORTERS = "supporters"


class Collides(StrEnum):
    DELAY = "delay"  # waits until the other is over
    SKIP = "skip"  # is left out
    MERGE = "merge"  # is said in the same text as another nudge; else waits
    ANYWAY = "anyway"  # goes out all the same: it is of use in this very minute only


@dataclass(frozen=True, slots=True)
class NudgeRule:
    name: str
    subject: str
    given: str
    days: int
    at: time | None
    until: time | None
    minutes: int
    expires_before_minutes: int | None
    lasts_minutes: int
    holidays: str
    text: str
    awaiting: Awaiting
    purpose: Purpose
    priority: Priority
    to: str
    topic: str
    working_days: int | None = None
    side: Side | None = None
    collides: Collides = Collides.DELAY
    sees: Sees = Sees.DATES
    only_if_wanted: bool = False

    @property
    def to_supporters(self) -> bool:
        return self.to == SUPPORTERS


def read_rules(flows: Path) -> dict[str, NudgeRule]:
    """Every rule by name. Raises `FlowInvalid` with the file and the rule."""
    rules: dict[str, NudgeRule] = {}
    for file in sorted(flows.glob("*/nudges.yml")):
        content = read_yaml(file) or {}
        for name, block in (content.get("nudges") or {}).items():
            if name in rules:
                raise FlowInvalid(f"{file}: two nudges are called `{name}`.")
            rules[name] = _rule(file, name, block)
    return rules


def _rule(file: Path, name: str, block: dict[str, Any]) -> NudgeRule:
    unknown = block.keys() - NudgeRule.__dataclass_fields__.keys()
    if unknown:
        raise FlowInvalid(f"{file}: `{name}` has {', '.join(sorted(unknown))}, which is not a part of a nudge.")
    try:
        rule = NudgeRule(
            name=name,
            subject=block["subject"],
            given=block["given"],
            days=int(block.get("days", 0)),
            at=_time(block.get("at")),
            until=_time(block.get("until")),
            minutes=int(block.get("minutes", 0)),
            expires_before_minutes=block.get("expires_before_minutes"),
            lasts_minutes=int(block.get("lasts_minutes", 9 * 60)),
            holidays=block.get("holidays", "keep"),
            text=block["text"],
            awaiting=Awaiting(block.get("awaiting", "nothing")),
            purpose=Purpose(block["purpose"]),
            priority=Priority(block.get("priority", "reminder")),
            to=block.get("to", "person"),
            topic=file.parent.name,
            working_days=block.get("working_days"),
            side=Side(block["side"]) if "side" in block else None,
            collides=Collides(block.get("collides", Collides.DELAY)),
            sees=Sees(block.get("sees", Sees.DATES)),
            only_if_wanted=block.get("only_if_wanted", False) is True,
        )
    except (KeyError, ValueError) as wrong:
        raise FlowInvalid(f"{file}: `{name}`: {wrong}.") from wrong
    if rule.subject not in SUBJECTS or rule.holidays not in {"earlier", "later", "keep"}:
        raise FlowInvalid(f"{file}: `{name}`: subject or holidays is not one of the words allowed.")
    _check_parts(file, rule, block)
    return rule


def _check_parts(file: Path, rule: NudgeRule, block: dict[str, Any]) -> None:
    """Parts that need each other, or shut each other out."""
    if not rule.at and (rule.until or rule.working_days is not None):
        raise FlowInvalid(f"{file}: `{rule.name}`: until and working_days need at.")
    if rule.working_days is not None and "days" in block:
        raise FlowInvalid(f"{file}: `{rule.name}`: give either days or working_days.")
    if rule.collides is Collides.MERGE and rule.awaiting is not Awaiting.NOTHING:
        raise FlowInvalid(f"{file}: `{rule.name}`: what asks a question cannot merge: only one can be answered.")
    if "sees" in block and not rule.to_supporters:
        raise FlowInvalid(f"{file}: `{rule.name}`: `sees` is for what goes to supporters.")
    if rule.to_supporters and rule.awaiting is not Awaiting.NOTHING:
        raise FlowInvalid(f"{file}: `{rule.name}`: what goes to supporters asks nothing that we wait for.")


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
