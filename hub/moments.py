"""Which right is worth a word after which news, and how long after it: `flows/rights/moments.yml`.

    moments:
      charged: {rights: [7, 8], working_days: 1, at: "11:00"}   # the next working day at eleven
      reported: {rights: [1, 2], minutes: 180}                  # three hours later

Knows nothing of who is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.store.tables import Agency
from hub.times import at_local, local
from hub.working_time import add_working_days
from hub.yaml_file import read_yaml


@dataclass(frozen=True, slots=True)
class Moment:
    """`items`: numbers of rights, or names of texts of flows/rights. After minutes, or on a later working day."""

    items: tuple[str, ...]
    minutes: int
    working_days: int
    at: time | None

    def due(self, told_at: datetime, agency: Agency) -> datetime:
        if self.at is None:
            return told_at + timedelta(minutes=self.minutes)
        day = add_working_days(local(told_at, agency.time_zone).date(), self.working_days, agency.holidays)
        return at_local(day, self.at, agency.time_zone)


@dataclass(frozen=True, slots=True)
class Moments:
    by_milestone: Mapping[str, Moment]
    days_apart: int  # between two offers to one person

    @classmethod
    def from_flows(cls, flows: Path) -> "Moments":
        """Raises `FlowInvalid` naming the milestone."""
        file = flows / "rights" / "moments.yml"
        content: dict[str, Any] = read_yaml(file)
        found = {name: _moment(file, name, block) for name, block in content["moments"].items()}
        return cls(found, int(content["days_apart"]))


def _moment(file: Path, name: str, block: dict[str, Any]) -> Moment:
    strange = block.keys() - {"rights", "minutes", "working_days", "at"}
    if strange or not block.get("rights"):
        raise FlowInvalid(f"{file}: `{name}` needs rights and minutes, or rights, working_days and at.")
    if ("minutes" in block) == ("at" in block) or ("at" in block) != ("working_days" in block):
        raise FlowInvalid(f"{file}: `{name}` needs either minutes, or working_days with at.")
    if int(block.get("minutes", 1)) < 1 or int(block.get("working_days", 1)) < 1:
        raise FlowInvalid(f"{file}: `{name}` comes with the news itself. Leave time between: it may be bad news.")
    return Moment(
        items=tuple(str(item) for item in block["rights"]),
        minutes=int(block.get("minutes", 0)),
        working_days=int(block.get("working_days", 0)),
        at=time.fromisoformat(block["at"]) if "at" in block else None,
    )
