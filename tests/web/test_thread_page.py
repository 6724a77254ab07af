"""What a circle says to each other, as a worker reads it and joins in: who has it, the pause, what is for them."""

import pytest
from sqlalchemy import select

from hub.store.tables import AuditEvent, Thread, ThreadPost
from hub.words import Side, WorkerRole
from tests.web.circle import JO, KIT, Circle, circle
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
async def around(world: World) -> Circle:
    return await circle(world)


async def test_before_anybody_stands_by_them_there_is_nothing_to_say(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        ref = (await world.person(session))[0].ref
    priya = await enter()
    assert "Nobody stands by them yet" in (await priya.get(f"/people/{ref}/thread")).text
    assert (await priya.post(f"/people/{ref}/thread", body="Hello", to="all")).status_code == 404
    assert (await priya.post(f"/people/{ref}/thread/pause")).status_code == 404
    assert "None of your people has a supporter yet" in (await priya.get("/threads")).text


async def test_who_sees_what_stands_beside_what_was_said(world: World, enter: Enter, around: Circle) -> None:
    await world.text("good luck tomorrow sam, ring me on 07700 900388", JO)
    priya = await enter()
    shown = (await priya.get(f"/people/{around.sam}/thread")).text
    assert "<strong>Jo</strong> to all" in shown
    assert "good luck tomorrow" in shown
    assert "900388" not in shown
    assert "A number or name was taken out" in shown
    assert "All 2 have it" in shown
    assert "<strong>Kit</strong>, friend: nothing of the talk. Only that there is something and when" in shown
    assert "<strong>Mo</strong>, mentor: reads and writes" in shown
    for surname in ("Reed", "Boyle", "Ade"):
        assert surname not in shown
    async with world.hub.store.transaction() as session:
        assert "thread_viewed" in list(await session.scalars(select(AuditEvent.what)))


async def test_a_worker_says_something_to_all_and_to_one(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/thread"
    said = await priya.post(page, body="Well done everybody", to="all")
    assert said.headers["location"] == f"{page}?done=said#latest"
    await priya.post(page, body="Could you ring him tonight?", to=around.kit)
    await priya.post(page, body="How are you, Sam?", to="person")
    await world.settle()
    assert world.heard(JO) == ["Priya: Well done everybody"]
    assert [text.split(": ")[-1] for text in world.heard(KIT)] == ["Could you ring him tonight?"]
    assert world.heard() == ["Priya: Well done everybody", "Priya: How are you, Sam?"]
    shown = (await priya.get(page)).text
    assert "<strong>Priya</strong> to Kit alone" in shown
    assert "<strong>Priya</strong> to Sam alone" in shown


async def test_what_cannot_be_said_is_kept_in_the_box(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/thread"
    empty = await priya.post(page, body="  ", to="all")
    assert empty.status_code == 422
    assert "write your message first" in empty.text
    long = await priya.post(page, body="so " * 400, to=around.jo)
    assert long.status_code == 422
    assert "so so so" in long.text
    assert f'value="{around.jo}" selected' in long.text
    assert (await priya.post(page, body="Hello", to="NOBODY22")).status_code == 404
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(ThreadPost.id))) == []


async def test_the_count_is_of_what_goes_out_with_the_name_before_it(enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/thread"
    assert "1 text, 12 of 160 characters" in (await priya.post("/threads/count", body="Hello")).text
    checked = await priya.post(page, body="Hello", to="all", do="check")
    assert "1 text, 12 of 160 characters" in checked.text
    assert ">Hello</textarea>" in checked.text


async def test_a_pause_stops_the_talk_and_not_the_worker(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/thread"
    paused = await priya.post(f"{page}/pause")
    assert paused.headers["location"] == f"{page}?done=paused"
    assert "since Mon 2 March at 10am, by Priya Shah" in (await priya.get(page)).text
    await world.text("did you see what he did", JO)
    assert world.heard() == []
    shown = (await priya.get(page)).text
    assert "did you see what he did" in shown
    assert "Nobody else got it: the talk was paused" in shown
    await priya.post(page, body="Let us speak tomorrow", to="all")
    await world.settle()
    assert world.heard() == ["Priya: Let us speak tomorrow"]
    assert "Paused" in (await priya.get("/threads")).text
    await priya.post(f"{page}/resume")
    assert "goes on again" in (await priya.get(f"{page}?done=resumed")).text
    await world.text("sorry about that", JO)
    assert world.heard()[-1] == "Jo: sorry about that"
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Thread.paused_at).where(Thread.paused_at.is_not(None)))).all() == []


