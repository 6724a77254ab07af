"""STOP, START and HELP in every language, before any model. Words from `flows/person/keywords.yml`.

A keyword counts when it is all that the text says, courtesies aside: "Stop. Thank you" is STOP, "the bus stop" is not.
The list holds Twilio's own opt-out words, since the provider acts on them whatever we think
(Twilio: "Support for opt-out keywords"). Knows nothing of what follows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_LONGEST = 8  # words; nobody says STOP in a longer one


@dataclass(frozen=True, slots=True)
class Keywords:
    meanings: Mapping[str, str]  # "stop" → "stop_messages"
    courtesies: frozenset[str]

    @classmethod
    def from_flows(cls, flows: Path) -> "Keywords":
        content = yaml.safe_load((flows / "person" / "keywords.yml").read_text(encoding="utf-8"))
        meanings = {
            _plain(word): command
            for command, languages in content["keywords"].items()
            for words in languages.values()
            for word in words
        }
        courtesies = frozenset(_plain(word) for words in content["courtesies"].values() for word in words)
        return cls(meanings, courtesies)

    def match(self, text: str) -> str | None:
        """The command that the text is a keyword for, or None."""
        words = _WORDS.findall(text.casefold())[: _LONGEST + 1]
        if not words or len(words) > _LONGEST:
            return None
        whole = self.meanings.get(" ".join(words))
        rest = [word for word in words if word not in self.courtesies]
        return whole or self.meanings.get(" ".join(rest))


def _plain(word: str) -> str:
    return " ".join(_WORDS.findall(word.casefold()))
