"""What respondents' pages say: whole in every language, in plain words, and never telling on the victims' side."""

import re
from string import Formatter

import pytest

from hub.reading_age import reading_age
from hub.yaml_file import read_yaml
from inbox.wording import LANGUAGES, content_of, shown_in, wording
from tests.world import ROOT

ENGLISH = {name: words for name, words in content_of("en").items() if isinstance(words, str)}
OLDEST = 10  # years: nine, and one for a formula that is a hint
SHORT = 12  # words: below it the formula says little
_SHORTENED = re.compile(r"\b\w+n['’]t\b|\b(?:cannot not|can['’]t|['’](?:ll|ve|re|d))\b", re.IGNORECASE)


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_word_is_in_every_language_with_the_same_facts(language: str) -> None:
    content = content_of(language)
    theirs = {name: words for name, words in content.items() if isinstance(words, str)}
    assert theirs.keys() == ENGLISH.keys()
    assert {name for name in ENGLISH if fields(ENGLISH[name]) != fields(theirs[name])} == set()
    assert content.get("draft") is True, "until a native speaker has read it"


def test_what_a_language_lacks_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LANGUAGES, "pl", "Polski")
    monkeypatch.setattr("inbox.wording._read", lambda code: {"send": "Wyślij"} if code == "pl" else ENGLISH)
    wording.cache_clear()
    assert wording("pl")["send"] == "Wyślij"
    assert wording("pl")["back"] == "Back"
    assert shown_in("pl") == "pl"
    assert shown_in("xx") == "en"
    monkeypatch.undo()
    wording.cache_clear()


@pytest.mark.parametrize(("name", "words"), sorted(ENGLISH.items()))
def test_english_is_read_at_nine_and_shortens_no_negative(name: str, words: str) -> None:
    assert not _SHORTENED.search(words), words
    if len(words.split()) >= SHORT:
        age = reading_age(words)
        assert age is not None
        assert age <= OLDEST, f"{age}: {words}"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_word_to_avoid_stands_on_a_page(language: str) -> None:
    avoid = read_yaml(ROOT / "flows" / "words_to_avoid.yml").get(language, {})
    said = " ".join(wording(language).values())
    ends = {word: "" if word.endswith("*") else r"(?!\w)" for word in avoid}
    found = [word for word, end in ends.items() if re.search(rf"(?<!\w){re.escape(word.rstrip('*'))}{end}", said)]
    assert found == []
