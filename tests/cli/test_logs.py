"""Logs carry events and ids. Nothing that could be a person's words, name or address gets through."""

import json
import logging

import pytest
import structlog

from handrail import logs
from tests.cli.conftest import Run


def test_what_could_be_personal_is_dropped_and_the_omission_shows(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True)

    structlog.get_logger().info("text_sent", message=7, text="see you at 2", to="+447700900101", name="Sam")

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "text_sent"
    assert line["message"] == 7
    assert line["dropped"] == ["name", "text", "to"]
    assert "Sam" not in str(line)


def test_an_error_says_where_and_never_what(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True)

    try:
        raise ValueError("cannot read 'see you at 2' of +447700900101")
    except ValueError:
        structlog.get_logger().exception("handling_failed", message=7)
        logging.getLogger("a.library").exception("it broke")

    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    for line in (ours, theirs):
        assert line["error"] == "ValueError"
        assert line["at"].startswith("tests/cli/test_logs.py:")
        assert "900101" not in str(line)


def test_libraries_are_heard_from_warnings_on(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    logging.getLogger("httpx").info("POST https://api.example.org/bot-token/send")

    assert capsys.readouterr().err == ""
