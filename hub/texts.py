"""Everything that a person reads, from `flows/<topic>/<language>.yml`. One function fills in, sanitises and counts.

The preview, the counter beside the reply box, the provider's request and the record all come from `Texts.render` or
`as_written`, so they cannot disagree. Knows nothing of who gets it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from hub.errors import FactMissing, FlowInvalid, TextMissing
from hub.ports import Choice
from hub.sms import Count, count, sanitise
from hub.yaml_file import read_yaml

DEFAULT_LANGUAGE = "en"

# Facts that name another text, said before or after this one in the same message: two short texts cost one SMS.
BEFORE, THEN = "text_before", "text_then"


@dataclass(frozen=True, slots=True)
class Template:
    """One text in one language."""

    text: str
    discreet: str  # the careful wording for a phone that others may read; the text itself where it is careful already
    choices: tuple[Choice, ...]

    def fields(self) -> set[str]:
        return fields_of(self.text) | fields_of(self.discreet)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it leaves: what is previewed, counted, sent and recorded."""

    text: str
    choices: tuple[Choice, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class Language:
    templates: Mapping[str, Template]
    drafts: frozenset[str]  # topics that no native speaker has read yet


class Texts:
    def __init__(self, languages: Mapping[str, Language]) -> None:
        self.languages = languages

    @classmethod
    def from_flows(cls, flows: Path) -> "Texts":
        """Read every `<topic>/<language>.yml`. Raises `FlowInvalid` with the file."""
        found: dict[str, dict[str, Template]] = {}
        drafts: dict[str, set[str]] = {}
        for file in sorted(flows.glob("*/??.yml")):
            if file.parent.name == "replies":  # what people say, not what we say
                continue
            content = read_yaml(file)
            topic, language = file.parent.name, file.stem
            if not isinstance(content, dict) or not isinstance(content.get("texts"), dict):
                raise FlowInvalid(f"{file}: it needs `texts:` with a text under each name.")
            templates = {f"{topic}.{name}": _template(file, name, body) for name, body in content["texts"].items()}
            found.setdefault(language, {}).update(templates)
            if content.get("draft"):
                drafts.setdefault(language, set()).add(topic)
        return cls({name: Language(texts, frozenset(drafts.get(name, ()))) for name, texts in found.items()})

    def with_templates(self, more: Mapping[str, Mapping[str, Template]]) -> "Texts":
        """These texts and `more` (language → key → text), such as the questions of surveys."""
        merged = dict(self.languages)
        for name, templates in more.items():
            known = merged.get(name, Language({}, frozenset()))
            merged[name] = Language({**known.templates, **templates}, known.drafts)
        return Texts(merged)

    def template(self, key: str, language: str) -> Template:
        """The text in the person's language, else in English. Raises `TextMissing`."""
        for name in (language, DEFAULT_LANGUAGE):
            found = self.languages[name].templates.get(key) if name in self.languages else None
            if found:
                return found
        raise TextMissing(f"({key})")

    def render(
        self, key: str, language: str, facts: Mapping[str, str], *, discreet: bool = False, code_word: str = ""
    ) -> Rendered:
        """Fill in, sanitise and count, with what is said `BEFORE` and `THEN`. Raises `TextMissing` or `FactMissing`."""
        keys = [name for name in (facts.get(BEFORE), key, facts.get(THEN)) if name]
        templates = {name: self.template(name, language) for name in keys}
        filled = [fill(t.discreet if discreet else t.text, facts, name) for name, t in templates.items()]
        choices = templates[keys[-1]].choices or templates[key].choices
        return as_written(" ".join(filled), choices, code_word=code_word)


def as_written(text: str, choices: tuple[Choice, ...] = (), *, code_word: str = "") -> Rendered:
    """A worker's own words, or a filled-in text: sanitised and counted, after the code word of whoever has one."""
    begins = f"{code_word}: " if code_word and text else ""
    clean = sanitise(text if text.startswith(begins) else begins + text)  # tried before, a text has it already
    return Rendered(clean, choices, count(clean))


def fill(text: str, facts: Mapping[str, str], key: str) -> str:
    """Put facts in place of `{names}`; a fact is kept to one line, so that it cannot pretend to be a new paragraph."""
    if facts.get("first_name") == "":  # somebody who wants no name in texts: "Hi {first_name}," is "Hi,"
        text = text.replace(", {first_name}", "").replace(" {first_name}", "")
    missing = fields_of(text) - facts.keys()
    if missing:
        raise FactMissing(f"({key} asks for {', '.join(sorted(missing))})")
    return text.format_map({name: " ".join(str(value).split()) for name, value in facts.items()})


def sentence(words: str) -> str:
    """Somebody's own words, ended: "next to the bank And will you come?" is hard to read."""
    words = words.strip()
    return f"{words}." if words and words[-1] not in ".!?:" else words


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _template(file: Path, name: str, body: Any) -> Template:
    entry: dict[str, Any] = {"text": body} if isinstance(body, str) else body
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise FlowInvalid(f"{file}: `{name}` needs a text.")
    discreet: str = entry.get("discreet") or entry["text"]
    choices = tuple(Choice(str(reply), str(label)) for reply, label in (entry.get("choices") or {}).items())
    return Template(entry["text"].strip(), discreet.strip(), choices)
