"""Supporters' pages as workers see and use them, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from hub import no_contact
from hub.store.tables import Person, Thread, ThreadMember, Worker
from hub.threads import invitations, members, posts
from hub.threads.standing import thread_for
from hub.words import Relation, Role, Sees, Side
from tests.browser.looks import Look, look_again
from tests.browser.test_screens import signed_in_context
from tests.browser.valid import invalid
from tests.web.circle import JO, Circle, circle
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

RUTH = "+447700900388"
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


async def ask_for(world: World, around: Circle) -> int:
    """An invitation that waits for a look: the name stands on the list."""
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        priya = world.workers[Side.SUPERVISION]
        wished = None
        for name, how in (("Ann Lee", "spoken"), ("Rob Hall", ""), ("Dan Moss", "letter")):
            wished = await invitations.wish(
                world.hub, session, sam, f"worker:{priya}", name=name, relation=Relation.FRIEND, sees=Sees.DATES,
                months=6, agreed_how=how, worker_id=priya,
            )  # fmt: skip
        assert wished
        return wished.invitation.id


async def test_no_screen_of_supporters_is_broken(world: World, chromium: Browser, site: str, look: Look) -> None:
    around = await lively(world)
    number = await ask_for(world, around)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/threads")
    await expect(page.get_by_text("1 for you alone")).to_be_visible()
    pages = pages_of(around) | {
        f"/people/{around.sam}/supporters/new": "supporter-new",
        f"/people/{around.sam}/supporters/invitations/{number}": "supporter-invitation",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []
    await page.goto(f"{site}/people/{around.sam}/supporters/invitations/{number}")
    await page.get_by_label("Yes: it is all right").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".handrail-code")).to_have_text(re.compile(r"\d{4} \d{4}"))
    found = [*invalid(await page.content()), *await look_again(page, "supporter-code")]
    await page.goto(f"{site}/people/{around.sam}/no-contact")
    await page.get_by_label("Their mobile numbers").fill("020 7946 0958")
    await page.get_by_role("button", name="Add to the list").click()
    await expect(page.locator("#numbers-error")).to_contain_text("020 7946 0958: ")
    assert [*found, *invalid(await page.content()), *await look_again(page)] == []


@pytest.mark.parametrize("script", [True, False], ids=["with_javascript", "without"])
async def test_a_worker_proposes_pauses_says_something_to_one_and_takes_somebody_out(
    world: World, chromium: Browser, site: str, *, script: bool
) -> None:
    around = await circle(world)
    context = await signed_in_context(world, chromium, site, java_script_enabled=script)
    page = await context.new_page()
    await page.goto(f"{site}/people/{around.sam}")
    await page.get_by_role("link", name="Supporters", exact=True).click()
    await page.get_by_role("link", name="Propose a supporter").click()
    await page.get_by_label("Whom does the person want?").fill("Ruth Clarke")
    await page.get_by_label("Family").check()
    await page.get_by_label("They told me").check()
    await page.get_by_role("button", name="Propose them").click()
    code = await page.locator(".handrail-code").inner_text()
    await page.get_by_role("link", name="I have passed it on").click()
    await expect(page.get_by_text("Waits for the code")).to_be_visible()
    await world.text(code, RUTH)
    await world.text("1", RUTH)
    await page.reload()
    await expect(page.get_by_role("link", name="Ruth Clarke")).to_be_visible()

    await page.get_by_role("link", name="What they say to each other").click()
    await page.get_by_role("button", name="Pause it").click()
    await expect(page.get_by_role("status", name="Done")).to_contain_text("The talk is paused")
    await page.get_by_label("Write to").select_option(label="Jo alone")
    await page.get_by_label("Your words").fill("Could you ring him tonight?")
    if script:
        await expect(page.locator("#body-count")).to_contain_text("1 text, 34 of 160 characters")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#stream")).to_contain_text("Could you ring him tonight?")
    await world.settle()
    assert world.heard(JO)[-1] == "Priya: Could you ring him tonight?"
    await world.text("will do", JO)
    if not script:
        await page.reload()
    await expect(page.locator("#stream")).to_contain_text("will do")
    await expect(page.locator("#stream")).to_contain_text("Nobody else got it: the talk was paused")

    await page.get_by_role("link", name="Change who sees what").click()
    await page.get_by_role("link", name="Take Jo out").click()
    await page.get_by_role("button", name="Take Jo out").click()
    await expect(page.get_by_role("status", name="Done")).to_contain_text("Their part has ended")
    before = world.heard(JO)
    await page.goto(f"{site}/people/{around.sam}/thread")
    await page.get_by_label("Your words").fill("Good luck, Sam")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#stream")).to_contain_text("Good luck, Sam")
    await world.settle()
    assert world.heard()[-1] == "Priya: Good luck, Sam"
    assert world.heard(JO) == before
