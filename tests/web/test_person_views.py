"""Views on a proposal: shown before it is sent, kept with every time, decided by a human, on text and page alike."""

import pytest
from sqlalchemy import select

from hub import settings_links
from hub.people import conversation_for
from hub.store.tables import Case, CaseEvent, ContactPoint, Person, Proposal, View
from hub.words import Role, Side
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

VERA = "+447700900202"
CARE = "+447700900002"
FORM = {"words": "He pays for the window.", "reason": "He has said that he did it.", "answer_by": "2026-03-06"}


@pytest.fixture
async def where(world: World) -> str:
    """The page of Vera's case."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="victim_care", reference="VC/1",
            worker_id=person.worker_id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        return f"/people/{person.ref}/cases/{case.id}/views"


async def propose(worker: Visitor, where: str, world: World) -> int:
    await worker.post(where, **FORM, sure="yes")
    await world.settle()
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Proposal.id))).one()


async def own_link(world: World) -> str:
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        conversation = await conversation_for(session, person)
        assert conversation
        return (await settings_links.make(world.hub, session, conversation)).removeprefix(world.hub.public_url)


async def test_it_is_shown_first_as_it_will_be_read(world: World, enter: Enter, where: str) -> None:
    ann = await enter(Side.VICTIMS)
    seen = await ann.post(where, **FORM)
    assert "This is how your case may be dealt with: He pays for the window. Why: He has said" in seen.text
    assert "Please answer by Fri 6 March." in seen.text
    assert world.heard(VERA) == []
    await propose(ann, where, world)
    assert "He pays for the window." in world.heard(VERA)[0]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("words", ""), ("reason", ""), ("words", "x" * 201), ("answer_by", "2026-03-02"), ("answer_by", "2026-09-01"),
     ("answer_by", "soon")],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(enter: Enter, where: str, field: str, typed: str) -> None:
    ann = await enter(Side.VICTIMS)
    page = await ann.post(where, **FORM | {field: typed}, sure="yes")
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text


async def test_every_answer_stands_there_with_its_time_and_the_newest_counts(
    world: World, enter: Enter, where: str
) -> None:
    ann = await enter(Side.VICTIMS)
    number = await propose(ann, where, world)
    await world.text("2", VERA, CARE)
    await world.text("skip", VERA, CARE)
    await ann.post(f"{where}/{number}/said", answer="agree", own_words="Fine, if he pays.")
    shown = (await ann.get(where)).text
    assert shown.index("Agrees") < shown.index("Does not agree")
    assert "Mon 2 March at 10am, told to Ann Jones; this one counts" in shown
    assert "Mon 2 March at 10am, by text" in shown
    async with world.hub.store.transaction() as session:
        sealed = [view.words_sealed for view in await session.scalars(select(View).order_by(View.id))]
    assert sealed[0] is None
    assert sealed[-1] is not None
    assert b"pays" not in sealed[-1]


async def test_a_decision_needs_a_reason_and_is_told_with_it(world: World, enter: Enter, where: str) -> None:
    ann = await enter(Side.VICTIMS)
    number = await propose(ann, where, world)
    await world.text("2", VERA, CARE)
    assert (await ann.post(f"{where}/{number}/decide", decision="as_proposed", why="")).status_code == 422
    assert (await ann.post(f"{where}/{number}/decide", decision="", why="So.")).status_code == 422
    await ann.post(f"{where}/{number}/decide", decision="as_proposed", why="He has paid half already.")
    await world.push(minutes=31)  # two nudges are half an hour apart
    assert "He has paid half already." in world.heard(VERA)[-1]
    async with world.hub.store.transaction() as session:
        proposal = await session.get_one(Proposal, number)
        event = await session.get_one(CaseEvent, proposal.event_id)
        assert event.milestone == "out_of_court"
    ann = await enter(Side.VICTIMS)  # signed out by then
    late = await ann.post(f"{where}/{number}/said", answer="agree")
    assert late.status_code == 403
    assert "It goes ahead as proposed" in (await ann.get(where)).text
    printed = (await ann.get(where.replace("/views", "/timeline.txt"))).text
    assert "They were told of the proposal" in printed
    assert "What they think of the proposal: does not agree" in printed
    assert "The proposal was decided about: it goes ahead as proposed" in printed


async def test_one_proposal_at_a_time(world: World, enter: Enter, where: str) -> None:
    ann = await enter(Side.VICTIMS)
    await propose(ann, where, world)
    again = await ann.post(where, **FORM, sure="yes")
    assert again.status_code == 422
    assert "Decide about that one first" in again.text


async def test_on_their_own_page(world: World, enter: Enter, visitor: Visitor, where: str) -> None:
    link = await own_link(world)
    assert (await visitor.get(f"{link}/view")).status_code == 404
    assert "/view" not in (await visitor.get(link)).text
    await propose(await enter(Side.VICTIMS), where, world)
    assert f"{link}/view" in (await visitor.get(link)).text
    page = (await visitor.get(f"{link}/view")).text
    assert "He pays for the window." in page
    assert "<title>Your settings" in page
    assert (await visitor.post(f"{link}/view")).status_code == 422
    done = await visitor.post(f"{link}/view", choice="2", own_words="Not enough.")
    assert done.headers["location"] == f"{link}?done=view_saved"
    assert "We have noted what you think" in (await visitor.get(done.headers["location"])).text
    async with world.hub.store.transaction() as session:
        view = (await session.scalars(select(View))).one()
        assert (view.answer, view.how) == ("disagree", "page")
    heard = len(world.heard(VERA))
    await world.text("1", VERA, CARE)  # the question by text was answered by the page
    assert "views" not in str(world.heard(VERA)[heard:])


async def test_not_on_a_page_where_others_may_read(world: World, enter: Enter, visitor: Visitor, where: str) -> None:
    link = await own_link(world)
    await propose(await enter(Side.VICTIMS), where, world)
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(ContactPoint))).one().discreet = True
    assert (await visitor.get(f"{link}/view")).status_code == 404
    assert (await visitor.post(f"{link}/view", choice="1")).status_code == 404
    assert "/view" not in (await visitor.get(link)).text


async def test_the_other_side_finds_nothing(world: World, enter: Enter, where: str) -> None:
    number = await propose(await enter(Side.VICTIMS), where, world)
    priya = await enter()
    assert (await priya.get(where)).status_code == 404
    assert (await priya.post(where, **FORM, sure="yes")).status_code == 404
    assert (await priya.post(f"{where}/{number}/decide", decision="as_proposed", why="So.")).status_code == 404


async def test_nobody_under_supervision_is_asked(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="bail", reference="B/1",
            worker_id=person.worker_id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        where = f"/people/{person.ref}/cases/{case.id}/views"
    priya = await enter()
    assert (await priya.get(where)).status_code == 404
    assert "/views" not in (await priya.get(f"/people/{person.ref}/conditions")).text
