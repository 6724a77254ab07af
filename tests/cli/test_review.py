"""`handrail nlu review`: what waits, cleaned; a file of examples; each correction settled once, one side at a time."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from hub.ports import Inbound
from hub.receive import accept
from hub.store.tables import Correction, TurnRecord
from hub.words import Awaiting, ChannelKind, Role, Side
from tests.circles import stand_by
from tests.cli.conftest import Fill, Run
from tests.world import LINES, World

pytestmark = pytest.mark.slow  # a process or a database of its own for each command

SAM, VERA = "+447700900101", "+447700900202"
CORRECTED = [  # (text, what we waited for, understood, meant)
    ("priya i cant do thursday can we do friday. sam carter", Awaiting.NOTHING, "cannot_attend", "ask_to_move"),
    ("yeah go on then, ring my mum zebedeea on 07700 900456", Awaiting.SURVEY_YES_NO, "thank", "answer_yes"),
    ("it was Brynglas that helped", Awaiting.NOTHING, "greet", "praise"),
    ("about a four", Awaiting.SURVEY_RATING, "greet", "answer_rating"),
]


async def corrected(world: World, session: AsyncSession) -> None:
    """Sam, who has a supporter named Zebedeea; four texts of his were corrected, and one of Vera's."""
    sam, _ = await world.person(session)
    zebedeea, _ = await world.person(session, role=Role.SUPPORTER, name="Zebedeea Quill", address="+447700900102")
    await stand_by(world.hub, session, sam, zebedeea)
    await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
    await session.commit()
    for number, (text, awaiting, understood, meant) in enumerate(CORRECTED):
        await _corrected(world, Side.SUPERVISION, SAM, f"sam-{number}", text, awaiting, understood, meant)
    await _corrected(world, Side.VICTIMS, VERA, "vera", "has he been charged", Awaiting.NOTHING, "greet", "ask_rights")


async def _corrected(
    world: World, side: Side, sender: str, name: str, text: str, awaiting: Awaiting, understood: str, meant: str
) -> None:
    now = datetime.now(UTC)
    line = LINES[side, ChannelKind.SMS]
    message = await accept(world.hub, Inbound(line, ChannelKind.SMS, sender, name, text, now))
    assert message
    by = world.workers[side]
    async with world.hub.store.transaction() as session:
        read = {"decided_by": "assistant", "commands": [understood], "awaiting": awaiting, "at": now}
        session.add(TurnRecord(message_id=message, **read))
        session.add(Correction(message_id=message, understood=[understood], meant=meant, by_id=by, at=now))


def listed(house: Run, *options: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(house("nlu", "review", "--json", *options).stdout)
    return found


def test_the_list_says_in_words_what_waits_and_names_nobody(house: Run, fill: Fill) -> None:
    fill(corrected)

    first, second, third, fourth = listed(house)

    assert first["text"] == "alex i cant do thursday can we do friday. jamie taylor"
    assert (first["understood"], first["meant"]) == ("cannot come", "wants another day or time")
    assert first["example_of"] == "ask_to_move"
    assert second["text"] == "yeah go on then, ring my mum alex on 07700 900123"
    assert second["example_of"] == "affirm"
    assert third["text"] == ""
    assert third["left_out"] == "a rare word that may be a name or a place"
    assert "no example can teach it" in fourth["left_out"]


def test_an_export_is_training_data_and_settles_what_it_took_and_what_it_left_out(
    house: Run, fill: Fill, tmp_path: Path
) -> None:
    fill(corrected)
    file = tmp_path / "candidates.yml"

    done = house("nlu", "review", "--export", str(file))

    assert done.exit_code == 0
    assert "2 examples written" in done.stdout
    assert "1 left out: a rare word that may be a name or a place." in done.stdout
    content = yaml.safe_load(file.read_text())
    assert {block["intent"]: block["examples"] for block in content["nlu"]} == {
        "affirm": "- yeah go on then, ring my mum alex on 07700 900123\n",
        "ask_to_move": "- alex i cant do thursday can we do friday. jamie taylor\n",
    }
    assert listed(house) == []


def test_a_file_that_is_there_already_is_not_written_over(house: Run, fill: Fill, tmp_path: Path) -> None:
    fill(corrected)
    file = tmp_path / "candidates.yml"
    file.write_text("mine")

    assert house("nlu", "review", "--export", str(file)).exit_code == 2
    assert file.read_text() == "mine"
    assert len(listed(house)) == len(CORRECTED)


def test_a_file_that_cannot_be_written_settles_nothing(house: Run, fill: Fill, tmp_path: Path) -> None:
    fill(corrected)

    assert house("nlu", "review", "--export", str(tmp_path / "no folder" / "candidates.yml")).exit_code == 1
    assert len(listed(house)) == len(CORRECTED)


def test_a_reviewer_can_say_no(house: Run, fill: Fill) -> None:
    fill(corrected)
    first = listed(house)[0]["id"]

    assert "1 left out: a reviewer said no." in house("nlu", "review", "--reject", str(first)).stdout
    assert first not in [row["id"] for row in listed(house)]
    assert house("nlu", "review", "--reject", str(first)).exit_code == 1


def test_no_list_and_no_file_holds_both_sides(house: Run, fill: Fill, tmp_path: Path) -> None:
    fill(corrected)
    file = tmp_path / "candidates.yml"

    assert [row["text"] for row in listed(house, "--side", "victims")] == ["has he been charged"]
    house("nlu", "review", "--export", str(file))
    assert "charged" not in file.read_text()
    assert len(listed(house, "--side", "victims")) == 1
