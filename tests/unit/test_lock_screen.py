"""A stolen or shared phone: every text that a victim may get, as it stands on the lock screen.

`docs/lock-screen.md` lists them for reading; here each is one test.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handrail import lock_screen
from handrail.reference import MADE
from tests.world import ROOT, our_flows

FLOWS = our_flows()
TOLD = {key for key in lock_screen.told_when_safe(FLOWS) if not key.startswith("conditions.one")}
SHOWN = [(language, key, said) for language in ("en", "cy") for key, said in lock_screen.shown(FLOWS, language)]
# Crime, police, court, a service, a person, the reason: apart from the list that `handrail check` uses, so that a word
# taken out there by mistake is missed here.
NEVER = {
    "en": (
        *("crime", "police", "court", "victim", "abuse", "violence", "offen", "arrest", "suspect", "charged", "bail"),
        *("the case", "your case", "hearing", "trial", "evidence", "witness", "statement", "prison", "caution"),
        *("probation", "appointment", "officer", "worker", "survey", "samaritan", "victim support", "refuge", "agency"),
        *("northshire", "handrail", "http", "0300", "0808", "0800"),
    ),
    "cy": (
        *("trosedd", "heddlu", "llys", "dioddef", "cam-drin", "arest", "cyhudd", "gwrandawiad", "carchar", "tyst"),
        *("apwyntiad", "swyddog", "arolwg", "samariaid", "lloches", "northshire", "handrail", "http", "0300", "0808"),
    ),
}
# In an answer to a cry for help the number that saves a life may stand there.
CRIES = ("safety.", "check_ins.struggling", "check_ins.done_low", "check_ins.help_low", "human.unknown_sender")


@pytest.mark.parametrize(("language", "key", "said"), SHOWN, ids=[f"{key}-{language}" for language, key, _ in SHOWN])
def test_nothing_on_a_lock_screen_says_who_writes_or_why(language: str, key: str, said: str) -> None:
    assert "<" not in said, "a fact that must not be seen there"
    assert not [word for word in NEVER[language] if word in said.lower()]
    if not key.startswith(CRIES):
        assert "999" not in said
        assert "116 123" not in said


def test_the_list_holds_every_text_but_those_that_are_told_when_it_is_safe() -> None:
    known = FLOWS.texts.languages["en"].templates.keys()
    assert {key for language, key, _ in SHOWN if language == "en"} | set(lock_screen.told_when_safe(FLOWS)) == known
    assert len(SHOWN) > 500


def test_with_a_code_word_every_text_begins_with_it() -> None:
    assert all(said.startswith("Robin: ") for _, said in lock_screen.shown(FLOWS, "en", code_word="Robin"))


def test_the_page_is_as_the_texts_are() -> None:
    """When this fails, `handrail docs` writes the page anew."""
    page = (ROOT / "docs" / "lock-screen.md").read_text(encoding="utf-8")
    assert page == lock_screen.page(FLOWS, MADE)


def test_what_is_told_when_it_is_safe_is_said_in_no_other_place() -> None:
    """Each function that says one is registered by `@told_when_safe`, or is reached only from one that is."""
    inside = {"_where", "_bring", "_travel", "_with_whom"} | {"tell", "_say", "_next"}  # the last of hub/update_talk.py
    inside |= {"_from_worker", "_tell", "take"}  # hub/rights.py, told through hub/tellings.py
    inside |= {"say_code"}  # hub/threads/codes.py: from hub/threads/told.py, and to phones that nobody else reads
    inside |= {"_views"}  # a page that a code opens
    elsewhere = [found for found in _said(ROOT / "hub") if found[1] not in inside]
    assert elsewhere == []


# A topic that waits for the yes by itself.
REGISTERS = re.compile(r"^@(told_when_safe|tells)\(", re.MULTILINE)


def _said(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(file, function, text) wherever a text that waits for a yes is said by its name."""
    for file in sorted(folder.rglob("*.py")):
        if REGISTERS.search(file.read_text(encoding="utf-8")):
            continue
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from ((file.name, function.name, key) for key in _keys(function))


def _keys(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and node.value in TOLD:
            yield str(node.value)
