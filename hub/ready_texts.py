"""What the texts of `flows/ready_texts/` are called, where they stand in the list, and which side they are for.

Their words are texts like all others (`hub/texts.py`). Knows no person: `hub/reading/ready_texts.py` fills them in.
"""

from dataclasses import dataclass
from pathlib import Path

from hub.errors import FlowInvalid
from hub.texts import DEFAULT_LANGUAGE
from hub.words import Side
from hub.yaml_file import read_yaml

TOPIC = "ready_texts"
FACTS = frozenset({"first_name", "worker", "agency", "phone", "when", "place", "with_whom"})


@dataclass(frozen=True, slots=True)
class ReadyText:
    key: str  # of `Texts`
    called: str
    under: str
    side: Side | None  # None: for both


def read_ready_texts(flows: Path) -> dict[str, ReadyText]:
    """By key, in the order of the file. Raises `FlowInvalid`."""
    file = flows / TOPIC / f"{DEFAULT_LANGUAGE}.yml"
    if not file.exists():
        return {}
    found = {}
    for name, body in read_yaml(file)["texts"].items():
        if not isinstance(body, dict) or not body.get("called") or not body.get("under"):
            raise FlowInvalid(f"{file}: `{name}` needs `called` and `under`, so that workers find it.")
        side = body.get("side")
        if side not in {None, *(each.value for each in Side)}:
            raise FlowInvalid(f"{file}: `{name}` is for the side `{side}`, which there is not.")
        key = f"{TOPIC}.{name}"
        found[key] = ReadyText(key, body["called"], body["under"], Side(side) if side else None)
    return found
