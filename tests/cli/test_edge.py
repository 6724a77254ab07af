"""What all commands share: exit codes, sentences instead of tracebacks, a quick start, current pages."""

import subprocess
import sys

import pytest

from handrail import reference
from tests.cli.conftest import Run
from tests.world import ROOT

HEAVY = ("sqlalchemy", "fastapi", "pydantic", "asyncio", "rich", "telegram", "twilio", "holidays")


def test_help_imports_nothing_heavy() -> None:
    look = "import sys; sys.argv = ['handrail', '--help']\n"
    look += "import atexit\n"
    look += "atexit.register(lambda: print([m for m in %r if m in sys.modules], file=sys.stderr))\n"
    look += "from handrail.__main__ import main; main()"

    done = subprocess.run([sys.executable, "-c", look % (HEAVY,)], capture_output=True, text=True, cwd=ROOT)

    assert done.returncode == 0
    assert "outbox" in done.stdout
    assert done.stderr.strip() == "[]"


def test_wrong_usage_is_exit_code_2(run: Run) -> None:
    assert run("plan", "--days", "many").exit_code == 2
    assert run("no_such_verb").exit_code == 2


def test_an_error_is_a_sentence_on_standard_error(house: Run) -> None:
    done = house("people", "show", "XXXXXXXX")

    assert done.exit_code == 1
    assert done.stderr.startswith("There is nothing here with that reference")
    assert "Traceback" not in done.output


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_PORT", "hunter2")

    done = run("settings")

    assert done.exit_code == 1
    assert "HANDRAIL_PORT" in done.stderr
    assert "hunter2" not in done.output


def test_a_database_that_is_not_there_is_a_sentence(house: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/nothing")

    done = house("lines", "list")

    assert done.exit_code == 1
    assert done.stderr.startswith("The database cannot be reached.")


def test_tables_of_no_version_say_how_to_make_them(
    house: Run, postgres: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", postgres.create_database("empty"))  # type: ignore[attr-defined]

    assert "handrail db upgrade" in house("lines", "list").stderr
    assert house("db", "current").exit_code == 1
    assert house("db", "upgrade").exit_code == 0
    assert house("db", "current").exit_code == 0
    assert "no line yet" in house("lines", "list").stdout


def test_a_traceback_is_shown_only_when_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handrail.reference.settings_page", lambda: 1 // 0)

    assert run("settings", "--docs").stderr == (
        "Something went wrong (ZeroDivisionError). Set HANDRAIL_DEBUG=1 to see where.\n"
    )
    monkeypatch.setenv("HANDRAIL_DEBUG", "1")
    assert isinstance(run("settings", "--docs").exception, ZeroDivisionError)


def test_secrets_are_covered_in_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_TWILIO_AUTH_TOKEN", "hunter2")
    monkeypatch.setenv("HANDRAIL_TRIAL_ADDRESSES", '["+447700900123"]')

    shown = run("settings").stdout

    assert "(set)" in shown
    assert "hunter2" not in shown
    assert "900123" not in shown


@pytest.mark.parametrize("page", reference.pages(), ids=lambda page: page.name)
def test_the_pages_made_from_code_are_current(page: object) -> None:
    assert page.read_text() == reference.pages()[page], "run `handrail docs`"  # type: ignore[attr-defined, index]


def test_every_move_of_every_machine_is_drawn() -> None:
    drawn = reference.states_page()

    for moves, _ in reference.MACHINES.values():
        for before, after in moves.items():
            assert all(f"{before} --> {each}" in drawn for each in after)


def test_the_version_and_a_new_master_key_need_no_database(run: Run) -> None:
    assert run("version").stdout.startswith("handrail 0.")
    assert len(run("keys", "master").stdout.strip()) == 44  # 32 bytes in base64
