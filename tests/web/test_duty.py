"""The rota: a supervisor fills it in, everybody of the team reads it, the list says who is on duty now."""

import pytest
from sqlalchemy import select

from hub.store.tables import AuditEvent, Duty
from hub.words import Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow

TONIGHT = {
    "from-day": "2", "from-month": "3", "from-year": "2026", "from-time": "9am",
    "until-day": "3", "until-month": "3", "until-year": "2026", "until-time": "8am",
}  # fmt: skip


async def test_a_supervisor_puts_somebody_on_duty_and_the_list_says_so(world: World, enter: Enter) -> None:
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Mary Poole")
    assert "Cries for help wait" in (await boss.get("/duty")).text
    assert "nobody" in (await boss.get("/inbox")).text
    added = await boss.post("/duty", worker=world.workers[Side.SUPERVISION], **TONIGHT)
    assert added.status_code == 303
    tom = await enter(name="Tom Reed")
    assert "Priya Shah until tomorrow at 8am" in (await tom.get("/inbox")).text
    page = (await tom.get("/duty")).text
    assert "Mon 2 March at 9am" in page
    assert "Add a duty" not in page
    assert (await tom.post("/duty", worker=1, **TONIGHT)).status_code == 403
    assert "Priya Shah" not in (await (await enter(Side.VICTIMS)).get("/duty")).text


async def test_a_duty_is_removed_by_the_teams_supervisor_alone(world: World, enter: Enter) -> None:
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Mary Poole")
    await boss.post("/duty", worker=world.workers[Side.SUPERVISION], **TONIGHT)
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(Duty.id))).one()
    assert (await (await enter(name="Tom Reed")).post(f"/duty/{number}/remove")).status_code == 403
    other = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR, name="Una Lee")
    assert (await other.post(f"/duty/{number}/remove")).status_code == 404
    assert (await boss.post(f"/duty/{number}/remove")).status_code == 303
    async with world.hub.store.transaction() as session:
        facts = set((await session.scalars(select(AuditEvent.what).where(AuditEvent.what.like("duty%")))).all())
    assert facts == {"duty_added", "duty_removed"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"worker": ""}, "Select who is on duty."),
        ({"from-day": "32"}, "First day: enter a day, such as"),
        ({"until-time": "25:00"}, "Enter a time, such as"),
        ({"until-day": "1"}, "The duty must end after it begins"),
        ({"until-month": "4"}, "within 14 days"),
    ],
)
async def test_what_is_wrong_with_a_duty_is_said_and_what_was_typed_stays(
    world: World, enter: Enter, wrong: dict[str, str], words: str
) -> None:
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Mary Poole")
    refused = await boss.post("/duty", **({"worker": str(world.workers[Side.SUPERVISION])} | TONIGHT | wrong))
    assert refused.status_code == 422
    assert words in refused.text
    assert 'value="9am"' in refused.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Duty))).all() == []


async def test_nobody_of_the_other_side_is_put_on_duty(world: World, enter: Enter) -> None:
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Mary Poole")
    assert (await boss.post("/duty", worker=world.workers[Side.VICTIMS], **TONIGHT)).status_code == 404
