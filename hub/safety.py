"""Words of danger and distress, found before any model is asked. Phrases from `flows/safety/words.yml`.

A text is compared in a plain form: small letters, no punctuation, letters written twice once, short forms
written out.
Idioms and clear negations do not count; whenever in doubt, it counts. Knows nothing of what is answered.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.errors import FlowInvalid

_NOT_A_WORD = re.compile(r"[^\w\s]|_")
_REPEATED = re.compile(r"([^\W\d_])\1+")
_MARK = re.compile(r"[\u0300-\u036f]")
_NEAR = 3  # words before a phrase in which a negation counts


@dataclass(frozen=True, slots=True)
class SafetyWords:
    """What to look for, each kind as one pattern; `kinds` stands in the order of gravity."""

    kinds: Mapping[str, re.Pattern[str]]
    idioms: re.Pattern[str]
    pleas: re.Pattern[str]
    short: Mapping[str, str]
    negations: frozenset[str]
    doubt: frozenset[str]

    @classmethod
    def from_flows(cls, flows: Path) -> "SafetyWords":
        """Raises `FlowInvalid` when a kind has no place in the order, or the other way round."""
        file = flows / "safety" / "words.yml"
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        if set(content["order"]) != set(content["kinds"]):
            raise FlowInvalid(f"{file}: `order` and `kinds` do not name the same kinds.")
        short = {_plain(word): _plain(meant) for word, meant in content["short"].items()}
        return cls(
            kinds={kind: _pattern(_phrases(content["kinds"][kind]), short) for kind in content["order"]},
            idioms=_pattern(_phrases(content["idioms"]), short),
            pleas=_pattern(_phrases(content["pleas"]), short),
            short=short,
            negations=frozenset(map(_plain, content["negations"])),
            doubt=frozenset(map(_plain, content["doubt"])),
        )

    def match(self, text: str) -> tuple[str, ...]:
        """The commands that the text calls for, the gravest first; empty for a text without a word of
        danger."""
        plain = self.idioms.sub(" | ", _written_out(_plain(text), self.short))
        return tuple(kind for kind, pattern in self.kinds.items() if self._counts(plain, pattern))

    def is_plea(self, text: str) -> bool:
        """Whether somebody asks for help without a word of danger: for free words that nobody else reads."""
        return self.pleas.search(_written_out(_plain(text), self.short)) is not None

    def _counts(self, plain: str, pattern: re.Pattern[str]) -> bool:
        return any(not self._negated(plain, found.start(), found.end()) for found in pattern.finditer(plain))

    def _negated(self, plain: str, start: int, end: int) -> bool:
        """Clearly denied: exactly one negation, shortly before the phrase, and nothing that leaves a
        doubt."""
        near = plain[:start].split()[-_NEAR:]
        rest = plain[:start].split() + plain[end:].split()
        denials = sum(word in self.negations for word in rest)
        return denials == 1 and any(word in self.negations for word in near) and self.doubt.isdisjoint(rest)


def _phrases(languages: Mapping[str, Iterable[str]]) -> list[str]:
    return [str(phrase) for phrases in languages.values() for phrase in phrases]


def _pattern(phrases: list[str], short: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted((_phrase(phrase, short) for phrase in phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(longest_first)})(?!\S)")


def _phrase(phrase: str, short: Mapping[str, str]) -> str:
    """As a pattern; "*" is up to three words."""
    parts = [re.escape(_written_out(_plain(part), short)) for part in phrase.split("*")]
    return r" (?:[^\s|]+ ){0,3}".join(parts)


def _written_out(plain: str, short: Mapping[str, str]) -> str:
    return " ".join(short.get(word, word) for word in plain.split())


def _plain(text: object) -> str:
    folded = unicodedata.normalize("NFKD", str(text)).casefold().replace("'", "").replace("’", "")
    spaced = _NOT_A_WORD.sub(" ", _MARK.sub("", folded))
    return " ".join(_REPEATED.sub(r"\1", spaced).split())
