"""Words that a supporter can say, and plain information for them: kits.yml and information.yml of flows/supporters.

Each sentence is a text like any other, under `supporters.kit_…` or `supporters.info_…`: judged, shown and, where an
agency wishes, worded anew with the rest. Knows nothing of who is given which.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.texts import DEFAULT_LANGUAGE, Template
from hub.yaml_file import read_yaml

SHOWN = 3  # sentences at a time: more are not read
Words = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Kit:
    """The sentences of one moment. `keys`: of their texts, in the order of the file."""

    moment: str
    title: Words
    keys: tuple[str, ...]

    def some(self, turn: int) -> tuple[str, ...]:
        """Three of them; others at the next turn, from the beginning again after the last."""
        return tuple(self.keys[(turn * SHOWN + number) % len(self.keys)] for number in range(SHOWN))


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of information. `relation`: for supporters of that kind alone; empty: for all others."""

    name: str
    title: Words
    key: str
    relation: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupporterWords:
    kits: Mapping[str, Kit]
    items: tuple[Item, ...]
    templates: Mapping[str, Mapping[str, Template]]  # language → key → text

    @classmethod
    def from_flows(cls, flows: Path) -> "SupporterWords":
        """Raises `FlowInvalid` naming the file and what is wrong."""
        folder = flows / "supporters"
        found: dict[str, dict[str, Template]] = {}
        kits = {kit.moment: kit for kit in _kits(folder / "kits.yml", found)}
        return cls(kits, tuple(_items(folder / "information.yml", found)), found)


def in_language(words: Words, language: str) -> str:
    return words.get(language, words[DEFAULT_LANGUAGE])


def _kits(file: Path, found: dict[str, dict[str, Template]]) -> Iterator[Kit]:
    content: dict[str, dict[str, Any]] = read_yaml(file)
    for moment, block in content.items():
        keys = []
        for number, words in enumerate(block["says"], 1):
            keys.append(f"supporters.kit_{moment}_{number}")
            _add(file, found, keys[-1], words)
        if len(keys) < SHOWN:
            raise FlowInvalid(f"{file}: `{moment}` needs {SHOWN} sentences or more.")
        yield Kit(moment, _whole(file, moment, block["title"]), tuple(keys))


def _items(file: Path, found: dict[str, dict[str, Template]]) -> Iterator[Item]:
    content: dict[str, dict[str, Any]] = read_yaml(file)
    for name, block in content.items():
        key = f"supporters.info_{name}"
        _add(file, found, key, block["text"])
        title = _whole(file, name, block["title"])
        yield Item(name, title, key, block.get("relation", ""), tuple(block.get("sources", ())))


def _add(file: Path, found: dict[str, dict[str, Template]], key: str, words: Words) -> None:
    for language, text in _whole(file, key, words).items():
        found.setdefault(language, {})[key] = Template(text.strip(), text.strip(), ())


def _whole(file: Path, name: str, words: Words) -> Words:
    if not isinstance(words, dict) or not {"en", "cy"} <= words.keys():
        raise FlowInvalid(f"{file}: `{name}` needs words in en and cy.")
    return words
