"""Who is asked by themselves, after what: `flows/surveys/invitations.yml`, read and checked. Asks nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.words import Role
from hub.yaml_file import read_yaml


class After(StrEnum):
    SESSION = "session"  # an appointment that they came to
    CASE_CLOSED = "case_closed"


class With(StrEnum):
    PROVIDER = "provider"  # an outside service, or its staff
    WORKER = "worker"  # their own
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`rest`: none within so long after any other survey."""

    survey: str
    after: After
    with_whom: With
    role: Role
    wait: timedelta
    every: int
    rest: timedelta


def read_invitations(flows: Path, surveys: Collection[str]) -> tuple[Invitation, ...]:
    """Raises `FlowInvalid` with what is wrong in the file."""
    file = flows / "surveys" / "invitations.yml"
    return tuple(_read(file, block, surveys) for block in (read_yaml(file) or {}).get("invitations") or [])


def _read(file: Path, block: dict[str, Any], surveys: Collection[str]) -> Invitation:
    try:
        rule = Invitation(
            survey=block["survey"],
            after=After(block["after"]),
            with_whom=With(block.get("with", With.ANYBODY)),
            role=Role(block["role"]),
            wait=timedelta(hours=block.get("wait", 0)),
            every=int(block.get("every", 1)),
            rest=timedelta(days=block.get("rest_days", 14)),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise FlowInvalid(f"{file}: {wrong!r}") from wrong
    if rule.survey not in surveys:
        raise FlowInvalid(f"{file}: there is no survey `{rule.survey}` in definitions/.")
    if rule.every < 1:
        raise FlowInvalid(f"{file}: `{rule.survey}`: every is 1 or more.")
    return rule
