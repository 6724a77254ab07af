"""Where a text is used: by which rules, in answer to what, in which survey. Read from rules, surveys and commands."""

import inspect
import re
from dataclasses import dataclass
from functools import cache

from hub.commands import COMMANDS
from hub.core import Hub
from hub.meanings import TOPICS
from hub.reading.rule_words import in_words

_MEANINGS = {command: words for topic in TOPICS.values() for command, words in topic.items()}
# Said in the course of a talk that goes on over several texts.
_TALKS = {
    "attendance": "While somebody shows that they came",
    "cases": "When a case is closed",
    "check_ins": "In a check-in",
    "conditions": "While somebody is asked about what they agreed to do",
    "surveys": "Around a survey",
}
_NAMED = re.compile(r"\"([a-z_]+\.[a-z_0-9]+)\"")


@dataclass(frozen=True, slots=True)
class Use:
    """`words` begin with a capital; `rule`: the name of the rule that it is, if it is one."""

    words: str
    rule: str = ""


def uses(hub: Hub, key: str) -> list[Use]:
    """None where the hub itself says it: after a question, or when something could not be done."""
    if key.startswith("survey."):
        name = key.split(".")[1]
        return [Use(f"A question of the survey “{name.replace('_', ' ')}”")]
    rules = [Use(in_words(rule), rule.name) for rule in hub.flows.nudges.values() if rule.text == key]
    answers = [Use(f"When somebody {_MEANINGS.get(command, command)}") for command in _by_text().get(key, ())]
    talk = _TALKS.get(key.split(".")[0])
    return rules + answers or ([Use(talk)] if talk else [])


@cache
def _by_text() -> dict[str, tuple[str, ...]]:
    """Which commands' own functions name a text."""
    found: dict[str, list[str]] = {}
    for command, function in COMMANDS.items():
        for key in set(_NAMED.findall(inspect.getsource(function))):
            found.setdefault(key, []).append(command)
    return {key: tuple(sorted(commands)) for key, commands in found.items()}
