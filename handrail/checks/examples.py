"""Has the assistant enough to learn from, and are its tests fair? Looks at nlu_data/ only."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from handrail.checks.ground import Ground, Problem
from hub.yaml_file import read_yaml

FEWEST = 25  # examples of an intent in English; with fewer the rarer spellings are not learned
FEWEST_WORDS = 3  # of a held-out text that must not be an example, too
UNLEARNED = re.compile(r"nlu_fallback|option_\d")  # what is left when nothing fits; numbers are read, not learned
_MARKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")  # [thursday](time), [two]{"entity": …}


def examples(ground: Ground) -> Iterator[Problem]:
    """Enough of each intent in English, no intent that is unknown, no text under two intents."""
    intents = {intent: file for file, domain in ground.domains.items() for intent in domain.get("intents") or []}
    learned = read_examples(ground.examples / "en")
    for intent in sorted(intents):
        number = len(learned.get(intent, ()))
        if number < FEWEST and not UNLEARNED.fullmatch(intent):
            sentence = f"`{intent}` has {number} examples: write {FEWEST - number} more, as people text."
            yield Problem("nlu_data/en/", sentence)
    for intent in sorted(learned.keys() - intents.keys()):
        yield Problem("nlu_data/en/", f"`{intent}` is in no domain.yml: correct its name or add it there.")
    for text, meant in _in_two(learned).items():
        yield Problem("nlu_data/en/", f"“{text}” stands under {' and '.join(meant)}: leave it under one.")


def held_out(ground: Ground) -> Iterator[Problem]:
    """A test text that was learned by heart proves nothing. Of one or two words, anybody would write the same."""

    @cache  # several files of tests are of one language
    def known_texts(language: str) -> set[str]:
        return set().union(*read_examples(ground.examples / language).values())

    for file in sorted((ground.examples / "heldout").glob("*.yml")):
        known = known_texts(file.stem.split("-")[0])  # en-safety.yml is English
        for test in read_yaml(file)["texts"]:
            if len(test["text"].split()) >= FEWEST_WORDS and _plain(test["text"]) in known:
                sentence = f"“{test['text']}” is also an example: take it out of one of the two."
                yield Problem(f"nlu_data/heldout/{file.name}", sentence)


def read_examples(folder: Path) -> dict[str, set[str]]:
    """Intent → its texts, small letters, without marks."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(folder.glob("*.yml")):
        for block in read_yaml(file).get("nlu") or []:
            if "intent" in block:
                lines = (line.strip() for line in block["examples"].splitlines())
                found[block["intent"]] |= {_plain(line[2:]) for line in lines if line.startswith("- ")}
    return found


def _in_two(learned: dict[str, set[str]]) -> dict[str, list[str]]:
    meant: dict[str, list[str]] = defaultdict(list)
    for intent in sorted(learned):
        for text in learned[intent]:
            meant[text].append(f"`{intent}`")
    return {text: intents for text, intents in sorted(meant.items()) if len(intents) > 1}


def _plain(text: str) -> str:
    return " ".join(_MARKED.sub(r"\1", text).casefold().split())
