"""STOP, START and HELP in every language, before any model. Words from `flows/person/keywords.yml`.

A keyword counts when it is all that the text says, courtesies aside: "Stop. Thank you" is STOP, "the bus stop" is not.
The list holds Twilio's own opt-out words, since the provider acts on them whatever we think
(Twilio: "Support for opt-out keywords"). Knows nothing of what follows.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.yaml_file import read_yaml

# The Gurmukhi block is named because its vowel signs are no letters to `re`, and would break words apart.
_WORDS = re.compile(r"(?:[^\W_]|[\u0a00-\u0a7f])+")
_LONGEST = 8  # words; nobody says STOP in a longer one


@dataclass(frozen=True, slots=True)
class Keywords:
    meanings: Mapping[str, str]  # "stop" → "stop_messages"
    courtesies: frozenset[str]
    stop_which: frozenset[str]  # those that mean stopping, but perhaps not all of our texts

    @classmethod
    def from_flows(cls, flows: Path) -> "Keywords":
        content = read_yaml(flows / "person" / "keywords.yml")
        meanings = {
            _plain(word): command
            for command, languages in [*content["keywords"].items(), ("stop_messages", content["stop_which"])]
            for words in languages.values()
            for word in words
        }
        courtesies = frozenset(_plain(word) for words in content["courtesies"].values() for word in words)
        stop_which = frozenset(_plain(word) for words in content["stop_which"].values() for word in words)
        return cls(meanings, courtesies, stop_which)

    def match(self, text: str) -> str | None:
        """The command that the text is a keyword for, or None."""
        return self.meanings.get(self._keyword(text))

    def stops_at_once(self, text: str) -> bool:
        """Whether it is a word that stops all texts without a question."""
        keyword = self._keyword(text)
        return self.meanings.get(keyword) == "stop_messages" and keyword not in self.stop_which

    def _keyword(self, text: str) -> str:
        """The text without its courtesies, unless it is a keyword with them; empty when it is too long for one."""
        words = _words(text)[: _LONGEST + 1]
        if len(words) > _LONGEST:
            return ""
        whole = " ".join(words)
        return whole if whole in self.meanings else " ".join(word for word in words if word not in self.courtesies)


def _plain(word: str) -> str:
    return " ".join(_words(word))


def _words(text: str) -> list[str]:
    """NFKC first: some phones send "ó" or "ਸ਼" as one character, some as two."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
