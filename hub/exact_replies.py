"""Answers to the open prompt by exact words, without any model: "1", "yes", "7/10", a code.

The fast path in front of the assistant, and all that is left when it does not answer. Reads the same
`flows/*/rules.yml` as the assistant, so both give the same command. Must not know Rasa, nor guess:
the whole text has to match.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.errors import FlowInvalid
from hub.ports import Command, Decision, Turn
from hub.words import Awaiting, Role
from hub.yaml_file import read_yaml

DECORATION = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # joiners, variation selectors, skin tones
# The Gurmukhi block is named because its vowel signs are no letters to `re`: "yes" and "is" would be one word.
NOT_A_WORD = re.compile("[^\\w\u0a00-\u0a7f\U0001f300-\U0001faff\u2600-\u27bf]+")
ANY_DIGIT = re.compile(r"\d")  # of any script: people with an Urdu or Punjabi keyboard have digits of their own
NOT_UNDERSTOOD = "not_understood"  # an exact word that fits no open question: the assistant may know better

Entities = Mapping[str, str]


def normal_form(text: str) -> str:
    """Small letters, digits 0 to 9, no punctuation, no skin tones: "Yes!!", "yes." and "YES" are one."""
    folded = DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("'", "").replace("’", "")
    folded = ANY_DIGIT.sub(lambda digit: str(int(digit.group())), folded)
    return " ".join(NOT_A_WORD.sub(" ", folded).replace("_", " ").split())


@dataclass(frozen=True, slots=True)
class Response:
    """A command as a `domain.yml` says it: its `with` is taken from the text, its `set` is always added."""

    do: str
    taken: Entities
    fixed: Entities

    def fill(self, found: Entities) -> Command:
        return Command(self.do, {**self.fixed, **{k: found[v] for k, v in self.taken.items() if v in found}})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a `rules.yml`: these intents, in this context, make these commands."""

    name: str
    intents: frozenset[str]
    awaiting: Awaiting | None
    role: Role | None
    says: tuple[Response, ...]

    def fits(self, intent: str, turn: Turn) -> bool:
        return intent in self.intents and self.awaiting in (None, turn.awaiting) and self.role in (None, turn.role)

    @property
    def conditions(self) -> int:
        return (self.awaiting is not None) + (self.role is not None)


