"""A supporter's own page: whom they stand by, quiet for one of them, leaving; never where others may read the phone."""

import pytest
from sqlalchemy import select

from hub.store.tables import ContactPoint, SupportConsent, ThreadMember
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import Relation, Role, Sees
from tests.web.conftest import Visitor
from tests.web.test_own_settings import path_in
from tests.world import World

pytestmark = pytest.mark.slow

OTHERS = {"Alex Reed": "+447700900202", "Bea Stone": "+447700900203"}


@pytest.fixture
async def link(world: World) -> str:
    """Jo stands by two people, texts SETTINGS and opens the link that comes back."""
    async with world.hub.store.transaction() as session:
        supporter, _ = await world.person(session, role=Role.SUPPORTER, name="Jo Reed")
        for (name, number), sees in zip(OTHERS.items(), (Sees.PROGRESS, Sees.DATES), strict=True):
            person, _ = await world.person(session, name=name, address=number)
            thread = await thread_for(session, person, world.clock.now())
            relation = Relation.MENTOR if sees is Sees.PROGRESS else Relation.FRIEND
            await members.join(world.hub, session, thread, supporter, sees=sees, relation=relation)
    await world.text("settings")
    return path_in(world.heard()[-1])


async def memberships(world: World) -> list[ThreadMember]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(ThreadMember).order_by(ThreadMember.thread_id))).all())


async def test_it_shows_first_names_what_is_heard_and_help(world: World, visitor: Visitor, link: str) -> None:
    assert f"{link}/standing-by" in (await visitor.get(link)).text
    page = (await visitor.get(f"{link}/standing-by")).text
    assert "Alex" in page
    assert "Bea" in page
    assert "how it goes. Not what it is." in page
    assert "That something is on, and when. Nothing else." in page
    assert "Thinking of you. I am on your side." in page
    assert "0808 808 3444" in page
    assert "They decide." in page  # for mentors
    title = page.split("<title>")[1].split("</title>")[0]
    for hidden in ("Reed", "Stone", "0202", "07700"):
        assert hidden not in page
        assert hidden not in title


async def test_quiet_for_one_and_hearing_again(world: World, visitor: Visitor, link: str) -> None:
    first, second = await memberships(world)
    answer = await visitor.post(f"{link}/standing-by/{first.thread_id}/quiet")
    assert answer.headers["location"] == f"{link}/standing-by?done=quiet"
    assert "We will be quiet" in (await visitor.get(answer.headers["location"])).text
    assert [bool(each.muted_at) for each in await memberships(world)] == [True, False]
    await visitor.post(f"{link}/standing-by/{first.thread_id}/hear")
    assert [bool(each.muted_at) for each in await memberships(world)] == [False, False]
    assert second.thread_id != first.thread_id


async def test_leaving_is_asked_about_once_and_kept_in_the_history(world: World, visitor: Visitor, link: str) -> None:
    first, _ = await memberships(world)
    assert "Stop standing by Alex?" in (await visitor.get(f"{link}/standing-by/{first.thread_id}/leave")).text
    await visitor.post(f"{link}/standing-by/{first.thread_id}/leave")
    left, stays = await memberships(world)
    assert (left.ended_for, stays.left_at) == ("left", None)
    assert "Alex" not in (await visitor.get(f"{link}/standing-by")).text
    assert (await visitor.post(f"{link}/standing-by/{first.thread_id}/leave")).status_code == 404
    async with world.hub.store.transaction() as session:
        ends = await session.scalars(select(SupportConsent.how).where(SupportConsent.what == "ended"))
        assert list(ends) == ["page"]


async def test_somebody_elses_thread_is_not_found(world: World, visitor: Visitor, link: str) -> None:
    assert (await visitor.post(f"{link}/standing-by/4711/quiet")).status_code == 404
    assert (await visitor.get(f"{link}/standing-by/4711/leave")).status_code == 404


async def test_where_others_may_read_the_phone_there_is_no_such_page(world: World, visitor: Visitor, link: str) -> None:
    async with world.hub.store.transaction() as session:
        contact = await session.scalar(select(ContactPoint).order_by(ContactPoint.id).limit(1))
        assert contact
        contact.discreet = True
    assert "standing-by" not in (await visitor.get(link)).text
    assert (await visitor.get(f"{link}/standing-by")).status_code == 404
    assert (await visitor.post(f"{link}/standing-by/1/quiet")).status_code == 404


async def test_in_welsh(world: World, visitor: Visitor, link: str) -> None:
    await visitor.post(f"{link}/language/cy", data={"place": "/standing-by"})
    page = (await visitor.get(f"{link}/standing-by")).text
    assert "Pobl rydych yn eu cefnogi" in page
    assert "Rwyf ar dy ochr di" in page
    assert "Gyda phwy y gallwch siarad" in page
