"""Texts with what should be made of them, from YAML, or bare turns from JSON lines. Must not know how they are read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.errors import BadImport
from hub.ports import Turn
from hub.sms import sanitise
from hub.words import Awaiting, Role
from hub.yaml_file import read_yaml

LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Row:
    """One text in its context. `wanted` holds one set of commands, or two where a fair reader could take two ways."""

    turn: Turn
    wanted: tuple[frozenset[str], ...]
    first: str  # the command wanted first: texts are counted under it
    file: str = ""

    @property
    def expected(self) -> frozenset[str]:
        return self.wanted[0]


def rows_of(files: Iterable[Path]) -> list[Row]:
    """Raises `BadImport` naming the file and the row that is wrong."""
    return [row for file in files for row in _of_file(file)]


def _of_file(file: Path) -> Iterator[Row]:
    try:
        content = read_yaml(file)
        written = content["texts"] if isinstance(content, dict) else content
        if not isinstance(written, list):
            raise BadImport(f"{file.name}: it holds no list of rows.")
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError) as wrong:
        raise BadImport(f"{file.name}: it is not YAML with a list of rows ({type(wrong).__name__}).") from wrong
    for number, row in enumerate(written, start=1):
        try:
            yield _row(row, file.name)
        except (KeyError, TypeError, ValueError, IndexError) as wrong:
            sentence = f"{file.name}, row {number}: it needs `text` and `expect`, and known words ({wrong})."
            raise BadImport(sentence) from wrong


def _row(row: Mapping[str, Any], file: str) -> Row:
    expect = [str(name) for name in row["expect"]]
    return Row(turn_of(row), (frozenset(expect), frozenset(row.get("or", expect))), expect[0], file)


def turn_of(row: Mapping[str, Any]) -> Turn:
    """`{text, awaiting, role, lang}`, all but the text optional. Raises `ValueError` for words that we do not use."""
    text = row["text"]
    if not isinstance(text, str):
        raise ValueError("`text` is no text; put it in quotes")  # noqa: TRY004 - a value of a file, not of our code
    awaiting, role = Awaiting(row.get("awaiting") or "nothing"), Role(row.get("role") or "supervised")
    return Turn("nlu", sanitise(text), awaiting, role, str(row.get("lang") or LANGUAGE))


def turns_of(lines: Iterable[str]) -> Iterator[Turn]:
    """One turn a line of JSON. Raises `BadImport` naming the line that is wrong."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield turn_of(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            sentence = 'Write it as {"text": "…", "awaiting": "nothing", "role": "supervised", "lang": "en"}'
            raise BadImport(f"Line {number}: {wrong}. {sentence}") from wrong
