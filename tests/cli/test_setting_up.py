"""From an empty database to an agency that works: lines, users, keys, imports, and the doctor's word."""

import json
from pathlib import Path

import pyotp
import pytest

from tests.cli.conftest import NOWHERE, Fill, Run, sam_has_an_appointment

pytestmark = pytest.mark.slow  # a process or a database of its own for each command

PASSWORD = "plum kettle lantern"

PEOPLE = """person_ref,name,role,mobile
P-1,Sam Carter,supervised,07700 900101
P-2,Jo Bell,supervised,07700 900102
"""


@pytest.fixture
def agency(house: Run) -> Run:
    assert house("agencies", "add", "Northshire", "--phone", "0300 000 0000").exit_code == 0
    return house


def test_a_user_is_added_with_a_second_factor_and_can_be_disabled(agency: Run) -> None:
    words = ("users", "add", "Priya@example.org", "--name", "Priya Shah", "--side", "supervision")

    done = agency(*words, typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0, done.output
    assert "█" in done.stdout
    assert pyotp.parse_uri(done.stdout.strip().splitlines()[-1]).name == "priya@example.org"
    assert PASSWORD not in done.output
    assert agency(*words, typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 1
    assert agency("users", "disable", "priya@example.org", "--yes").exit_code == 0
    assert json.loads(agency("users", "list", "--json").stdout)[0]["disabled"]


def test_a_short_password_is_refused_before_anything_is_made(agency: Run) -> None:
    words = ("users", "add", "priya@example.org", "--name", "Priya Shah", "--side", "supervision")

    assert agency(*words, typed="short\nshort\n").exit_code == 2
    assert json.loads(agency("users", "list", "--json").stdout) == []


def test_a_reset_gives_another_second_factor(agency: Run) -> None:
    words = ("users", "add", "priya@example.org", "--name", "Priya Shah", "--side", "supervision")
    first = agency(*words, typed=f"{PASSWORD}\n{PASSWORD}\n").stdout.strip().splitlines()[-1]

    again = agency("users", "reset", "priya@example.org", "--yes", typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert pyotp.parse_uri(again.stdout.strip().splitlines()[-1]).secret != pyotp.parse_uri(first).secret


def test_a_worker_gets_a_link_to_set_up_their_own_sign_in(agency: Run) -> None:
    words = ("users", "add", "priya@example.org", "--name", "Priya Shah", "--side", "supervision")
    agency(*words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "/welcome/" in agency("users", "link", "priya@example.org").stdout
    assert agency("users", "link", "nobody@example.org").exit_code != 0


def test_a_key_is_shown_once_and_can_be_revoked(agency: Run) -> None:
    token = agency("keys", "add", "Case system", "--side", "victims").stdout.strip()

    assert token.startswith("hk_")
    assert token not in agency("keys", "list").stdout
    number = str(json.loads(agency("keys", "list", "--json").stdout)[0]["key"])
    assert agency("keys", "revoke", number, "--yes").exit_code == 0
    assert agency("keys", "revoke", number, "--yes").exit_code == 1


def test_a_line_is_added_once(agency: Run) -> None:
    words = ("lines", "add", "+447700900001", "--channel", "sms", "--side", "supervision")

    assert agency(*words).exit_code == 0
    assert "there already" in agency(*words).stderr
    assert json.loads(agency("lines", "list", "--json").stdout)[0]["address"] == "+447700900001"


def test_an_import_shows_first_and_changes_only_after_a_yes(agency: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    words = ("people", "import", str(file), "--side", "supervision")

    assert "2 new" in agency(*words, "--dry-run").stdout
    assert people(agency) == 0
    assert "Nothing was changed." in agency(*words, typed="n\n").stdout
    assert people(agency) == 0
    assert "Imported: 2 new" in agency(*words, "--yes").stdout
    assert people(agency) == 2


def test_an_import_with_a_wrong_row_names_it_and_changes_nothing(agency: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE.replace("07700 900102", "01332 496000"))

    done = agency("people", "import", str(file), "--side", "supervision", "--yes")

    assert done.exit_code == 1
    assert "Row 3, mobile" in done.stdout
    assert people(agency) == 0


def test_looking_at_somebody_is_recorded_and_listing_names_nobody(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)
    ref = json.loads(house("people", "list", "--json").stdout)[0]["ref"]

    assert "Sam" not in house("people", "list").stdout
    assert "Sam Carter" in house("people", "show", ref).stdout
    facts = json.loads(house("audit", "show", "--person", ref, "--json").stdout)
    assert facts[0]["what"] == "person_viewed"
    assert "Whole" in house("audit", "verify").stdout


def test_the_doctor_says_what_is_wrong_and_what_to_run(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    done = house("doctor", "--json")
    found = {finding["what"]: finding for finding in json.loads(done.stdout)}

    assert done.exit_code == 1
    assert found["database"]["ok"]
    assert found["tables"]["ok"]
    assert found["audit"]["ok"]
    assert found["bank holidays"]["ok"]
    assert NOWHERE in found["assistant"]["found"]
    assert found["scheduler"] == {
        "what": "scheduler",
        "ok": False,
        "found": "it has never run here",
        "do": "handrail worker",
    }
    assert not found["line +447700900001"]["ok"]
    assert found["line chat-victims"]["ok"]


def test_the_doctor_outlives_a_dead_database(house: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    monkeypatch.delenv("HANDRAIL_MASTER_KEY")
    monkeypatch.setenv("HANDRAIL_MODE", "live")

    lines = house("doctor").stdout.splitlines()

    assert any(line.startswith("PROBLEM database") for line in lines)
    assert any(line.startswith("PROBLEM master key") and "handrail keys master" in line for line in lines)


def people(house: Run) -> int:
    return len(json.loads(house("people", "list", "--json").stdout))
