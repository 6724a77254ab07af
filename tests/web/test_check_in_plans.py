"""On a person's page: the rhythm of check-ins, their tier, and whether they are back; and the agency's settings."""

import pytest
from sqlalchemy import select

from hub.store.tables import Agency, AuditEvent, CheckIn, Person, ReturnPlan
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


async def somebody(world: World, role: Role = Role.SUPERVISED) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=role)
        return person.ref


async def test_setting_it_up_shows_the_rhythm_the_next_one_and_the_questions(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    assert "Not set up yet" in (await priya.get(f"/people/{ref}/check-ins")).text
    answer = await priya.post(
        f"/people/{ref}/check-in-plan", weeks="2", weekday="0", clock="11:00", question_1="How is the new flat?"
    )
    assert answer.headers["location"] == f"/people/{ref}/check-ins"
    page = (await priya.get(f"/people/{ref}/check-ins")).text
    for words in ("Every 2 weeks on Monday at 11am", "How is the new flat?", "Mon 2 March at 11am", "Priya Shah"):
        assert words in page
    assert 'value="How is the new flat?"' in (await priya.get(f"/people/{ref}/check-in-plan")).text


async def test_a_time_that_has_passed_today_begins_a_week_later(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    await priya.post(f"/people/{ref}/check-in-plan", weeks="1", weekday="0", clock="09:00")
    assert "Mon 9 March at 9am" in (await priya.get(f"/people/{ref}/check-ins")).text


async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    refused = await priya.post(f"/people/{ref}/check-in-plan", weeks="3", weekday="6", clock="9", question_1="x" * 91)
    assert refused.status_code == 422
    for field in ("weeks", "weekday", "clock", "question_1"):
        assert f'href="#{field}"' in refused.text
    late = await priya.post(f"/people/{ref}/check-in-plan", weeks="1", weekday="0", clock="21:00")
    assert late.status_code == 422
    assert "Choose a time from 08:00 to before 20:00." in late.text


async def test_pause_go_on_and_end(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    await priya.post(f"/people/{ref}/check-in-plan", weeks="1", weekday="0", clock="11:00")
    assert (await priya.post(f"/people/{ref}/check-in-plan/pause", until="yesterday")).status_code == 422
    await priya.post(f"/people/{ref}/check-in-plan/pause", until="2026-03-20")
    page = (await priya.get(f"/people/{ref}/check-ins")).text
    assert "Paused until 20 March 2026" in page
    assert "Mon 23 March at 11am" in page
    await priya.post(f"/people/{ref}/check-in-plan/resume")
    assert "Mon 2 March at 11am" in (await priya.get(f"/people/{ref}/check-ins")).text
    await priya.post(f"/people/{ref}/check-in-plan/end")
    assert "Not set up yet" in (await priya.get(f"/people/{ref}/check-ins")).text
    assert (await priya.get(f"/people/{ref}/check-in-plan/end")).status_code == 404


async def test_asking_now_shows_the_text_first(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    assert "Hi Sam, how are you?" in (await priya.get(f"/people/{ref}/check-ins/now")).text
    await priya.post(f"/people/{ref}/check-ins/now")
    await world.settle()
    assert "Hi Sam, how are you?" in world.heard()[0]
    assert (await priya.post(f"/people/{ref}/check-ins/now")).status_code == 409
    assert "Ask them now" not in (await priya.get(f"/people/{ref}/check-ins")).text


async def test_a_tier_is_what_a_human_says_and_proposes_the_rhythm(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    assert (await priya.post(f"/people/{ref}/tier", tier="7")).status_code == 422
    await priya.post(f"/people/{ref}/tier", tier="3")
    assert "Tier 3" in (await priya.get(f"/people/{ref}/check-ins")).text
    assert '<option value="2" selected>Every 2 weeks' in (await priya.get(f"/people/{ref}/check-in-plan")).text
    async with world.hub.store.transaction() as session:
        assert "tier_set" in set(await session.scalars(select(AuditEvent.what)))
        assert (await session.scalars(select(CheckIn))).all() == [], "a tier alone asks nobody anything"


async def test_are_they_back_keeps_who_agreed_to_a_late_hour(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    refused = await priya.post(f"/people/{ref}/back", weekday=["MO", "TU"], clock="21:00")
    assert refused.status_code == 422
    assert "tick the box if they agree" in refused.text
    await priya.post(f"/people/{ref}/back", weekday=["MO", "TU"], clock="21:00", agreed="yes")
    page = (await priya.get(f"/people/{ref}/check-ins")).text
    assert "Monday and Tuesday at 9pm" in page
    assert "They agreed to this hour (Mon 2 March)" in page
    await world.push(hours=12)
    priya = await enter()  # the night has signed her out
    page = (await priya.get(f"/people/{ref}/check-ins")).text
    assert "No answer (asked at 9pm, delivered at 9pm, no answer by 9:30pm)" in page
    inbox = (await priya.get("/inbox")).text
    assert "Has not said whether they are back: asked at 9pm, delivered at 9pm, no answer by 9:30pm" in inbox
    assert "breach" not in (page + inbox).lower()


async def test_are_they_back_can_be_changed_and_ended(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world), await enter()
    assert (await priya.post(f"/people/{ref}/back", clock="19:00")).status_code == 422
    await priya.post(f"/people/{ref}/back", weekday=["MO"], clock="19:00")
    async with world.hub.store.transaction() as session:
        number = await session.scalar(select(ReturnPlan.id))
    assert 'value="19:00"' in (await priya.get(f"/people/{ref}/back/{number}")).text
    await priya.post(f"/people/{ref}/back/{number}", weekday=["FR"], clock="18:00")
    assert "Friday at 6pm" in (await priya.get(f"/people/{ref}/check-ins")).text
    await priya.post(f"/people/{ref}/back/{number}/end")
    assert "Friday at 6pm" not in (await priya.get(f"/people/{ref}/check-ins")).text
    assert (await priya.get(f"/people/{ref}/back/{number}")).status_code == 404


async def test_a_victim_s_page_offers_none_of_it(world: World, enter: Enter) -> None:
    ref, ann = await somebody(world, Role.VICTIM), await enter(Side.VICTIMS)
    page = (await ann.get(f"/people/{ref}/check-ins")).text
    assert "Are they back?" not in page
    assert (await ann.post(f"/people/{ref}/back", weekday=["MO"], clock="19:00")).status_code == 422


async def test_the_other_side_finds_nothing(world: World, enter: Enter) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    for path in ("check-in-plan", "check-ins/now", "tier", "back"):
        assert (await ann.get(f"/people/{ref}/{path}")).status_code == 404


@pytest.mark.parametrize("role", [WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR])
async def test_others_than_case_workers_set_nothing(world: World, enter: Enter, role: WorkerRole) -> None:
    ref, kit = await somebody(world), await enter(role=role, name="Kit Moor")
    for path in ("check-in-plan", "check-ins/now", "tier", "back"):
        assert (await kit.get(f"/people/{ref}/{path}")).status_code == 403


async def test_an_administrator_names_the_tiers(world: World, enter: Enter) -> None:
    kit = await enter(role=WorkerRole.ADMINISTRATOR, name="Kit Moor")
    assert "Tier 4" in (await kit.get("/settings/check-ins")).text
    typed = {f"name_{n}": name for n, name in enumerate(["Blue", "Green", "Amber", "Red"], 1)}
    typed |= {f"weeks_{n}": str(weeks) for n, weeks in enumerate([8, 4, 2, 1], 1)}
    assert (await kit.post("/settings/check-ins", **typed, back_within="5")).status_code == 422
    assert (await kit.post("/settings/check-ins", **(typed | {"name_1": ""}), back_within="45")).status_code == 422
    await kit.post("/settings/check-ins", **typed, back_within="45")
    async with world.hub.store.transaction() as session:
        agency = await session.get_one(Agency, world.agency_id)
        assert (agency.tiers["4"]["name"], agency.back_within) == ("Red", 45)
        assert (await session.scalars(select(Person))).all() == []
