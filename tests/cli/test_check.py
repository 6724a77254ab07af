"""`handrail check`: our own files are whole, and each thing that can go wrong is found and named."""

import shutil
from pathlib import Path

import pytest

from handrail import checks
from tests.cli.conftest import Run
from tests.world import ROOT


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A copy to break: all of flows/, and of the examples the file that is broken below."""
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    (tmp_path / "nlu_data" / "en").mkdir(parents=True)
    shutil.copy(ROOT / "nlu_data" / "en" / "thank.yml", tmp_path / "nlu_data" / "en")
    return tmp_path


def problems(project: Path) -> str:
    found = checks.check(checks.Ground.read(project / "flows", project / "nlu_data"))
    return "\n".join(map(str, found))


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text()
    assert old in content, "the test's own file has changed"
    file.write_text(content.replace(old, new, 1))


def test_our_own_words_rules_and_examples_are_whole() -> None:
    assert problems(ROOT) == ""


def test_the_command_says_so_and_shows_lengths_when_asked(run: Run) -> None:
    done = run("check", "--lengths")

    assert done.exit_code == 0
    assert "All well" in done.stdout
    assert "appointments.reminder" in done.stdout
    assert "GSM-7" in done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("flows/human/cy.yml", "  praise:", "  praised:", "flows/human/cy.yml: `praise` is missing"),
        (
            "flows/human/cy.yml",
            "{phone}",
            "{telephone}",
            "the same facts as the English ({phone}, {telephone})",
        ),
        ("flows/human/en.yml", "  again_language:", "  again_tongue:", "`again_language` is missing"),
        (
            "flows/human/en.yml",
            "Thank you, that is kind.",
            "Thank you, client.",
            "says “client*”. Write instead: you",
        ),
        ("flows/human/en.yml", "  praise:", "  prise:", "`praise` is missing; hub/commands/"),
        ("flows/appointments/nudges.yml", "appointments.missed", "appointments.mised", "which is no text"),
        ("flows/appointments/nudges.yml", "given: missed", "given: mised", "which never comes"),
        ("flows/human/domain.yml", "{do: praise}", "{do: praize}", "nothing carries out `praize`"),
        ("flows/human/domain.yml", "{do: praise}", "{do: praize}", "no response says `praise`"),
        (
            "nlu_data/en/thank.yml",
            "- intent: thank",
            "- intent: thanks",
            "`thank` has 0 examples: write 25 more",
        ),
        ("nlu_data/en/thank.yml", "- intent: thank", "- intent: thanks", "`thanks` is in no domain.yml"),
    ],
)
def test_a_slip_is_found_with_its_file(ours: Path, file: str, old: str, new: str, said: str) -> None:
    change(ours / file, old, new)

    assert said in problems(ours)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("flows/appointments/nudges.yml", "purpose: reminder", "purpos: reminder", "purpos"),
        ("flows/appointments/rules.yml", "utter_confirm_attendance", "utter_nothing", "utter_nothing"),
        ("flows/surveys/definitions/session_feedback.yml", "next: own_words", "next: own_word", "own_word"),
        ("flows/human/en.yml", "texts:", "text:", "human/en.yml"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(ours: Path, file: str, old: str, new: str, said: str) -> None:
    change(ours / file, old, new)

    assert said in problems(ours)


def test_a_test_that_was_learned_by_heart_is_found(ours: Path) -> None:
    text = "ta very much for sorting that"
    (ours / "nlu_data" / "heldout").mkdir()
    (ours / "nlu_data" / "heldout" / "en.yml").write_text(f'texts:\n  - {{text: "{text}", expect: [thank]}}\n')
    change(ours / "nlu_data/en/thank.yml", "    examples: |\n", f"    examples: |\n      - {text}\n")

    assert f"“{text}” is also an example" in problems(ours)


def test_a_problem_is_exit_code_1(run: Run, ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(ours / "flows/human/cy.yml", "  praise:", "  praised:")
    monkeypatch.setenv("HANDRAIL_FLOWS_FOLDER", str(ours / "flows"))

    done = run("check")

    assert done.exit_code == 1
    assert "2 to put right." in done.stdout


def test_most_texts_take_one_part(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.texts, "MOST_IN_ONE", 99)

    assert "texts take one part, filled in: shorten others until 99 in 100 do." in problems(ours)


def test_a_text_for_older_readers_is_found(ours: Path) -> None:
    hard = "Notification: participation in subsequent consultations necessitates immediate communication."
    change(ours / "flows" / "human" / "en.yml", "Thank you, that is kind.", hard)

    assert "and 9 is the most. Use shorter words" in problems(ours)
