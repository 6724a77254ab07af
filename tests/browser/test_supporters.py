"""Supporters' pages as workers see and use them, with and without JavaScript."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from hub import no_contact
from hub.store.tables import Person, Thread, ThreadMember, Worker
from hub.threads import members, posts
from hub.threads.standing import thread_for
from hub.words import Relation, Role, Sees, Side
from tests.browser.looks import Look
from tests.browser.test_screens import signed_in_context
from tests.web.circle import JO, Circle, circle
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

MORE = (
    ("Destiny Clarke", (("Ruth Clarke", Relation.FAMILY, Sees.PROGRESS), ("Mo Ade", Relation.MENTOR, Sees.CHAT))),
    ("Callum O'Neill", (("Father Anthony Vanderbilt-Smythe", Relation.FRIEND, Sees.DATES),)),
    ("Bethan Rees", (("Gwen Rees", Relation.GUARDIAN, Sees.CHAT), ("Mo Ade", Relation.MENTOR, Sees.CHAT))),
)


async def lively(world: World) -> Circle:
    """Five people with eight supporters; a talk over two days, something for the worker alone, a no-contact list."""
    around = await circle(world)
    async with world.hub.store.transaction() as session:
        mo = (await session.scalars(select(Person).where(Person.ref == around.mo))).one()
        number = 310
        for name, supporters in MORE:
            number += 1
            person, _ = await world.person(session, name=name, address=f"+447700900{number}")
            thread = await thread_for(session, person, world.clock.now())
            for who, relation, sees in supporters:
                number += 1
                supporter = mo
                if who != "Mo Ade":
                    address = f"+447700900{number}"
                    supporter, _ = await world.person(session, name=who, role=Role.SUPPORTER, address=address)
                await members.join(world.hub, session, thread, supporter, sees=sees, relation=relation)
    await _talk(world)
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        jo = (await session.scalars(select(Person).where(Person.ref == around.jo))).one()
        member = (await session.scalars(select(ThreadMember).where(ThreadMember.person_id == jo.id))).one()
        priya = world.workers[Side.SUPERVISION]
        ends_at = world.clock.now() + timedelta(days=90)
        await members.change(world.hub, session, f"worker:{priya}", member, Sees.CHAT, ends_at, "spoken")
        await no_contact.add(
            world.hub, session, priya, sam, name="Dan Moss", numbers=["+447700900398", "+447700900399"], why="order"
        )
        await no_contact.add(world.hub, session, priya, sam, name="Kit Boyle", numbers=[], why="safety")
        await no_contact.add(world.hub, session, priya, sam, name="", numbers=["+447700900397"], why="co_accused")
    return around


async def _talk(world: World) -> None:
    await world.text("Good luck tomorrow love, ring me after on 07700 900388. I will have the tea on", JO)
    await world.push(minutes=4)
    await world.text("@all thanks jo. bit nervous but i will be there")
    await world.push(days=1, minutes=-60)
    await world.text("@worker he did not sleep and says he wont go in. can you call him?", JO)
    await world.push(minutes=12)
    async with world.hub.store.transaction() as session:
        thread = (await session.scalars(select(Thread).order_by(Thread.id))).first()
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        assert thread
        await posts.say(world.hub, session, priya, thread, "Well done for yesterday, all of you. Sam was on time.")
        jo = (await session.scalars(select(Person).join(ThreadMember, ThreadMember.person_id == Person.id))).first()
        assert jo
        await posts.say(world.hub, session, priya, thread, "Thank you, I will ring him now.", only_to=jo)
    await world.settle()


def pages_of(around: Circle) -> dict[str, str]:
    person = f"/people/{around.sam}"
    return {
        f"{person}/thread": "thread",
        f"{person}/supporters": "person-supporters",
        f"/people/{around.mo}/supporters": "person-stands-by",
        f"{person}/supporters/{around.jo}/change": "supporter-change",
        f"{person}/supporters/{around.jo}/end": "supporter-end",
        f"{person}/supporters/history": "supporters-history",
        f"{person}/no-contact": "no-contact",
        f"{person}/age": "",
        "/supporters/map": "supporters-map",
        "/threads": "threads",
        f"{person}/messages": "",
        person: "",
        "/inbox": "",
    }


async def test_no_screen_of_supporters_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    around = await lively(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/threads")
    await expect(page.get_by_text("1 for you alone")).to_be_visible()
    assert [problem for path, name in pages_of(around).items() for problem in await look(page, site + path, name)] == []
