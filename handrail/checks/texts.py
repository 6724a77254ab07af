"""Is everything that people read whole? Languages, facts, the rules for each text, and what the hub asks for by
name.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from handrail.checks.ground import Ground, Problem
from hub.sms import count
from hub.text_rules import MOST_IN_ONE, same_facts
from hub.texts import DEFAULT_LANGUAGE, Template
from hub.words import Awaiting

# Questions of these carry all languages in one file, checked when it is read: the name of their texts → the folder.
IN_ONE_FILE = {"survey": "surveys", "statement": "statements"}


def languages(ground: Ground) -> Iterator[Problem]:
    """Same names, same facts and same answers in every language as in English."""
    texts = ground.whole.texts.languages
    english = _own(ground, DEFAULT_LANGUAGE)
    for language in sorted(set(texts) - {DEFAULT_LANGUAGE}):
        theirs = _own(ground, language)
        for key in sorted(english.keys() | theirs.keys()):
            file = _file(ground, key, language)
            name = key.split(".", 1)[1]
            if key not in theirs:
                yield Problem(file, f"`{name}` is missing: write it, or copy the English and mark the file as draft.")
            elif key not in english:
                yield Problem(file, f"`{name}` is not in en.yml: write it there, or take it out here.")
            else:
                yield from _same(file, name, english[key], theirs[key])


def _same(file: str, name: str, english: Template, other: Template) -> Iterator[Problem]:
    for sentence in same_facts(other, english):
        yield Problem(file, f"`{name}` {sentence}")
    if [choice.reply for choice in english.choices] != [choice.reply for choice in other.choices]:
        yield Problem(file, f"`{name}` does not have the same choices as the English.")


def rules(ground: Ground) -> Iterator[Problem]:
    """Words to avoid, giveaways in discreet wordings, length, reading age: as for an agency's own wording."""
    judge = ground.whole.text_rules
    for language, known in ground.whole.texts.languages.items():
        for key, template in known.templates.items():
            said = [*judge.avoided(language, template), *judge.giving_away(key, language, template)]
            said += judge.hard_to_read(language, template)
            if not template.fields() - judge.example_facts.keys():
                said += judge.too_long(language, template)
            for sentence in said:
                yield Problem(_file(ground, key, language), f"`{key.split('.', 1)[1]}` {sentence}")


def most_in_one(ground: Ground) -> Iterator[Problem]:
    """Four texts of five take one part: two parts cost twice, and on a bad line only one of them may come.

    What needs two says who, when and where and how to answer, or several numbers for somebody in danger; that is one in
    ten today, and one in five leaves room for what is still to be written.
    """
    one, number = in_one(ground)
    if number and 100 * one < MOST_IN_ONE * number:
        sentence = f"{one} of {number} texts take one part, filled in: shorten others until {MOST_IN_ONE} in 100 do."
        yield Problem(f"{ground.folder.name}/", sentence)


def in_one(ground: Ground) -> tuple[int, int]:
    """How many English wordings take one part, filled in with facts as long as they are likely to be; and of how
    many."""
    judge = ground.whole.text_rules
    known = ground.whole.texts.languages[DEFAULT_LANGUAGE].templates.values()
    said = [words for template in known for words in dict.fromkeys((template.text, template.discreet))]
    return sum(judge.size(words).segments == 1 for words in said), len(said)


def asked_for(ground: Ground) -> Iterator[Problem]:
    """Every text that the hub's code names stands in `flows/`; of a name made up of two parts, one with its
    beginning.
    """
    known = ground.whole.texts.languages[DEFAULT_LANGUAGE].templates
    for file, line, named in _named(ground):
        there = any(key.startswith(named) for key in known) if named.endswith("_") else named in known
        if not there:
            topic, name = named.split(".")
            yield Problem(f"{ground.folder.name}/{topic}/en.yml", f"`{name}` is missing; {file}:{line} says it.")


def _named(ground: Ground) -> Iterator[tuple[str, int, str]]:
    """What looks like the name of a text in the code of the domain (in the store, such names are columns)."""
    named = re.compile(rf"(?:{'|'.join(sorted(ground.topics))})\.[a-z][a-z0-9_]*")
    for file, nodes in ground.code().items():
        for node in nodes:
            said = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if named.fullmatch(said) and not file.startswith("hub/store/"):
                yield file, getattr(node, "lineno", 0), said


ASKED_AGAIN = {
    "again": "what is said when the answer was not understood.",
    "still": "the question once more in short, after something else was answered.",
}


def asked_again(ground: Ground) -> Iterator[Problem]:
    """Every open question can be asked again, in other words and in short."""
    known = ground.whole.texts.languages[DEFAULT_LANGUAGE].templates
    questions = ["offered_time", *(awaiting.value for awaiting in Awaiting)]
    for kind, why in ASKED_AGAIN.items():
        for question in questions:
            needless = kind == "still" and question == Awaiting.NOTHING
            if not needless and f"human.{kind}_{question}" not in known:
                yield Problem("flows/human/en.yml", f"`{kind}_{question}` is missing: {why}")


def lengths(ground: Ground, language: str = DEFAULT_LANGUAGE) -> Iterable[dict[str, object]]:
    """How many parts each text takes as an SMS, the longest first; facts are counted as their names stand
    there.
    """
    rows = []
    for key, template in ground.whole.texts.languages[language].templates.items():
        for kind, text in {"text": template.text, "discreet": template.discreet}.items():
            if kind == "discreet" and text == template.text:
                continue
            size = count(text)
            shown = {"text": key if kind == "text" else f"{key} (discreet)", "parts": size.segments}
            rows.append(shown | {"units": size.units, "alphabet": size.encoding})
    return sorted(rows, key=lambda row: (-int(str(row["units"])), str(row["text"])))


def _own(ground: Ground, language: str) -> dict[str, Template]:
    """Without the questions of surveys and statements."""
    templates = ground.whole.texts.languages[language].templates
    return {key: template for key, template in templates.items() if key.split(".", 1)[0] not in IN_ONE_FILE}


def _file(ground: Ground, key: str, language: str) -> str:
    topic, name = key.split(".", 1)
    if topic in IN_ONE_FILE:
        return f"{ground.folder.name}/{IN_ONE_FILE[topic]}/definitions/{name.split('.')[0]}.yml"
    return f"{ground.folder.name}/{topic}/{language}.yml"
