"""`handrail surveys`: who is asked from the command line, and who is not."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub.words import Role
from tests.cli.conftest import Fill, Run
from tests.world import World


def people(fill: Fill) -> dict[str, str]:
    """References: Vera with safe contact, Ida without."""
    refs: dict[str, str] = {}

    async def add(world: World, session: AsyncSession) -> None:
        for name, number, safe in (("vera", "+447700900202", True), ("ida", "+447700900203", False)):
            person, _ = await world.person(session, role=Role.VICTIM, name=name, address=number, safe=safe)
            refs[name] = person.ref

    fill(add)
    return refs


def asked(run: Run, *words: str) -> list[dict[str, Any]]:
    done = run("surveys", "invite", "victim_satisfaction", *words, "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_whoever_has_no_safe_contact_is_not_asked_from_a_file_of_many(house: Run, fill: Fill, tmp_path: Path) -> None:
    refs = people(fill)
    (tmp_path / "refs.txt").write_text("\n".join(refs.values()))
    tried = asked(house, "--file", str(tmp_path / "refs.txt"), "--dry-run")
    assert [(row["done"], row["why"]) for row in tried] == [("would be asked", ""), ("not asked", "safe_contact")]
    done = asked(house, "--file", str(tmp_path / "refs.txt"))
    assert [(row["done"], row["why"]) for row in done] == [("asked", ""), ("not asked", "safe_contact")]
    listed = {row["survey"]: row["asked"] for row in json.loads(house("surveys", "list", "--json").stdout)}
    assert listed["victim_satisfaction"] == 1


def test_a_survey_of_the_other_side_is_nothing_to_them(house: Run, fill: Fill) -> None:
    refs = people(fill)
    done = house("surveys", "invite", "session_feedback", refs["vera"])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
