"""Plan and outbox: what goes out, when and why; what is held back; taking hold of it."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.outbox import queue
from hub.store.tables import ContactPoint
from hub.words import ChannelKind, Priority, Purpose, Side
from tests.cli.conftest import Fill, Run, sam_has_an_appointment
from tests.world import LINES, World

pytestmark = pytest.mark.slow  # a process or a database of its own for each command


async def two_texts_wait(world: World, session: AsyncSession) -> None:
    _, conversation = await world.person(session)
    for body in ("One", "Two"):
        await queue(world.hub, session, conversation, purpose=Purpose.REPLY, priority=Priority.REPLY, body=body)


async def sam_has_stopped(world: World, session: AsyncSession) -> None:
    await sam_has_an_appointment(world, session)
    await session.execute(update(ContactPoint).values(stopped_at=datetime.now(UTC)))


def test_the_plan_says_when_and_why(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    planned = json.loads(house("plan", "--json").stdout)

    assert [item["what"] for item in planned] == ["reminder_7_days", "reminder_3_days", "reminder_1_day"]
    assert planned[0]["why"].startswith("7 days before appointment")
    assert {item["held_back"] for item in planned} == {""}


def test_the_plan_names_nobody(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    assert "Sam" not in house("plan").stdout
    assert "7700" not in house("plan").stdout


def test_the_plan_looks_as_far_as_asked(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    assert [item["what"] for item in json.loads(house("plan", "--days", "4", "--json").stdout)] == ["reminder_7_days"]


def test_what_is_held_back_says_why(house: Run, fill: Fill) -> None:
    fill(sam_has_stopped)

    assert "they asked us to stop texts" in house("plan").stdout
    assert "0 to go out, 3 held back." in house("plan").stdout


def test_the_plan_of_one_person_as_csv(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)
    ref = json.loads(house("people", "list", "--json").stdout)[0]["ref"]

    rows = list(csv.DictReader(io.StringIO(house("plan", "--person", ref, "--csv").stdout)))

    assert len(rows) == 3
    assert {row["person_ref"] for row in rows} == {ref}
    assert house("plan", "--person", "NOBODY00").exit_code == 1


def test_a_held_text_stays_until_it_is_released(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)
    first, second = [row["id"] for row in json.loads(house("outbox", "list", "--json").stdout)]

    assert house("outbox", "hold", str(first)).stdout == "Now held back: 1.\n"
    assert states(house) == {first: "held", second: "queued"}
    assert house("outbox", "release", str(first), "--yes").exit_code == 0
    assert states(house) == {first: "queued", second: "queued"}


def test_cancelling_asks_first_and_a_no_changes_nothing(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)
    first, second = states(house)

    assert "Nothing was changed." in house("outbox", "cancel", str(first), typed="n\n").stdout
    assert "nothing was changed" in house("outbox", "cancel", str(first), "--dry-run").stdout
    assert first in states(house)
    house("outbox", "cancel", str(first), typed="y\n")
    assert list(states(house)) == [second]


def test_one_number_that_is_wrong_changes_none(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)
    first = next(iter(states(house)))

    done = house("outbox", "cancel", str(first), "999999", "--yes")

    assert done.exit_code == 1
    assert "999999" in done.stderr
    assert first in states(house)


def test_a_line_is_held_with_who_and_why_and_released_again(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)
    line = LINES[Side.SUPERVISION, ChannelKind.SMS]

    assert house("outbox", "hold", "--line", line, "--for", "2h", "--why", "Wrong wording").exit_code == 0
    (standing,) = json.loads(house("outbox", "holds", "--json").stdout)
    assert (standing["what"], standing["kind"], standing["why"]) == (line, "line", "Wrong wording")
    assert house("outbox", "release", "--line", line, "--yes").stdout == "Now released: 0.\n"
    assert house("outbox", "holds").stdout == "Nothing is held back.\n"


def test_a_hold_names_one_thing_that_there_is(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)

    assert house("outbox", "hold", "--rule", "no_such_rule").exit_code == 1
    assert house("outbox", "hold").exit_code == 2
    assert house("outbox", "hold", "--agency", "Northshire", "--for", "soon").exit_code == 2


def test_how_an_agency_and_a_line_send_can_be_changed(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)
    line = LINES[Side.SUPERVISION, ChannelKind.SMS]

    assert house("agencies", "set", "Northshire", "--weight", "3", "--daily-texts", "6").exit_code == 0
    assert house("lines", "set", line, "--per-second", "2.5").exit_code == 0
    assert house("lines", "set", line, "--standby", LINES[Side.VICTIMS, ChannelKind.SMS]).exit_code == 1

    (agency,) = json.loads(house("agencies", "list", "--json").stdout)
    assert (agency["weight"], agency["texts a day"]) == (3, 6)
    first = json.loads(house("lines", "list", "--json").stdout)[0]
    assert (first["per second"], first["standby"]) == (2.5, "")


def test_a_way_to_reach_somebody_is_marked_as_safe_and_again_not(house: Run, fill: Fill) -> None:
    fill(two_texts_wait)
    ref = json.loads(house("people", "list", "--json").stdout)[0]["ref"]
    way = str(json.loads(house("people", "show", ref, "--json").stdout)[0]["way"])

    assert house("people", "safe", ref, way).stdout == "Marked as safe.\n"
    assert json.loads(house("people", "show", ref, "--json").stdout)[0]["marked_safe"]
    assert house("people", "safe", ref, way, "--no").exit_code == 0
    assert not json.loads(house("people", "show", ref, "--json").stdout)[0]["marked_safe"]
    assert house("people", "safe", "NOBODY00", way).exit_code == 1


def states(house: Run) -> dict[int, str]:
    return {row["id"]: row["state"] for row in json.loads(house("outbox", "list", "--json").stdout)}


def test_the_plan_of_one_appointment_or_one_day(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)
    due = json.loads(house("plan", "--json").stdout)[0]["due_at"][:10]

    assert len(json.loads(house("plan", "--day", due, "--json").stdout)) == 1
    assert house("plan", "--appointment", "NOBODY00").exit_code == 1


def test_other_hours_plan_again(house: Run, fill: Fill) -> None:
    fill(sam_has_an_appointment)

    assert "3 texts are planned for these hours" in house("hours", "agency", "--from", "12:00").stdout
    assert house("hours", "agency", "--time-zone", "Europe/Atlantis").exit_code == 1
    assert house("hours", "agency").exit_code == 2
