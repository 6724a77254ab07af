"""What every text of ours keeps to, in `flows/` and in an agency's own wording: one judge for both.

    for problem in rules.problems("human.praise", "en", wording, ours): ...

`handrail check` asks it of all texts; the page on which a worker writes asks it of one. Knows neither files nor pages.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.example_facts import EXAMPLE_FACTS
from hub.reading_age import reading_age
from hub.sms import Count, count, dear_characters, sanitise
from hub.texts import DEFAULT_LANGUAGE, Template, fields_of
from hub.yaml_file import read_yaml

MOST_PARTS = 2  # in English; other alphabets need more
MOST_PARTS_ABROAD = 4
OLDEST = 9  # years of reading age, as GOV.UK writes for everybody
MOST_IN_ONE = 80  # per cent of the texts that take one part, at the least
_FACT = re.compile(r"\{[^}]*\}")
FEWEST_WORDS = 8  # fewer say nothing about a reading age
STOP_WORDS = ("CANCEL", "END", "QUIT", "UNSUBSCRIBE")  # carriers take these for "never text me again"


@dataclass(frozen=True, slots=True)
class TextRules:
    """`avoid`: language → word (or "stem*") → what to write instead."""

    avoid: Mapping[str, Mapping[str, str]]
    giveaways: Mapping[str, Sequence[str]]
    never_discreet: frozenset[str]  # facts that no discreet wording may hold
    told_when_safe: tuple[str, ...]
    example_facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_flows(cls, flows: Path, numbers: Mapping[str, str]) -> "TextRules":
        """`words_to_avoid.yml` and `discreet.yml`; `numbers` are the helplines', by the names that texts use."""
        careful = read_yaml(flows / "discreet.yml")
        return cls(
            avoid=read_yaml(flows / "words_to_avoid.yml"),
            giveaways={name: [word for line in lines for word in line] for name, lines in careful["giveaways"].items()},
            never_discreet=frozenset(careful["facts"]),
            told_when_safe=tuple(careful["told_when_safe"]),
            example_facts={**EXAMPLE_FACTS, **numbers},
        )

    def problems(self, key: str, language: str, wording: Template, ours: Template) -> Iterator[str]:
        """What is wrong with a wording, each a sentence that says what to do. `ours`: the text that it stands for."""
        if not wording.text:
            yield "is empty: write what people are to read."
            return
        yield from same_facts(wording, ours)
        yield from self.avoided(language, wording)
        yield from self.giving_away(key, language, wording)
        yield from self.hard_to_read(language, wording)
        if not wording.fields() - self.example_facts.keys():
            yield from self.too_long(language, wording)

    def avoided(self, language: str, wording: Template) -> Iterator[str]:
        said = " ".join((wording.text, wording.discreet, *(choice.label for choice in wording.choices)))
        for word, instead in self.avoid.get(language, {}).items():
            if _pattern(word).search(said):
                yield f"says “{word}”. Write instead: {instead}."
        for word in STOP_WORDS:
            if re.search(rf"\b{word}\b", said):
                yield f"says “{word}”, which phone networks take for “never text me again”. Use another word."

    def giving_away(self, key: str, language: str, wording: Template) -> Iterator[str]:
        """A phone that others may read must not tell who writes, to whom, where or why. Every text needs a wording for
        it, but for what is told only to somebody who has said that now is a good time."""
        if self.is_told_when_safe(key):
            return
        said = _FACT.sub("", wording.discreet).lower()  # a fact's own name is not read by anybody
        for word in self.giveaways.get(language, ()):
            if word in said:
                yield f"says “{word}” in its discreet wording, which others may read. Leave it out there."
        for fact in sorted(fields_of(wording.discreet) & self.never_discreet):
            yield f"puts {{{fact}}} into its discreet wording, which others may read. Write one without it."

    def is_told_when_safe(self, key: str) -> bool:
        beginnings = tuple(name for name in self.told_when_safe if name.endswith(("_", ".")))
        return key in self.told_when_safe or key.startswith(beginnings)

    def tells(self, word: str) -> bool:
        """Whether a word that somebody chose themselves, such as a code word, would give something away."""
        return any(each in word.casefold() for words in self.giveaways.values() for each in words)

    def hard_to_read(self, language: str, wording: Template) -> Iterator[str]:
        for said in dict.fromkeys((wording.text, wording.discreet)):
            age = reading_age(said, language)
            if age is not None and age > OLDEST and len(said.split()) >= FEWEST_WORDS:
                yield f"needs a reading age of {age}, and {OLDEST} is the most. Use shorter words and sentences."

    def too_long(self, language: str, wording: Template) -> Iterator[str]:
        most = MOST_PARTS if language == DEFAULT_LANGUAGE else MOST_PARTS_ABROAD
        for said in dict.fromkeys((wording.text, wording.discreet)):
            size = self.size(said)
            if size.segments > most:
                yield f"takes {size.segments} texts, and {most} are the most. Make it shorter."
            if language == DEFAULT_LANGUAGE and size.dear:
                costly = "” “".join(dear_characters(sanitise(said)))
                yield f"holds “{costly}”, which makes every text dearer. Use a plain letter or sign instead."

    def size(self, text: str) -> Count:
        """What it would take with facts as long as they are likely to be."""
        facts = dict.fromkeys(fields_of(text), "") | dict(self.example_facts)
        return count(sanitise(text.format_map(facts)))


def same_facts(wording: Template, ours: Template) -> Iterator[str]:
    if different := ours.fields() ^ wording.fields():
        facts = ", ".join(f"{{{fact}}}" for fact in sorted(different))
        yield f"does not use the same facts as the English ({facts})."


def _pattern(word: str) -> re.Pattern[str]:
    end = "" if word.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(word.removesuffix('*'))}{end}", re.IGNORECASE)
