"""What `handrail check` proves: that words, rules, surveys and examples are whole and fit each other.

    for problem in check(Ground.read(flows_folder, nlu_folder)):
        print(problem)

To add a check, write a function from `Ground` to problems in one of the files here and name it in `CHECKS`.
"""

from collections.abc import Callable, Iterable

from handrail.checks import commands, examples, helplines, nudges, ready_texts, texts, tones
from handrail.checks.ground import Ground, Problem

CHECKS: dict[str, Callable[[Ground], Iterable[Problem]]] = {
    "every text in every language, with the same facts": texts.languages,
    "every text keeps the rules: words, length, reading age, nothing given away": texts.rules,
    "most texts take one part": texts.most_in_one,
    "every text that the hub asks for": texts.asked_for,
    "a text to ask again for everything we wait for": texts.asked_again,
    "every text that has a tone": tones.tones,
    "every ready text can be filled in": ready_texts.ready_texts,
    "every nudge has its text and can happen": nudges.nudges,
    "every command of the rules can be carried out, and the other way round": commands.commands,
    "every reason for a human has its words": commands.reasons,
    "every helpline compared with its source within the year": helplines.helplines,
    "enough examples for the assistant, each meaning one thing": examples.examples,
    "held-out tests that the assistant has never seen": examples.held_out,
}


def check(ground: Ground) -> list[Problem]:
    """Every problem, each once. What cannot be read at all is told first, and only what can be is looked
    into.
    """
    if ground.flows is None:
        return list(ground.unreadable)
    found = (problem for look in CHECKS.values() for problem in look(ground))
    return list(dict.fromkeys(found))


__all__ = ["CHECKS", "Ground", "Problem", "check"]
