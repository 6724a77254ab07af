"""The numbers that people in danger are given: one file, a source each, looked at every year."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from handrail.checks import Ground
from handrail.checks.helplines import helplines
from hub.errors import FlowInvalid
from hub.safety import Helplines
from hub.sms import count, sanitise
from hub.texts import fill
from tests.world import our_flows

FOLDER = Path(__file__).parents[2] / "flows"
FLOWS = our_flows()
GROUND = Ground(FOLDER, FOLDER.parent / "nlu_data", FLOWS)
REVIEWED = max(helpline.reviewed for helpline in FLOWS.helplines.by_name.values())
TEXTS = [
    (language, key)
    for language in ("en", "cy")
    for key in sorted(FLOWS.texts.languages[language].templates)
    if key.startswith("safety.")
]


@pytest.mark.parametrize(("language", "key"), TEXTS)
def test_an_answer_to_a_cry_for_help_fits_into_two_parts(language: str, key: str) -> None:
    template = FLOWS.texts.languages[language].templates[key]
    for words in (template.text, template.discreet):
        counted = count(sanitise(fill(words, FLOWS.helplines.numbers(), key)))
        assert counted.segments <= 2
        assert counted.encoding == "GSM-7"


@pytest.mark.parametrize(("language", "key"), TEXTS)
def test_no_text_carries_a_number_of_its_own(language: str, key: str) -> None:
    template = FLOWS.texts.languages[language].templates[key]
    assert not any(letter.isdigit() for letter in template.text + template.discreet)


def test_within_a_year_of_the_review_nothing_is_asked() -> None:
    assert list(helplines(GROUND, REVIEWED + timedelta(days=100))) == []


def test_after_a_year_each_number_is_to_be_looked_at_again() -> None:
    problems = list(helplines(GROUND, REVIEWED + timedelta(days=366)))
    assert len(problems) == len(FLOWS.helplines.by_name)
    assert "over a year ago" in problems[0].sentence


def test_a_number_without_its_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "helplines.yml").write_text("samaritans: {number: '116 123', reviewed: 2026-01-01}")
    with pytest.raises(FlowInvalid, match="samaritans"):
        Helplines.from_flows(tmp_path)


def test_a_day_of_review_is_a_day() -> None:
    assert isinstance(FLOWS.helplines.by_name["samaritans"].reviewed, date)
