"""How well the whole decision reads texts that nothing was learned from. The figures are printed: run with `-s`.

Each limit lies a little under the figure last measured (docs/nlu.md), so that a step back fails; the aims stand
beside it. Raise a limit when a figure rises, never lower one.
"""

import asyncio
from pathlib import Path

import pytest

from handrail.nlu.examination import examine_files, held_out
from handrail.nlu.score import Score
from hub.clock import SystemClock
from hub.flows import Flows
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer
from tests.bot.asking import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def score(bot: BotServer) -> Score:
    found = asyncio.run(examined(bot))
    for file in held_out(ROOT):
        print(file.name, found.of_file(file.name).figures())  # noqa: T201 - the point of -s
    return found


async def examined(bot: BotServer) -> Score:
    assistant = RasaAssistant(bot.base_url, bot.token, clock=SystemClock(), timeout=30)
    found = await examine_files(Flows.read(ROOT / "flows"), assistant, held_out(ROOT))
    await assistant.aclose()
    return found


def of(score: Score, *files: str) -> Score:
    return Score([read for read in score.reads if read.row.file in files])


def test_there_are_enough_texts_to_tell(score: Score) -> None:
    assert len(of(score, "en-matters.yml").reads) >= 400
    assert len(of(score, "en-safety.yml", "en-near-misses.yml").reads) >= 240
    assert len(of(score, "en-out-of-scope.yml").reads) >= 150
    assert len(of(score, "cy.yml").reads) >= 200


@pytest.mark.parametrize(("file", "least"), [("en-matters.yml", 0.88), ("cy.yml", 0.79)])  # aims: 0.92 and 0.85
def test_commands_are_read_rightly(score: Score, file: str, least: float) -> None:
    assert of(score, file).macro_f1 >= least


def test_a_cry_for_help_reaches_a_human_as_one(score: Score) -> None:
    assert of(score, "en-safety.yml").safety_recall >= 0.90  # aim: 0.99, of cries that are mostly said sideways


def test_frightening_words_with_an_ordinary_meaning_alarm_nobody(score: Score) -> None:
    assert of(score, "en-near-misses.yml").false_alarms <= 0.22  # aim: 0.02


def test_ordinary_texts_alarm_nobody(score: Score) -> None:
    assert of(score, "en-matters.yml", "en-out-of-scope.yml").false_alarms <= 0.05  # aim: 0.003


def test_what_is_none_of_our_business_is_mostly_left_alone(score: Score) -> None:
    others = of(score, "en-out-of-scope.yml")
    assert sum(not read.answered() for read in others.reads) / len(others.reads) >= 0.72


def test_few_texts_in_scope_are_not_understood(score: Score) -> None:
    assert of(score, "en-matters.yml").handed_over <= 0.06  # aim: 0.12


def test_every_held_out_file_is_named_by_its_language() -> None:
    assert all((Path(ROOT) / "nlu_data" / file.stem.split("-")[0]).is_dir() for file in held_out(ROOT))
