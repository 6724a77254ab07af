"""Who is not asked, and how many are enough: `flows/surveys/exclusions.yml`, read and checked. Asks nobody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.surveys.lines import Lines, read_with_lines

ALWAYS = "safe_contact"
# Each rule: the sentence that a worker reads, and the numbers that it needs.
RULES: Mapping[str, tuple[str, frozenset[str]]] = {
    ALWAYS: ("Nobody has recorded yet whether it is safe to write to them there", frozenset()),
    "ended": ("Our contact with them has ended", frozenset()),
    "paused": ("Messages to them are paused", frozenset()),
    "unreachable": ("There is no way to reach them", frozenset()),
    "refused": ("They want no more surveys", frozenset()),
    "declined": ("They said no to this survey before", frozenset()),
    "no_surveys": ("A worker has noted not to ask them for their opinion", frozenset()),
    "cry_for_help": ("A cry for help of theirs is open", frozenset()),
    "complaint": ("A complaint of theirs is open", frozenset()),
    "domestic_abuse": (
        "Domestic abuse, and safe contact has not been recorded lately",
        frozenset({"unless_safe_days"}),
    ),
    "at_court": ("Their case is at court", frozenset()),
    "bereaved": ("They were bereaved not long ago", frozenset({"weeks"})),
    "under_18": ("They are under 18", frozenset()),
    "asked_lately": ("They were asked not long ago", frozenset({"days"})),
    "quota": ("Enough people have been asked for now", frozenset()),
}
STOPPED = "stopped"  # the agency does not ask this survey: no rule of the file, but a reason like them
WORDS = {name: words for name, (words, _) in RULES.items()} | {STOPPED: "This survey is not asked at the moment"}


class Per(StrEnum):
    AGENCY = "agency"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`numbers`: those of the file, by name. `surveys` empty: all of them."""

    name: str
    numbers: Mapping[str, int]
    surveys: frozenset[str]

    def is_for(self, survey: str) -> bool:
        return not self.surveys or survey in self.surveys


@dataclass(frozen=True, slots=True)
class Quota:
    """None: as many as there are."""

    invitations: int | None
    answers: int | None
    within: timedelta
    per: Per


@dataclass(frozen=True, slots=True)
class Exclusions:
    rules: tuple[Exclusion, ...]
    quotas: Mapping[str, Quota]


def read_exclusions(flows: Path, surveys: Collection[str]) -> Exclusions:
    """Raises `FlowInvalid` with the line and what is wrong there."""
    content, lines = read_with_lines(flows / "surveys" / "exclusions.yml")
    rules, quotas = (content or {}).get("exclusions") or {}, (content or {}).get("quotas") or {}
    if ALWAYS not in rules:
        lines.refuse(f"`{ALWAYS}` is missing: without it somebody could be asked who is not safe.", "exclusions")
    if (rules[ALWAYS] or {}).get("surveys"):
        lines.refuse(f"`{ALWAYS}` holds for every survey.", "exclusions", ALWAYS)
    return Exclusions(
        tuple(_rule(lines, name, body or {}, surveys) for name, body in rules.items()),
        {survey: _quota(lines, survey, body, surveys) for survey, body in quotas.items()},
    )


def _rule(lines: Lines, name: str, body: dict[str, Any], surveys: Collection[str]) -> Exclusion:
    at = ("exclusions", name)
    if name not in RULES:
        lines.refuse(f"there is no rule `{name}`: choose {', '.join(RULES)}.", *at)
    needs = RULES[name][1]
    for part in body:
        if part not in needs | {"surveys"}:
            lines.refuse(f"`{name}` does not know `{part}`.", *at, part)
    for part in sorted(needs):
        _check_number(lines, body.get(part), f"`{name}` needs {part}: a whole number of 1 or more.", *at)
    for survey in body.get("surveys") or ():
        if survey not in surveys:
            lines.refuse(f"`{name}`: there is no survey `{survey}` in definitions/.", *at)
    return Exclusion(name, {part: int(body[part]) for part in needs}, frozenset(body.get("surveys") or ()))


def _quota(lines: Lines, survey: str, body: dict[str, Any], surveys: Collection[str]) -> Quota:
    at = ("quotas", survey)
    if survey not in surveys:
        lines.refuse(f"there is no survey `{survey}` in definitions/.", *at)
    for part in body:
        if part not in {"invitations", "answers", "days", "per"}:
            lines.refuse(f"`{survey}` does not know `{part}`.", *at, part)
    most = {part: body[part] for part in ("invitations", "answers") if part in body}
    if not most:
        lines.refuse(f"`{survey}` needs how many: invitations, answers or both.", *at)
    for part, number in (most | {"days": body.get("days")}).items():
        _check_number(lines, number, f"`{survey}`: {part} is a whole number of 1 or more.", *at)
    if body.get("per", Per.AGENCY) not in set(Per):
        lines.refuse(f"`{survey}`: per is {' or '.join(Per)}.", *at, "per")
    return Quota(
        most.get("invitations"), most.get("answers"), timedelta(days=body["days"]), Per(body.get("per", Per.AGENCY))
    )


def _check_number(lines: Lines, number: object, said: str, *at: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        lines.refuse(said, *at)
