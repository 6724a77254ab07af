"""`handrail nlu`: one text, many texts as JSON lines, a file of rows; nothing else has to run."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

LINES = (
    {"text": "cant make 2moro kids ill", "awaiting": "appointment_confirmation", "role": "supervised", "lang": "en"},
    {"text": "1", "awaiting": "appointment_confirmation"},
    {"text": "hes outside with a knife", "role": "victim"},
)


def test_json_lines_go_in_and_come_out_in_order(run: Run) -> None:
    done = run("nlu", "parse", "-", "--json", typed="\n".join(map(json.dumps, LINES)))

    assert done.exit_code == 0
    ill, one, knife = map(json.loads, done.stdout.splitlines())
    assert ill["commands"] == ["cannot_attend"]
    assert ill["decided_by"] == "assistant"
    assert 0 < ill["confidence"] <= 1
    assert one["commands"] == ["confirm_attendance"]
    assert one["decided_by"] == "exact"
    assert knife["commands"][0] == "danger_now"
    assert knife["safety"][0]["kind"] == "danger_now"
    assert knife["safety"][0]["why"]


def test_a_line_that_is_none_is_named(run: Run) -> None:
    done = run("nlu", "parse", "-", typed='{"text": "hi", "role": "king"}')

    assert done.exit_code == 1
    assert "Line 1" in done.stderr


def test_a_file_of_rows_gives_figures(run: Run, tmp_path: Path) -> None:
    rows = (
        '- {text: "running late soz", expect: [running_late]}',
        '- {text: "i want to die", awaiting: survey_text, lang: en, expect: [crisis_self]}',
    )
    (tmp_path / "rows.yml").write_text("\n".join(rows))

    figures = json.loads(run("nlu", "test", str(tmp_path / "rows.yml"), "--json").stdout)

    assert figures["texts"] == 2
    assert figures["accuracy"] == figures["macro_f1"] == figures["safety_recall"] == 1.0
    assert figures["false_alarms"] == 0.0
    assert {point["threshold"] for point in figures["coverage"]} >= {0.0, 0.5, 0.9}
    assert figures["confusions"] == []
