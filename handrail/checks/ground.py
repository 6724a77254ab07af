"""What is looked at, read once: flows/, nlu_data/, and the hub's own code for the names in it.

Judges nothing.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

import hub
from hub.errors import HandrailError
from hub.exact_replies import ExactReplies
from hub.flows import Flows
from hub.keywords import Keywords
from hub.nudges.rules import read_rules
from hub.ready_texts import read_ready_texts
from hub.safety import Helplines, SafetyWords
from hub.surveys.definition import read_surveys
from hub.surveys.exclusion_rules import read_exclusions
from hub.surveys.invitation_rules import read_invitations
from hub.text_rules import TextRules
from hub.texts import Texts
from hub.tones import read_tones
from hub.yaml_file import read_yaml

HUB = Path(hub.__file__ or "").parent
# What reading a file written by hand can raise.
UNREADABLE = (HandrailError, yaml.YAMLError, OSError, KeyError, TypeError, ValueError, AttributeError)
NOT_TEXTS = {"replies"}  # what people say, not what we say


@dataclass(frozen=True, slots=True)
class Problem:
    """One line: where it is, what is wrong, what to do."""

    file: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}: {self.sentence}"


@dataclass(frozen=True)
class Ground:
    folder: Path  # flows/
    examples: Path  # nlu_data/
    flows: Flows | None
    unreadable: tuple[Problem, ...] = ()

    @classmethod
    def read(cls, folder: Path, examples: Path) -> "Ground":
        """Reads everything; where that fails, each part by itself: one mistake must not hide the next."""
        with suppress(*UNREADABLE):
            return cls(folder, examples, Flows.read(folder))
        parts: dict[str, Callable[[], object]] = {
            "texts": lambda: Texts.from_flows(folder),
            "ready_texts/en.yml": lambda: read_ready_texts(folder),
            "nudges.yml": lambda: read_rules(folder),
            "surveys": lambda: read_surveys(folder / "surveys" / "definitions"),
            "surveys/invitations.yml": lambda: read_invitations(
                folder, read_surveys(folder / "surveys" / "definitions")
            ),
            "surveys/exclusions.yml": lambda: read_exclusions(folder, read_surveys(folder / "surveys" / "definitions")),
            "rules.yml, domain.yml and replies": lambda: ExactReplies.from_flows(folder),
            "safety/words.yml": lambda: SafetyWords.from_flows(folder),
            "safety/helplines.yml": lambda: Helplines.from_flows(folder),
            "tones.yml": lambda: read_tones(folder),
            "words_to_avoid.yml and discreet.yml": lambda: TextRules.from_flows(folder, {}),
            "person/keywords.yml": lambda: Keywords.from_flows(folder),
        }
        unreadable = tuple(problem for part, read in parts.items() for problem in _try(folder, part, read))
        return cls(folder, examples, None, unreadable)

    @cached_property
    def whole(self) -> Flows:
        """Raises `ValueError` where nothing could be read."""
        if self.flows is None:
            raise ValueError("flows/ could not be read")
        return self.flows

    @cached_property
    def topics(self) -> frozenset[str]:
        found = (file.parent.name for file in self.folder.glob("*/en.yml"))
        return frozenset(found) - NOT_TEXTS

    @cached_property
    def domains(self) -> dict[str, dict[str, Any]]:
        """Every domain.yml by its name in the folder."""
        files = [self.folder / "domain.yml", *sorted(self.folder.glob("*/domain.yml"))]
        return {self.name(file): read_yaml(file) for file in files}

    def name(self, file: Path) -> str:
        return file.relative_to(self.folder.parent).as_posix()

    def code(self) -> Mapping[str, Sequence[ast.AST]]:
        """The hub's own modules by name, each as all its parts."""
        return _code()


@cache
def _code() -> dict[str, list[ast.AST]]:
    files = {file.relative_to(HUB.parent).as_posix(): file for file in sorted(HUB.rglob("*.py"))}
    return {name: list(ast.walk(ast.parse(file.read_text(encoding="utf-8")))) for name, file in files.items()}


def _try(folder: Path, part: str, read: Callable[[], object]) -> Iterator[Problem]:
    try:
        read()
    except UNREADABLE as wrong:
        said = getattr(wrong, "detail", "") or " ".join(str(wrong).split()) or type(wrong).__name__
        yield Problem(f"{folder.name}/ ({part})", said.replace(f"{folder.parent}/", ""))
