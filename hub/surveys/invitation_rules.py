"""Who is asked by themselves, after what: `flows/surveys/invitations.yml`, read and checked. Asks nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.surveys.audience import EVERYBODY, Audience, read_audience
from hub.surveys.lines import Lines, read_with_lines
from hub.words import Role

_KNOWN = ("survey", "after", "with", "role", "wait", "every", "rest_days", "audience")


class After(StrEnum):
    SESSION = "session"  # an appointment that they came to
    CASE_CLOSED = "case_closed"


class With(StrEnum):
    PROVIDER = "provider"  # an outside service, or its staff
    WORKER = "worker"  # their own
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`rest`: none within so long after any other survey. `audience`: whom it means, among those of the role."""

    survey: str
    after: After
    with_whom: With
    role: Role
    wait: timedelta
    every: int
    rest: timedelta
    audience: Audience = EVERYBODY


def read_invitations(flows: Path, surveys: Collection[str]) -> tuple[Invitation, ...]:
    """Raises `FlowInvalid` with what is wrong in the file."""
    content, lines = read_with_lines(flows / "surveys" / "invitations.yml")
    blocks = (content or {}).get("invitations") or []
    return tuple(_read(lines, place, block, surveys) for place, block in enumerate(blocks))


def _read(lines: Lines, place: int, block: dict[str, Any], surveys: Collection[str]) -> Invitation:
    at = ("invitations", place)
    for name in block:
        if name not in _KNOWN:
            lines.refuse(f"`{name}` is not known: it can be {', '.join(_KNOWN)}.", *at, name)
    try:
        rule = Invitation(
            survey=block["survey"],
            after=After(block["after"]),
            with_whom=With(block.get("with", With.ANYBODY)),
            role=Role(block["role"]),
            wait=timedelta(hours=block.get("wait", 0)),
            every=int(block.get("every", 1)),
            rest=timedelta(days=block.get("rest_days", 14)),
            audience=read_audience(lines, block.get("audience") or {}, *at, "audience"),
        )
    except KeyError as wrong:
        lines.refuse(f"{wrong} is missing.", *at)
    except (TypeError, ValueError) as wrong:
        lines.refuse(f"{wrong}.", *at)
    if rule.survey not in surveys:
        lines.refuse(f"there is no survey `{rule.survey}` in definitions/.", *at, "survey")
    if rule.every < 1:
        lines.refuse(f"`{rule.survey}`: every is 1 or more.", *at, "every")
    return rule
