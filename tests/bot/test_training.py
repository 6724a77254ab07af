"""The model belongs to its files, and Rasa's own checks of data and rules pass."""

import shutil
from pathlib import Path

import pytest

from hub.yaml_file import read_yaml
from integrations.assistant.model import examples, model_path, needs_training, rasa
from integrations.assistant.server import BotServer
from tests.bot.asking import ROOT

RASA_READS = {
    "slots",
    "forms",
    "actions",
    "entities",
    "intents",
    "responses",
    "e2e_actions",
    "session_config",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that a model is made of, to be changed at will."""
    for folder in ("flows", "nlu_data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copytree(ROOT / "bot" / "handrail_bot", tmp_path / "bot" / "handrail_bot")
    shutil.copy(ROOT / "bot" / "config.yml", tmp_path / "bot")
    return tmp_path


def test_a_model_is_made_anew_when_a_rule_or_an_example_changes(copy: Path) -> None:
    names = {model_path(copy)}
    for file in (
        "flows/person/rules.yml",
        "nlu_data/en/crisis_self.yml",
        "flows/replies/cy.yml",
        "bot/config.yml",
    ):
        with (copy / file).open("a") as written:
            written.write("# changed\n")
        names.add(model_path(copy))
    assert len(names) == 5


def test_a_model_stays_when_wording_or_held_out_texts_change(copy: Path) -> None:
    before = model_path(copy)
    (copy / "flows" / "person" / "en.yml").write_text("hello: Hello\n")
    (copy / "nlu_data" / "heldout" / "en-matters.yml").write_text("texts: []\n")
    assert model_path(copy) == before
    assert needs_training(copy)
    before.parent.mkdir()
    before.touch()
    assert not needs_training(copy)


def test_no_other_file_of_flows_looks_like_a_domain_to_rasa() -> None:
    for file in (ROOT / "flows").rglob("*.y*ml"):
        if file.name != "domain.yml":
            content = read_yaml(file)
            assert not RASA_READS & set(content or {}), file


def test_every_intent_has_enough_examples() -> None:
    for file in (ROOT / "nlu_data" / "en").glob("*.yml"):
        for intent in read_yaml(file)["nlu"]:
            lines = [line.removeprefix("- ") for line in intent["examples"].splitlines()]
            assert len(lines) >= 24, intent["intent"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_rasa_finds_no_fault_in_data_and_rules() -> None:
    rules = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "flows").glob("*/rules.yml"))]
    data = [*(str(folder.relative_to(ROOT)) for folder in examples(ROOT)), *rules]
    checked = rasa(ROOT, "data", "validate", "--domain", "flows", "--config", "bot/config.yml", "--data", *data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No story structure conflicts found" in checked.stdout + checked.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_rasas_own_test_of_rules_passes(bot: BotServer, tmp_path: Path) -> None:
    stories = ["--stories", "tests/bot/stories.yml", "--out", str(tmp_path), "--fail-on-prediction-errors"]
    model = ["--model", str(model_path(ROOT)), "--endpoints", "bot/endpoints.yml"]
    tested = rasa(ROOT, "test", "core", *model, *stories)
    assert tested.returncode == 0, tested.stdout[-2000:] + tested.stderr[-2000:]