async def test_what_is_for_the_worker_alone_is_marked_until_somebody_looks(
    world: World, enter: Enter, around: Circle
) -> None:
    await world.text("@worker i am worried about him", JO)
    priya = await enter()
    listed = (await priya.get("/threads")).text
    assert "1 for you alone" in listed
    assert "Jo, Kit, Mo" in listed
    assert "Supporters wrote to you" in (await priya.get(f"/people/{around.sam}/messages")).text
    shown = (await priya.get(f"/people/{around.sam}/thread")).text
    assert "<strong>Jo</strong> to you alone" in shown
    assert 'class="govuk-visually-hidden">new<' in shown
    assert world.heard() == []
    again = (await priya.get(f"/people/{around.sam}/thread")).text
    assert 'class="govuk-visually-hidden">new<' not in again
    assert "for you alone" not in (await priya.get("/threads")).text.split("<table")[1]


async def test_the_inbox_leads_to_what_supporters_wrote(world: World, enter: Enter, around: Circle) -> None:
    await world.text("hello there")
    await world.text("@worker i am worried about him", JO)
    priya = await enter()
    shown = (await priya.get("/inbox")).text
    assert f'href="/people/{around.sam}/thread">Supporters wrote to you' in shown


async def test_the_stream_alone_is_there_for_the_open_page(world: World, enter: Enter, around: Circle) -> None:
    await world.text("see you at the match", JO)
    priya = await enter()
    part = (await priya.get(f"/people/{around.sam}/thread/stream")).text
    assert "see you at the match" in part
    assert "<html" not in part
    assert "sse:conversation-" in (await priya.get(f"/people/{around.sam}/thread")).text


async def test_older_posts_are_a_page_further_back(world: World, enter: Enter, around: Circle) -> None:
    for number in range(103):
        async with world.hub.store.transaction() as session:
            thread = (await session.scalars(select(Thread).order_by(Thread.id))).first()
            assert thread
            key = world.hub.vault.open_person_key(thread.person.wrapped_key or b"")
            session.add(
                ThreadPost(
                    thread_id=thread.id,
                    worker_id=world.workers[Side.SUPERVISION],
                    sent_to="all",
                    at=world.clock.now(),
                    keyed_to_id=thread.person_id,
                    words_sealed=key.seal(f"word {number}.", "post"),
                )
            )
    priya, page = await enter(), f"/people/{around.sam}/thread"
    newest = (await priya.get(page)).text
    assert "word 102." in newest
    assert "word 2." not in newest
    before = newest.split("thread?before=")[1].split('"')[0]
    older = (await priya.get(f"{page}?before={before}")).text
    assert "word 2." in older
    assert "word 3." not in older
    assert "Back to the newest" in older


async def test_who_may_not_read_it(enter: Enter, around: Circle) -> None:
    page = f"/people/{around.sam}/thread"
    ann = await enter(Side.VICTIMS)
    for role in (WorkerRole.PROVIDER, WorkerRole.ANALYST):
        other = await enter(role=role, name=f"Some {role}")
        assert (await other.get(page)).status_code == 403
        assert (await other.post(page, body="Hello", to="all")).status_code == 403
    tom = await enter(name="Tom Field")
    for visitor in (ann, tom):
        assert (await visitor.get(page)).status_code == 404
        assert (await visitor.get(f"{page}/stream")).status_code == 404
        assert (await visitor.post(page, body="Hello", to="all")).status_code == 404
        assert (await visitor.post(f"{page}/pause")).status_code == 404
