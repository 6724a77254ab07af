"""Is everything that people read whole? Languages, facts, words to avoid, and what the hub asks for by
name.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from handrail.checks.ground import Ground, Problem
from hub.sms import count
from hub.texts import DEFAULT_LANGUAGE, Template
from hub.words import Awaiting
from hub.yaml_file import read_yaml

SURVEYS = "survey"  # their questions carry all languages in one file, checked when it is read


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
    if different := english.fields() ^ other.fields():
        facts = ", ".join(f"{{{fact}}}" for fact in sorted(different))
        yield Problem(file, f"`{name}` does not use the same facts as the English ({facts}).")
    if [choice.reply for choice in english.choices] != [choice.reply for choice in other.choices]:
        yield Problem(file, f"`{name}` does not have the same choices as the English.")


def words_to_avoid(ground: Ground) -> Iterator[Problem]:
    """`flows/words_to_avoid.yml`: language → word (or "stem*") → what to write instead."""
    avoid = read_yaml(ground.folder / "words_to_avoid.yml")
    for language, words in avoid.items():
        looked_for = {word: (_pattern(word), instead) for word, instead in words.items()}
        known = ground.whole.texts.languages.get(language)
        for key, template in (known.templates if known else {}).items():
            said = " ".join((template.text, template.discreet, *(c.label for c in template.choices)))
            for word, (pattern, instead) in looked_for.items():
                if pattern.search(said):
                    sentence = f"`{key.split('.', 1)[1]}` says “{word}”. Write instead: {instead}."
                    yield Problem(_file(ground, key, language), sentence)


def _pattern(word: str) -> re.Pattern[str]:
    end = "" if word.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(word.removesuffix('*'))}{end}", re.IGNORECASE)


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
    """Without the questions of surveys."""
    templates = ground.whole.texts.languages[language].templates
    return {key: template for key, template in templates.items() if not key.startswith(f"{SURVEYS}.")}


def _file(ground: Ground, key: str, language: str) -> str:
    topic, name = key.split(".", 1)
    if topic == SURVEYS:
        return f"{ground.folder.name}/surveys/definitions/{name.split('.')[0]}.yml"
    return f"{ground.folder.name}/{topic}/{language}.yml"
