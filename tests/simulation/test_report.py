"""What a simulation says: its figures, its broken promises, and the smallest command that shows one again."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handrail.simulation import report
from handrail.simulation.figures import Figures, hours_saved
from handrail.simulation.run import Outcome
from handrail.simulation.scene import Options
from handrail.simulation.shrink import command, shrink
from handrail.simulation.watch import Violation

START = datetime(2026, 6, 1, 7, tzinfo=UTC)
FIGURES = Figures(5, 60, 20, 30, {"queued": 30}, 15, 5, 1, 1, 2, 1, {"wants_a_person": 3}, 20.0, 90.0, 0, 3.4)
FAILED = Options(people=200, days=60, seed=5, faults=frozenset({"crashes", "lost", "delayed"}))


def outcome(options: Options, *promises: str) -> Outcome:
    violations = [Violation(name, "it broke", START + timedelta(days=8), 4, ("a fact",)) for name in promises]
    return Outcome(options, START, violations, FIGURES, "ab" * 32, 1.0)


def needs_twelve_people_nine_days_and_crashes(options: Options) -> Outcome:
    breaks = options.people >= 12 and options.days >= 9 and "crashes" in options.faults
    return outcome(options, *["sent_once"] * breaks)


def test_a_failing_course_is_made_as_small_as_it_can_be() -> None:
    smallest = shrink(needs_twelve_people_nine_days_and_crashes, outcome(FAILED, "sent_once"))
    assert smallest.options == Options(people=12, days=9, seed=5, faults=frozenset({"crashes"}))
    assert command(smallest.options) == "handrail simulate --people 12 --days 9 --seed 5 --faults crashes"


def test_another_promise_broken_is_not_the_same_failure() -> None:
    def breaks_another(options: Options) -> Outcome:
        return outcome(options, "in_their_order")

    assert shrink(breaks_another, outcome(FAILED, "sent_once")).options == FAILED


def test_the_last_line_of_json_is_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_settings: object, options: Options) -> Outcome:
        return needs_twelve_people_nine_days_and_crashes(options)

    monkeypatch.setattr(report, "run", run)
    assert report.show(object(), FAILED, as_json=True) == 1  # type: ignore[arg-type]
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["violations"][0]["promise"] == "sent_once"
    assert found["smallest"] == "handrail simulate --people 12 --days 9 --seed 5 --faults crashes"
    assert found["figures"]["reminders"] == 30


def test_a_course_without_a_broken_promise_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = replace(FAILED, faults=frozenset())
    monkeypatch.setattr(report, "run", lambda _settings, options: outcome(options))
    assert report.show(object(), calm) == 0  # type: ignore[arg-type]
    assert "Broken promises: none" in capsys.readouterr().out


def test_hours_saved_count_the_minutes_of_writing_and_reading() -> None:
    assert hours_saved(20, 40) == 2.0
