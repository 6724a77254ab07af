"""Words of danger and distress, found before any model is asked: `flows/safety/words.yml` put to a text.

    words = SafetyWords.from_flows(flows)
    words.hits("hes outside my door")   # (Hit(kind="danger_now", reason="is_at_the_door", words="hes outside", …),)
    words.match("hes outside my door")  # ("danger_now",)

Knows nothing of what is answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from hub.errors import FlowInvalid
from hub.safety.context import Context
from hub.safety.patterns import END, START, Found, Patterns, Reader, overlap
from hub.safety.plain import Spelling, Word, mendable, short_forms
from hub.yaml_file import read_yaml

_AROUND = ("doubt", "past", "dates", "better_now", "business", "recent", "relative", "stories", "jokes", "trifles")
LONGEST = 5000  # characters looked at; no channel brings more in one text


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that count. `reason` is a code of `words.yml` and may be stored; `words` are the person's own: never."""

    kind: str
    reason: str
    words: str
    start: int  # where they stand in the text
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """The ways of saying one thing. `weak`: not when it is said of a trifle or with a laugh. `unless`: what overlaps
    with one of these does not count."""

    kind: str
    reason: str
    weak: bool
    said: Patterns
    unless: Patterns

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        exceptions = list(self.unless.find(words))
        return (found for found in self.said.find(words) if not any(overlap(found, each) for each in exceptions))


@dataclass(frozen=True, slots=True, repr=False)  # thousands of phrases: a traceback must not print them
class SafetyWords:
    """`kinds` stand in the order of gravity, and so do `groups`."""

    kinds: tuple[str, ...]
    groups: tuple[Group, ...]
    spelling: Spelling
    idioms: Patterns
    pleas: Patterns
    context: Context
    courtesies: frozenset[str]

    @classmethod
    def from_flows(cls, flows: Path) -> "SafetyWords":
        """Raises `FlowInvalid` when a kind has no place in the order, or a pattern cannot be read."""
        file = flows / "safety" / "words.yml"
        content: dict[str, Any] = read_yaml(file)
        if set(content["order"]) != set(content["kinds"]):
            raise FlowInvalid(f"{file}: `order` and `kinds` do not name the same kinds.")
        reader = _reader(content)
        groups = tuple(_groups(reader, content))
        context = _context(reader, content)
        known = _known(groups, context, content, reader.spelling)
        mended = mendable(_words_of(reader.spelling, content["mended"]))
        return cls(
            kinds=tuple(content["order"]),
            groups=groups,
            spelling=Spelling(reader.spelling.short, known, mended),
            idioms=reader.patterns(_phrases(content["idioms"])),
            pleas=reader.patterns(_phrases(content["pleas"])),
            context=context,
            courtesies=_words_of(reader.spelling, content["courtesies"]),
        )

    def match(self, text: str) -> tuple[str, ...]:
        """The commands that the text calls for, the gravest first; empty without a word of danger."""
        return tuple(dict.fromkeys(hit.kind for hit in self.hits(text)))

    def hits(self, text: str) -> tuple[Hit, ...]:
        """One hit a reason, the gravest kind first."""
        whole = self._bounded(self.spelling.words(text[:LONGEST]))
        around = self.context.of(whole)
        words = self.idioms.without(whole)
        return tuple(
            _hit(group, text, words[found.start : found.end])
            for group in self.groups
            if (found := next((f for f in group.find(words) if around.count(f, weak=group.weak)), None))
        )

    def without_hits(self, text: str) -> str:
        """What the text says besides: "cant come my ex is outside" is also "cant come"."""
        inside = [range(hit.start, hit.end) for hit in self.hits(text)]
        kept = (" " if any(at in words for words in inside) else letter for at, letter in enumerate(text))
        return " ".join("".join(kept).split())

    def is_plea(self, text: str) -> bool:
        """Whether somebody asks for help without a word of danger: for free words that nobody else reads."""
        return any(True for _ in self.pleas.find(self._bounded(self.spelling.words(text[:LONGEST]))))

    def _bounded(self, words: list[Word]) -> list[Word]:
        """Between marks for the beginning and the end; courtesies at either end are none of the text."""
        while words and words[0].plain in self.courtesies:
            words = words[1:]
        while words and words[-1].plain in self.courtesies:
            words = words[:-1]
        last = words[-1].end if words else 0
        return [Word(START, 0, 0), *words, Word(END, last, last)]


def _hit(group: Group, text: str, words: Sequence[Word]) -> Hit:
    written = [word for word in words if word.end > word.start]
    start, end = (written[0].start, written[-1].end) if written else (0, 0)
    return Hit(group.kind, group.reason, text[start:end], start, end)


def _reader(content: Mapping[str, Any]) -> Reader:
    spelling = Spelling(short_forms(content["short"]))
    families: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, members in content["families"].items():
        bare = Reader(spelling, families)
        families[name] = tuple(chain.from_iterable(bare.members(str(member)) for member in members))
    return Reader(spelling, families)


def _groups(reader: Reader, content: Mapping[str, Any]) -> Iterator[Group]:
    for kind in content["order"]:
        for reason, body in content["kinds"][kind].items():
            said = {name: said for name, said in body.items() if name not in ("weak", "unless")}
            unless = reader.patterns(body.get("unless", ()))
            yield Group(kind, reason, bool(body.get("weak")), reader.patterns(_phrases(said)), unless)


def _context(reader: Reader, content: Mapping[str, Any]) -> Context:
    lists, spelling = content["context"], reader.spelling
    return Context(
        denials=_words_of(spelling, lists["denials"]),
        links=_words_of(spelling, lists["links"]),
        persons=_words_of(spelling, lists["persons"]),
        me=_words_of(spelling, lists["me"]),
        present=_words_of(spelling, lists["present"]),
        **{name: reader.patterns(lists[name]) for name in _AROUND},
    )


def _phrases(languages: Mapping[str, Sequence[str]]) -> list[str]:
    return [str(phrase) for phrases in languages.values() for phrase in phrases]


def _words_of(spelling: Spelling, words: Sequence[str]) -> frozenset[str]:
    return frozenset(chain.from_iterable(spelling.plain(word) for word in words))


def _known(groups: Sequence[Group], context: Context, content: Mapping[str, Any], spelling: Spelling) -> frozenset[str]:
    """Words that are not mended: those of the patterns, and the real words that look like one of them."""
    patterns = [*(group.said for group in groups), *(getattr(context, name) for name in _AROUND)]
    said = frozenset(word for each in patterns for word in _used(each))
    return said | _words_of(spelling, content["look_alikes"]) | spelling.short.keys()


def _used(patterns: Patterns) -> Iterator[str]:
    for pattern in {id(p): p for many in patterns.by_first.values() for p in many}.values():
        for step in pattern.steps:
            for first, rests in step.options.items():
                yield from (first, *chain.from_iterable(rests))
