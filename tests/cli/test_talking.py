"""Talking as a person, reading a text step by step, what waits for a human; with the assistant off."""

import json

import pytest

from tests.cli.conftest import Fill, Run, sam_has_an_appointment

pytestmark = pytest.mark.slow  # a process or a database of its own for each command


def test_a_talk_shows_what_was_understood_and_what_is_waited_for(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    shown = house("chat", "--as", "sam", typed="STOP\nSTART\nI want to end it all tonight\n").stdout

    assert "You are Sam Carter, by sms, in en." in shown
    assert "understood by keyword: stop_messages" in shown
    assert "understood by safety: crisis_self" in shown
    assert "sent, 1 part" in shown or "sent, 2 parts" in shown
    assert "waiting for nothing" in shown


def test_a_second_talk_goes_on_where_the_first_one_ended(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    for _ in range(2):
        assert "understood by keyword: help" in house("chat", "--as", "Sam", typed="help\n/stop\n").stdout


def test_somebody_who_is_not_there_is_told_who_is(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    assert "there are Sam Carter" in house("chat", "--as", "Nobody").stderr


def test_nobody_talks_as_a_real_person(house: Run, fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(sam_has_an_appointment)
    monkeypatch.setenv("HANDRAIL_MODE", "live")

    assert "invented people only" in house("chat", "--as", "Sam").stderr


def test_what_waits_for_a_human_is_closed_with_a_name_and_an_outcome(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)
    house("chat", "--as", "Sam", typed="I want to end it all tonight\n")

    waiting = json.loads(house("escalations", "list", "--json").stdout)
    assert waiting[0]["reason"] == "May harm themselves"
    close = ("escalations", "close", waiting[0]["ref"], "--outcome", "called", "--yes", "--as")

    assert house(*close, "ann@example.org").exit_code == 1  # of the other side
    assert house(*close, "priya@example.org").exit_code == 0
    assert json.loads(house("escalations", "list", "--json").stdout) == []
