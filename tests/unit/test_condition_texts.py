"""Every automated text about conditions and missed appointments: none decides, none threatens, none guesses at what
comes. A new text must be added here by hand, with its tone, by somebody who has read it aloud."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from hub.flows import Flows
from hub.states import ConditionState
from hub.tones import Tone
from tests.world import ROOT

E, N, H = Tone.ENCOURAGING, Tone.NEUTRAL, Tone.HARD
TEXTS: dict[str, Tone] = {
    "appointments.missed": H,
    "appointments.missed_heard": N,
    "appointments.missed_later": N,
    "appointments.missed_offer": N,
    "appointments.missed_short": N,
    "conditions.bail_return": N,
    "conditions.day_changed": N,
    "conditions.done": E,
    "conditions.done_noted": N,
    "conditions.done_short": N,
    "conditions.early": H,
    "conditions.early_short": N,
    "conditions.going_well": E,
    "conditions.half_way": N,
    "conditions.half_way_short": N,
    "conditions.hearing": N,
    "conditions.help": E,
    "conditions.left": N,
    "conditions.list": N,
    "conditions.longer_asked": E,
    "conditions.longer_no": H,
    "conditions.longer_none": N,
    "conditions.longer_passed_on": E,
    "conditions.longer_yes": E,
    "conditions.no_photo": N,
    "conditions.none": N,
    "conditions.not_done": H,
    "conditions.not_yet": H,
    "conditions.one": N,
    "conditions.one_done": N,
    "conditions.one_due": N,
    "conditions.open_again": H,
    "conditions.passed": H,
    "conditions.passed_short": N,
    "conditions.photo_given": N,
    "conditions.photo_wanted": N,
    "conditions.photo_wanted_short": N,
    "conditions.progress": N,
    "conditions.progress_all": N,
    "conditions.progress_next": N,
    "conditions.release_day": N,
    "conditions.reminder": N,
    "conditions.reminder_too": N,
    "conditions.seen_done": E,
    "conditions.service_end": N,
    "conditions.taken_back": N,
    "conditions.today": N,
    "conditions.today_too": N,
    "conditions.until_unclear": N,
    "conditions.until_unclear_short": N,
    "conditions.until_when": N,
    "conditions.until_when_short": N,
    "conditions.waived": E,
    "conditions.well_done": N,
    "conditions.well_done_all": N,
    "conditions.well_done_next": N,
    "conditions.which_done": N,
    "conditions.which_done_short": N,
    "conditions.which_longer": N,
    "conditions.which_longer_short": N,
}
# Nothing that decides, threatens or scores; whole words, or the beginning of one with *.
NEVER = {
    "en": "breach* violat* fail* risk* score* prison jail arrest* recall* sanction* punish* penalt* warn* final "
    "consequence* non-complian* complian* comply prosecut* charge* sentence* unacceptable obey likely probab* %",
    "cy": "torri tramgwydd* methu methodd methiant risg* sgor* carchar* arest* cosb* rhybudd* terfynol "
    "canlyniad* cydymffurf* erlyn* cyhuddo dedfryd* annerbyniol tebyg* %",
}
DECIDES = (
    "conditions.not_done",
    "conditions.not_yet",
    "conditions.seen_done",
    "conditions.waived",
    "conditions.open_again",
)


def spoken(flows: Flows, language: str) -> dict[str, str]:
    """Whatever is said about them: the words, the careful wording and the buttons."""
    known = flows.texts.languages[language].templates
    return {
        key: " ".join((t.text, t.discreet, *(choice.label for choice in t.choices)))
        for key, t in known.items()
        if key.startswith(("conditions.", "appointments.missed"))
    }


def test_every_text_is_on_the_list_with_its_tone(flows: Flows) -> None:
    tones = {key: flows.tones.get(key, Tone.NEUTRAL) for key in spoken(flows, "en")}
    assert tones == TEXTS


@pytest.mark.parametrize("language", NEVER)
def test_no_text_decides_threatens_or_scores(flows: Flows, language: str) -> None:
    found = {key: words for key, said in spoken(flows, language).items() if (words := hard_words(said, language))}
    assert found == {}


@pytest.mark.parametrize(
    ("said", "language"),
    [("This is a breach.", "en"), ("You failed.", "en"), ("Risk: 40%", "en"), ("Rydych wedi methu.", "cy")],
)
def test_such_a_word_would_be_found(said: str, language: str) -> None:
    assert hard_words(said, language)


def hard_words(said: str, language: str) -> list[str]:
    return [word for word in NEVER[language].split() if re.search(pattern(word), said, re.IGNORECASE)]


def pattern(word: str) -> str:
    end = "" if word.endswith("*") or not word.isalpha() else r"\b"
    return rf"(?<!\w){re.escape(word.removesuffix('*'))}{end}"


def test_what_is_said_together_is_two_texts_at_most(flows: Flows) -> None:
    """How far they are stands before "done" and after "seen": together no longer than two SMS."""
    judge, known = flows.text_rules, flows.texts.languages["en"].templates
    pairs = [("conditions.well_done_next", "conditions.done"), ("conditions.progress_next", "conditions.list")]
    pairs.append(("conditions.seen_done", "conditions.well_done_next"))
    pairs.append(("conditions.well_done_next", "conditions.done_noted"))
    sizes = {pair: judge.size(" ".join(known[key].text for key in pair)).segments for pair in pairs}
    assert max(sizes.values()) <= 2, sizes


def test_only_a_workers_decision_says_that_something_is_not_done() -> None:
    """Nothing but `conditions.decide` moves a condition anywhere but to "said done" and back; a page alone calls it."""
    assert moves_to({"NOT_DONE", "DONE", "WAIVED"}) == set()
    assert callers("conditions", "decide") == {"inbox/pages/conditions.py"}
    assert callers("extensions", "accept") | callers("extensions", "decline") == {"inbox/pages/conditions.py"}


def test_what_a_worker_decides_is_said_by_nobody_else() -> None:
    said = {file: strings(tree) for file, tree in modules()}
    named = {key: {file for file in said if key in said[file]} for key in DECIDES}
    assert named == {key: {"hub/condition_words.py"} for key in DECIDES}


def test_no_nudge_speaks_of_a_decision(flows: Flows) -> None:
    assert {rule.text for rule in flows.nudges.values()} & set(DECIDES) == set()


def moves_to(names: set[str]) -> set[str]:
    """Where code sets a condition to one of these states by name."""
    return {
        f"{file}: {node.attr}"
        for file, tree in modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and any("move" in name for name in names_in(call.func))
        for node in ast.walk(call)
        if isinstance(node, ast.Attribute) and node.attr in names and ast.unparse(node.value) == ConditionState.__name__
    }


def names_in(tree: ast.AST) -> list[str]:
    return [getattr(node, "attr", "") or getattr(node, "id", "") for node in ast.walk(tree)]


def callers(module: str, function: str) -> set[str]:
    """The modules that call `module.function`."""
    return {
        file
        for file, tree in modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == function
        if ast.unparse(call.func.value) == module
    }


@cache
def modules() -> list[tuple[str, ast.Module]]:
    rooms = ("hub", "inbox", "scheduler", "integrations")
    files = [file for room in rooms for file in sorted((ROOT / room).rglob("*.py"))]
    return [(Path(file).relative_to(ROOT).as_posix(), ast.parse(file.read_text())) for file in files]


def strings(tree: ast.Module) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
