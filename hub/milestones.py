"""What can happen in a victim's case, from `flows/victims/milestones.yml`: which needs a reason, which right it opens.

Knows nothing of the store.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.yaml_file import read_yaml

CLOSED, NO_NEWS = "case_closed", "no_news"
RIGHTS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Milestone:
    """`words` are for staff. `by_hand`: a worker, or a case system, can record it as it is."""

    name: str
    words: str
    needs_reason: bool
    right: int
    day: str = ""
    by_hand: bool = True

    @property
    def text(self) -> str:
        """The text that tells the victim."""
        return f"victims.milestone_{self.name}"


def read_milestones(flows: Path) -> dict[str, Milestone]:
    """By name, in the order of the file. Raises `FlowInvalid` with the file and the name."""
    file = flows / "victims" / "milestones.yml"
    blocks: dict[str, Any] = read_yaml(file).get("milestones") or {}
    return {name: _milestone(file, name, block) for name, block in blocks.items()}


def _milestone(file: Path, name: str, block: dict[str, Any]) -> Milestone:
    known = {"words", "reason", "right", "day", "by"}
    if not isinstance(block, dict) or block.keys() - known or not {"words", "reason", "right"} <= block.keys():
        raise FlowInvalid(f"{file}: `{name}` needs words, reason and right, and can have day and by; nothing else.")
    if not isinstance(block["reason"], bool) or block["right"] not in RIGHTS:
        raise FlowInvalid(f"{file}: `{name}`: reason is yes or no, and right is a number from 1 to 12.")
    return Milestone(
        name=name,
        words=str(block["words"]),
        needs_reason=block["reason"],
        right=block["right"],
        day=str(block.get("day", "")),
        by_hand="by" not in block,
    )