class Replies:
    """The exact words of every language and the patterns of ratings and codes."""

    def __init__(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        self.words: dict[str, dict[str, str]] = {}
        for name, file in files.items():
            found = {normal_form(str(w)): intent for intent, words in file["words"].items() for w in words}
            self.words.setdefault(language_of(name), {}).update(found)
        self._ratings = [re.compile(file["patterns"]["rating"]) for file in files.values() if "patterns" in file]
        self._code = re.compile(files["en"]["patterns"]["code"])

    def match(self, turn: Turn) -> tuple[str, Entities] | None:
        """The generic intent of the whole text and its number or code; words of English always count."""
        said = normal_form(turn.text)
        for language in dict.fromkeys((language_of(turn.language), "en")):
            intent = self.words.get(language, {}).get(said)
            if intent:
                return intent, self._number_of(intent, said)
        return self._by_pattern(said)

    @staticmethod
    def _number_of(intent: str, said: str) -> Entities:
        if intent.startswith("option_"):
            return {"number": intent.removeprefix("option_")}
        return {"number": NUMBER_WORDS.get(said, "10")} if intent == "number" else {}

    def _by_pattern(self, said: str) -> tuple[str, Entities] | None:
        rating = next((found for pattern in self._ratings if (found := pattern.fullmatch(said))), None)
        if rating:
            number = rating["number"]
            return (f"option_{number}" if 1 <= int(number) <= 9 else "number"), {"number": number}
        code = said.replace(" ", "").upper()
        return ("give_code", {"code": code}) if self._code.fullmatch(said) else None


NOUGHTS = ("0", "zero", "dim", "sero", "sifar", "sifr", "jeero", "صفر", "زیرو", "ਸਿਫਰ", "ਸਿਫ਼ਰ", "ਜ਼ੀਰੋ", "ਜੀਰੋ")
NUMBER_WORDS = {normal_form(word): "0" for word in NOUGHTS}  # the other words of `number` are ten


def language_of(name: str) -> str:
    """The `ur` of "ur-roman": Urdu in another script, and who reads Urdu may write either."""
    return name.partition("-")[0]


class ExactReplies:
    """Exact words, then the rules. `decide` gives None when only the assistant or a human can tell."""

    def __init__(self, replies: Replies, rules: tuple[Rule, ...]) -> None:
        self.replies = replies
        self.rules = rules

    @classmethod
    def from_flows(cls, path: Path) -> "ExactReplies":
        """Reads replies, domain and rules. Raises FlowInvalid, naming file and rule."""
        files = {file.stem: _read(file) for file in sorted((path / "replies").glob("*.yml"))}
        for name, file in files.items():
            if not isinstance(file.get("words"), dict):
                raise FlowInvalid(f"replies/{name}.yml: no `words`")
        if "patterns" not in files.get("en", {}):
            raise FlowInvalid("replies/en.yml: no `patterns`")
        responses = _responses(path)
        rules = tuple(rule for file in sorted(path.glob("*/rules.yml")) for rule in _rules(file, responses))
        _refuse_two_answers(rules)
        return cls(Replies(files), rules)

    def decide(self, turn: Turn) -> Decision | None:
        matched = self.replies.match(turn)
        if matched is None:
            return None
        intent, found = matched
        rule = self.rule_for(intent, turn)
        if rule is None or any(response.do == NOT_UNDERSTOOD for response in rule.says):
            return None
        return Decision(tuple(r.fill(found) for r in rule.says), decided_by="exact", intent=intent)

    def rule_for(self, intent: str, turn: Turn) -> Rule | None:
        """The rule with the most conditions that fits."""
        fitting = [rule for rule in self.rules if rule.fits(intent, turn)]
        return max(fitting, key=lambda rule: rule.conditions, default=None)


# --- reading flows --------------------------------------------------------------------------------


def _read(file: Path) -> dict[str, Any]:
    try:
        content = read_yaml(file)
    except yaml.YAMLError as error:
        raise FlowInvalid(f"{file}: {error}") from error
    if not isinstance(content, dict):
        raise FlowInvalid(f"{file}: not a mapping")
    return content


def _responses(path: Path) -> dict[str, Response]:
    found = {}
    for file in [path / "domain.yml", *sorted(path.glob("*/domain.yml"))]:
        for name, said in (_read(file).get("responses") or {}).items():
            try:
                custom = said[0]["custom"]
                found[name] = Response(custom["do"], custom.get("with", {}), custom.get("set", {}))
            except (KeyError, IndexError, TypeError, AttributeError) as error:
                raise FlowInvalid(f"{file}, {name}: a response reads `- custom: {{do: …}}`") from error
    return found


def _rules(file: Path, responses: Mapping[str, Response]) -> Iterator[Rule]:
    for written in _read(file).get("rules") or []:
        name = str(written.get("rule", "without a name")) if isinstance(written, dict) else str(written)
        try:
            yield _rule(written, name, responses)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise FlowInvalid(f"{file}, rule {name!r}: {error}") from error


def _rule(written: Mapping[str, Any], name: str, responses: Mapping[str, Response]) -> Rule:
    context = {k: v for part in written.get("condition", []) for slot in part["slot_was_set"] for k, v in slot.items()}
    if unknown := context.keys() - {"awaiting", "role"}:
        raise ValueError(f"a condition on {', '.join(sorted(unknown))}; only awaiting and role are known here")
    asked, *actions = written["steps"]
    intents = [step["intent"] for step in asked.get("or", [asked])]
    says = tuple(responses[step["action"]] for step in actions)
    if not says:
        raise ValueError("no action")
    return Rule(
        name=name,
        intents=frozenset(intents),
        awaiting=Awaiting(context["awaiting"]) if "awaiting" in context else None,
        role=Role(context["role"]) if "role" in context else None,
        says=says,
    )


def _refuse_two_answers(rules: tuple[Rule, ...]) -> None:
    """Two rules for the same intent in the same context would leave the choice to chance."""
    seen: dict[tuple[str, Awaiting | None, Role | None], str] = {}
    for rule in rules:
        for intent in sorted(rule.intents):
            other = seen.setdefault((intent, rule.awaiting, rule.role), rule.name)
            if other != rule.name:
                raise FlowInvalid(f"rules {other!r} and {rule.name!r} both answer {intent} in the same context")
