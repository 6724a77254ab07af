"""Another program asks people to take part: by the same rules as everybody, and never twice."""

from sqlalchemy import select

from hub.store.tables import ContactPoint
from tests.data_in.caller import Caller, audited
from tests.world import World

VERA = {"name": "Vera Lind", "role": "victim", "mobile": "07700 900202", "worker_email": "ann@example.org"}
WISH = {"survey": "victim_satisfaction"}


async def make_safe(world: World) -> None:
    async with world.hub.store.transaction() as session:
        for contact in await session.scalars(select(ContactPoint)):
            contact.safe_asked_at = world.clock.now()


async def test_nobody_is_asked_before_safe_contact_is_recorded(world: World, victims: Caller) -> None:
    path = f"/people/{await victims.person(**VERA)}/surveys"
    asked = await victims.post(path, WISH, status=200)
    assert (asked["state"], asked["why_not"]) == ("not_invited", ["safe_contact"])
    assert await victims.get(path) == []
    assert "survey_not_invited" in await audited(world)


async def test_somebody_is_asked_once_however_often_it_is_said(world: World, victims: Caller) -> None:
    path = f"/people/{await victims.person(**VERA)}/surveys"
    await make_safe(world)
    first = await victims.post(path, WISH, status=200, once="ask-1")
    assert first == await victims.post(path, WISH, status=200, once="ask-1")
    assert first["state"] == "invited"
    assert (await victims.post(path, WISH, status=200))["invited_at"] == first["invited_at"]
    assert [each["survey"] for each in await victims.get(path)] == ["victim_satisfaction"]
    assert (await audited(world)).count("survey_invited") == 1


async def test_no_survey_and_nobody_of_the_other_side(supervision: Caller, victims: Caller) -> None:
    vera, sam = await victims.person(**VERA), await supervision.person()
    await victims.post(f"/people/{vera}/surveys", {"survey": "session_feedback"}, status=404)
    await victims.post(f"/people/{vera}/surveys", {"survey": "no_such"}, status=404)
    await victims.post(f"/people/{sam}/surveys", WISH, status=404)
    await supervision.post(f"/people/{vera}/surveys", {"survey": "session_feedback"}, status=404)
