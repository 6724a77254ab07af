"""Updates owed: what stands in the list, why, and what a worker can do about it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import case_events, update_plans, updates_watch
from hub.store.tables import AuditEvent, Case, Conversation, Update
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow
WHY = "There was not enough evidence for the court."


async def case_of(world: World, *, discreet: bool = False, safe: bool = True, number: str = "101") -> tuple[str, int]:
    """Sam's, a victim's."""
    async with world.hub.store.transaction() as session:
        person, talk = await world.person(
            session, role=Role.VICTIM, discreet=discreet, address=f"+447700900{number}", name="Sam Carter"
        )
        talk.contact_point.safe_asked_at = world.clock.now() if safe else None
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="victim_care",
            reference=f"V/{number}", worker_id=person.worker_id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        await update_plans.plan_of(world.hub, session, case)
        return person.ref, case.id


async def news(world: World, number: int, milestone: str = "arrested", reason: str = "") -> None:
    async with world.hub.store.transaction() as session:
        case = await session.get_one(Case, number)
        await case_events.record_event(world.hub, session, "hub", case, milestone, reason, world.clock.now())
    await world.settle()


async def owed(world: World) -> list[Update]:
    async with world.hub.store.transaction() as session:
        rows = (await session.scalars(select(Update).order_by(Update.due_at, Update.id))).all()
        return [row for row in rows if row.state == "owed"]


async def list_of(visitor: Visitor) -> str:
    return " ".join((await visitor.get("/updates")).text.split())


async def test_the_list_says_what_is_late_and_why(world: World, enter: Enter) -> None:
    _, number = await case_of(world, discreet=True)
    await news(world, number)
    ann = await enter(Side.VICTIMS)
    page = await list_of(ann)
    assert "Due in the next 5 working days" in page
    assert "5 working days left" in page
    assert "They have not said yet whether it is a good time" in page
    assert "1 is due later." in page, "the word that is owed in a month"
    await world.push(days=7)
    ann = await enter(Side.VICTIMS)
    page = await list_of(ann)
    assert "Due today" in page
    assert 'Updates owed <span class="handrail-count">1' in page
    await world.push(days=2)
    ann = await enter(Side.VICTIMS)
    assert "2 working days late" in await list_of(ann)


@pytest.mark.parametrize(
    ("safe", "stopped", "words"),
    [
        (False, False, "Safe contact is not known"),
        (True, True, "they asked us to stop texts"),
    ],
)
async def test_why_nothing_was_sent(world: World, enter: Enter, *, safe: bool, stopped: bool, words: str) -> None:
    _, number = await case_of(world, safe=safe)
    async with world.hub.store.transaction() as session:
        talk = (await session.scalars(select(Conversation))).one()
        talk.contact_point.stopped_at = world.clock.now() if stopped else None
        case = await session.get_one(Case, number)
        # Not settled: what the send path does with it is not asked here.
        await case_events.record_event(world.hub, session, "hub", case, "arrested", "", world.clock.now())
    if stopped:
        await world.settle()
    assert words in await list_of(await enter(Side.VICTIMS))


async def test_a_worker_who_rang_says_how_and_when(world: World, enter: Enter) -> None:
    ref, number = await case_of(world, discreet=True)
    await news(world, number)
    ann = await enter(Side.VICTIMS)
    update = (await owed(world))[0].id
    here = f"/people/{ref}/cases/{number}/updates/{update}/told"
    assert "I told them" in (await ann.get(here)).text
    refused = await ann.post(here, day="2026-03-02", clock="10:00")
    assert refused.status_code == 422
    assert "Select how you told them." in refused.text
    ahead = await ann.post(here, how="call", day="2026-03-05", clock="10:00")
    assert "This lies ahead" in ahead.text
    done = await ann.post(here, how="call", day="2026-03-02", clock="10:00")
    assert done.headers["location"] == "/updates?done=told"
    assert "Nothing is owed in the next 5 working days." in await list_of(ann)
    history = (await ann.get(f"/people/{ref}/cases/{number}/updates")).text
    assert "<strong>In time:</strong> By phone, Mon 2 March at 10am." in history
    assert (await ann.get(here)).status_code == 403, "it has been told"


async def test_news_is_previewed_in_both_wordings_and_a_decision_needs_its_reason(world: World, enter: Enter) -> None:
    ref, number = await case_of(world, discreet=True)
    ann, here = await enter(Side.VICTIMS), f"/people/{ref}/cases/{number}/news"
    when = {"day": "2026-03-02", "clock": "09:00"}
    assert "Add news" in (await ann.get(here)).text
    without = await ann.post(here, milestone="charged", **when)
    assert without.status_code == 422
    assert "Say why, in plain words" in without.text
    shown = (await ann.post(here, milestone="charged", reason=WHY, **when)).text
    assert "There is something new for you. Reply UPDATE" in shown
    assert f"Someone has been charged. {WHY}" in shown
    assert world.heard() == [], "nothing is sent before it was seen"
    done = await ann.post(here, milestone="charged", reason=WHY, sure="yes", **when)
    assert done.headers["location"] == f"/people/{ref}/cases/{number}/updates?done=news"
    await world.settle()
    assert world.heard() == ["There is something new for you. Reply UPDATE when it is a good time."]
    known = {"known": "2026-02-27", "day": "2026-02-26", "clock": "09:00", "sure": "yes"}
    await ann.post(here, milestone="hearing", **known)
    assert "2026-03-06" in [f"{row.due_on}" for row in await owed(world)], "counted from the day on which we knew"
    for mistake in (
        {"milestone": "arrested", "known": "2026-02-01"},
        {"milestone": "no_news"},
        {"milestone": "hearing", "day": "2027-03-02"},
    ):
        assert (await ann.post(here, **(when | mistake), sure="yes")).status_code == 422


async def test_a_victims_case_is_not_closed_without_the_reason(world: World, enter: Enter) -> None:
    ref, number = await case_of(world, safe=False)
    ann, here = await enter(Side.VICTIMS), f"/people/{ref}/cases/{number}/close"
    refused = await ann.post(here, why="ended")
    assert refused.status_code == 422
    assert "Say why, in plain words" in refused.text
    shown = (await ann.post(here, why="ended", words=WHY)).text
    assert WHY in shown
    assert "It is not known how we may write to them. It stays in your list of updates" in " ".join(shown.split())
    await ann.post(here, why="ended", words=WHY, sure="yes")
    assert "Case closed" in await list_of(ann)


async def test_how_often_and_enhanced_rights_are_set_by_a_person(world: World, enter: Enter) -> None:
    ref, number = await case_of(world, discreet=True)
    await news(world, number)
    ann, here = await enter(Side.VICTIMS), f"/people/{ref}/cases/{number}"
    assert (await ann.post(f"{here}/informed", often="3")).status_code == 422
    await ann.post(f"{here}/informed", often="14", enhanced="serious")
    rows = await owed(world)
    assert [f"{row.due_on}" for row in rows] == ["2026-03-03", "2026-03-16"], "by the new promise, and two weeks on"
    assert "1 working day: enhanced rights. Victim of one of the most serious crimes" in " ".join(
        (await ann.get(f"{here}/updates")).text.split()
    )
    await ann.post(f"{here}/informed", often="none")
    assert await owed(world) == []


async def test_nothing_new_is_a_word_too(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    await world.push(days=28)
    ann = await enter(Side.VICTIMS)
    assert "A word, though nothing has happened" in await list_of(ann)
    word = (await owed(world))[0].id
    await ann.post(f"/people/{ref}/cases/{number}/updates/{word}/nothing-new")
    await world.settle()
    assert "There is nothing new in your case yet." in world.heard()[-1]
    again = await ann.post(f"/people/{ref}/cases/{number}/updates/{word}/nothing-new")
    assert again.status_code == 403


async def test_whoever_was_named_hears_only_with_the_persons_yes(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    ann, here = await enter(Side.VICTIMS), f"/people/{ref}/named"
    given = {"name": "Mo Carter", "number": "07700 900303", "language": "en", "scope": "everything"}
    assert (await ann.post(here, **given)).status_code == 422, "whether they have said yes must be told"
    await ann.post(here, yes="spoken", **given)
    await world.settle()
    assert len(world.heard("+447700900303")) == 1, "they are told that they will hear"
    await news(world, number, "charged", WHY)
    assert "news for Sam. Someone has been charged." in world.heard("+447700900303")[-1]
    twice = await ann.post(here, yes="spoken", **given)
    assert "named this person already" in twice.text
    assert (await ann.post(here, yes="ask", **(given | {"number": "07700 900101"}))).status_code == 422, (
        "a victim's own"
    )
    page = (await ann.get(here)).text
    number_of = page.split("/named/")[1].split("/")[0]
    await ann.post(f"{here}/{number_of}/end")
    await world.push(hours=2)
    await news(world, number, "hearing")
    assert len(world.heard("+447700900303")) == 2


async def test_whoever_was_named_is_asked_nothing_before_the_persons_yes(world: World, enter: Enter) -> None:
    ref, _ = await case_of(world)
    given = {"name": "Mo Carter", "number": "07700 900303", "language": "en", "scope": "everything"}
    ann = await enter(Side.VICTIMS)
    assert (await ann.post(f"/people/{ref}/named", yes="ask", **given)).status_code == 303
    await world.push(hours=2)
    assert world.heard("+447700900303") == []


async def test_the_person_says_on_their_own_page_that_only_they_hear(world: World, enter: Enter) -> None:
    ref, _ = await case_of(world)
    ann = await enter(Side.VICTIMS)
    given = {"name": "Mo Carter", "number": "07700 900303", "language": "en", "scope": "news"}
    await ann.post(f"/people/{ref}/named", yes="letter", **given)
    await world.text("settings", line="+447700900002")
    link = next(text for text in world.heard() if "/me/" in text).split("/me/")[1].split()[0].rstrip(".")
    assert "Who else gets texts" in (await ann.get(f"/me/{link}")).text
    await ann.post(f"/me/{link}/named", choice="only_me")
    assert "Who else gets texts" not in (await ann.get(f"/me/{link}")).text
    await ann.post(f"/me/{link}/often", choice="7")
    assert "Every week" in (await ann.get(f"/me/{link}")).text


async def test_the_other_side_has_none_of_it(world: World, enter: Enter) -> None:
    ref, number = await case_of(world)
    priya = await enter(Side.SUPERVISION)
    pages = [
        "/updates",
        f"/people/{ref}/named",
        *(f"/people/{ref}/cases/{number}/{end}" for end in ("updates", "news")),
    ]
    for page in pages:
        assert (await priya.get(page)).status_code == 404
    assert "Updates owed" not in (await priya.get("/inbox")).text
    provider = await enter(Side.VICTIMS, role=WorkerRole.PROVIDER, name="Ola Byrne")
    assert (await provider.get("/updates")).status_code == 403


async def test_a_supervisor_sees_how_long_it_took(world: World, enter: Enter) -> None:
    _, number = await case_of(world)
    await news(world, number)
    boss = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR)
    assert "0 working days in the middle, of 1 in the last 12 weeks" in await list_of(boss)


async def test_figures_hide_small_groups(world: World, enter: Enter) -> None:
    for each in range(6):
        _, number = await case_of(world, number=f"1{each}1")
        await news(world, number, "charged", WHY)
    await news(world, number, "hearing")
    await world.push(days=1)
    ann = await enter(Side.VICTIMS)
    rows = (await ann.get("/outcomes/updates.csv")).text.splitlines()[1:]
    hidden = "Too few to show,Too few to show,Too few to show"
    # Six were charged and one hearing was set: the larger is hidden with the smaller, or the total would tell of it.
    assert rows == [f"Charged,{hidden}", f"A hearing has been set,{hidden}"]


async def test_a_restart_forgets_nothing_and_nobody_is_told_twice(world: World) -> None:
    _, number = await case_of(world, discreet=True)
    await news(world, number)
    world.clock.push_to(world.clock.now() + timedelta(days=9))
    for _ in range(3):  # as if three machines ticked, one after the other
        async with world.hub.store.transaction() as session:
            await updates_watch.look(world.hub, session)
    async with world.hub.store.transaction() as session:
        told = list(await session.scalars(select(AuditEvent.what).where(AuditEvent.what.like("update_%"))))
    assert told == ["update_overdue"]
