"""Every text as it stands on the lock screen of a phone that others may read: a page of docs/, and what its test reads.

Each fact is filled in by words that nobody can overlook; what a careful wording may hold (a day, a number) looks like
itself. Must not know what the texts are about.
"""

from collections.abc import Iterator

from hub.example_facts import EXAMPLE_FACTS
from hub.flows import Flows
from hub.texts import DEFAULT_LANGUAGE

CODE_WORD = "Robin"
# What may stand there: times, counts, and the person's own words about times. Numbers of helplines only after a cry.
HARMLESS = frozenset(
    {"when", "on", "at", "day", "by_day", "answer_by", "wanted", "wanted_day", "slots", "time", "until", "minutes"}
    | {"shown", "number", "questions", "code", "low", "high", "options", "open_from", "open_until", "language"}
    | {"done", "all", "came", "away", "next_day", "days", "by", "most"}
    | {"question"}  # chosen by themselves, to be about something else
)


def facts(flows: Flows) -> dict[str, str]:
    """Shouted, where they must not be seen."""
    harmless = HARMLESS | flows.helplines.numbers().keys()
    known = dict(EXAMPLE_FACTS) | flows.helplines.numbers()
    fields = {name for t in flows.texts.languages[DEFAULT_LANGUAGE].templates.values() for name in t.fields()}
    return {name: known.get(name, name) if name in harmless else f"<{name.upper()}>" for name in fields | known.keys()}


def shown(flows: Flows, language: str, *, code_word: str = "") -> Iterator[tuple[str, str]]:
    """(text, as it is read there) of all that can go out unasked. What is told only when it is safe stands apart."""
    for key in sorted(flows.texts.languages[language].templates):
        if not flows.text_rules.is_told_when_safe(key):
            said = flows.texts.render(key, language, facts(flows), discreet=True, code_word=code_word)
            yield key, said.text


def told_when_safe(flows: Flows) -> list[str]:
    """Those that nobody gets there before a yes to "is now a good time?"."""
    known = flows.texts.languages[DEFAULT_LANGUAGE].templates
    return sorted(key for key in known if flows.text_rules.is_told_when_safe(key))


def page(flows: Flows, made: str) -> str:
    welsh = dict(shown(flows, "cy"))
    rows = [f"| `{key}` | {words} | {welsh.get(key, '')} |" for key, words in shown(flows, DEFAULT_LANGUAGE)]
    later = [key for key in told_when_safe(flows) if not key.startswith("survey.")]
    return "\n".join(
        [
            "# What stands on a lock screen",
            made,
            "",
            "Every text as a phone shows it that others may read (“Others may read this phone”, or “Ask me first”).",
            "None says who writes, to whom, where or why. With a code word each begins with it: “Robin: Thank you.”",
            "",
            "| text | English | Cymraeg (draft) |",
            "|---|---|---|",
            *rows,
            "",
            "## Only after a yes to “is now a good time?”",
            "",
            "These have one wording, because nobody gets them on such a phone without having been asked first. So do",
            "the questions of surveys, which come only to somebody who has started one.",
            "",
            ", ".join(f"`{key}`" for key in later) + ".",
            "",
        ]
    )
