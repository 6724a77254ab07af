"""Reads a file written by hand and keeps the line of each name in it, so that a mistake is shown where it stands.

Refuses the same name twice and what is no YAML, with the line. Knows nothing of what the file is about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from hub.errors import FlowInvalid

Path_ = tuple[str, ...]  # the names that lead to a place, from the outermost


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one file, by the names that lead to them."""

    file: Path
    by_names: Mapping[Path_, int] = field(default_factory=dict)

    def of(self, *names: object) -> int:
        """The line of a name, else of the nearest one around it; the first line where there is none."""
        path = tuple(map(str, names))
        while path and path not in self.by_names:
            path = path[:-1]
        return self.by_names.get(path, 1)

    def refuse(self, sentence: str, *names: object) -> NoReturn:
        """Raises `FlowInvalid`: the file, the line of these names, what is wrong there."""
        raise FlowInvalid(f"{self.file}, line {self.of(*names)}: {sentence}")


def read_with_lines(file: Path) -> tuple[Any, Lines]:
    """The content and its lines. Raises `FlowInvalid` for a name that stands there twice and for what is no YAML."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), yaml.SafeLoader)
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise FlowInvalid(f"{file}, line {line}: this is no YAML: {wrong.problem}.") from wrong
    lines = Lines(file, dict(_names(file, node, ()))) if node else Lines(file)
    return content, lines


def _names(file: Path, node: yaml.Node, before: Path_) -> Iterator[tuple[Path_, int]]:
    """Each name with its line. Of two equal ones YAML keeps the last without a word: a question would be lost."""
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield (*before, str(place)), item.start_mark.line + 1
            yield from _names(file, item, (*before, str(place)))
    if not isinstance(node, yaml.MappingNode):
        return
    seen: dict[str, int] = {}
    for key, value in node.value:
        name, line = _name(key), key.start_mark.line + 1
        if name in seen:
            raise FlowInvalid(f"{file}, line {line}: `{name}` stands there twice, first in line {seen[name]}.")
        seen[name] = line
        yield (*before, name), line
        yield from _names(file, value, (*before, name))


def _name(key: yaml.Node) -> str:
    """As it is read: an unquoted `no` is False."""
    if key.tag.endswith(":bool"):
        return str(yaml.SafeLoader.bool_values[key.value.lower()])
    return str(key.value)
