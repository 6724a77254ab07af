"""People, appointments and the calendar as workers see and use them."""

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from hub.store.tables import Appointment, ContactPoint, Person, Worker
from hub.words import Side, WorkerRole
from tests.browser.looks import Look, look_again
from tests.browser.scene import morning
from tests.browser.test_screens import leave, signed_in_context
from tests.browser.valid import invalid
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

WRONG_FILE = """person_ref,name,role,mobile,language,worker_email
C1,Sam Carter,supervised,07700 900131,English,priya@example.org
C2,Bea Hill,supervised,020 7946 0958,Welsh,priya@example.org
C3,,supervised,07700 900133,English,nobody@example.org
C4,Dan Price,supervisor,07700 900134,English,priya@example.org
"""
RIGHT_FILE = """person_ref,name,role,mobile,language
C1,Nia Rowe,supervised,07700 900131,Welsh
C2,Bea Hill,supervised,07700 900132,English
"""


async def upcoming(world: World, ref: str) -> str:
    async with world.hub.store.transaction() as session:
        wanted = (
            select(Appointment.ref)
            .join(Person, Person.id == Appointment.person_id)
            .where(Person.ref == ref)
            .order_by(Appointment.starts_at.desc())
        )
        return (await session.scalars(wanted)).first() or ""


async def here(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, with its pictures."""
    found = invalid(await page.content())
    return [f"{name}: {what}" for what in (*found, *await look_again(page, name))]


async def test_no_screen_of_people_and_appointments_is_broken(
    world: World, chromium: Browser, site: str, look: Look
) -> None:
    scene = await morning(world)
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        priya.role = WorkerRole.SUPERVISOR
        sam = (await session.scalars(select(Person).where(Person.ref == scene.ref))).one()
        way = (await session.scalars(select(ContactPoint).where(ContactPoint.person_id == sam.id))).one()
        way.discreet = True
    page = await (await signed_in_context(world, chromium, site)).new_page()
    person, appointment = f"/people/{scene.ref}", await upcoming(world, scene.ref)
    await page.goto(site + person + "/history")
    pages = {
        "/people": "people",
        "/people?whose=mine&status=active": "people-filtered",
        person: "person",
        person + "/appointments": "person-appointments",
        person + "/check-ins": "person-check-ins",
        person + "/surveys": "person-surveys",
        person + "/contact": "person-contact",
        person + "/history": "person-history",
        person + "/name": "",
        person + "/language": "",
        person + "/number": "",
        f"{person}/contact/{way.id}": "person-safe-contact",
        f"{person}/contact/{way.id}/consent": "person-consent",
        person + "/pause": "person-pause",
        person + "/end": "person-end",
        person + "/transfer": "person-transfer",
        "/people/new": "person-new",
        "/people/import": "import",
        "/appointments": "appointments",
        "/appointments?view=week": "appointments-week",
        "/appointments?day=2026-06-01": "",
        f"/appointments/{appointment}": "appointment",
        f"/appointments/new?person={scene.ref}": "appointment-new",
        "/appointments/import": "",
        "/calendar": "calendar",
    }
    assert [problem for path, name in pages.items() for problem in await look(page, site + path, name)] == []


async def test_moving_an_appointment_shows_what_changes_before_saving(
    world: World, chromium: Browser, site: str
) -> None:
    scene = await morning(world)
    ref = await upcoming(world, scene.ref)
    context = await signed_in_context(world, chromium, site)
    page = await context.new_page()
    await page.goto(f"{site}/appointments/{ref}")
    await page.get_by_label("New day").fill("2026-03-19")
    await page.get_by_label("New time").fill("11:00")
    await page.get_by_role("button", name="See what changes").click()
    await expect(page.get_by_role("heading", name="Move it to Thu 19 March at 11am?")).to_be_visible()
    await expect(page.locator("#change")).to_contain_text("It is on Tue 10 March at 2pm now")
    await expect(page.locator("#change")).to_contain_text("Moving this cancels 3 reminders and plans 3.")
    await expect(page.locator("#change")).to_contain_text("Mon 9 March at 10am, 1 day before")
    await expect(page.locator("#change")).to_contain_text("Wed 18 March at 10am, 1 day before")
    await expect(page.locator(".handrail-preview")).to_contain_text("is now on Thu 19 March at 11am")
    assert await here(page, "appointment-move") == []
    async with world.hub.store.transaction() as session:
        before = (await session.scalars(select(Appointment.starts_at).where(Appointment.ref == ref))).one()
    assert before.isoformat() == "2026-03-10T14:00:00+00:00"
    said = await page.locator(".handrail-preview").inner_text()
    await page.get_by_role("button", name="Move it and tell them").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Appointment on Thu 19 March at 11am")
    await world.settle()
    assert world.heard()[-1] == said, "what was shown is what goes out"
    await page.get_by_role("button", name="See what cancelling does").click()
    await expect(page.locator("#change")).to_contain_text("Calling it off cancels 3 reminders.")
    assert await here(page, "appointment-cancel") == []


async def test_a_person_is_added_and_put_in_the_diary_without_javascript(
    world: World, chromium: Browser, site: str
) -> None:
    await morning(world)
    context = await signed_in_context(world, chromium, site, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{site}/people")
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("link", name="Enter the name.")).to_be_visible()
    assert await here_plain(page, "person-new-error") == []
    await page.get_by_label("Full name").fill("Nia Rowe")
    await page.get_by_label("Mobile number").fill("07700 900131")
    await page.get_by_role("button", name="Continue").click()
    assert await here_plain(page, "person-check") == []
    await page.get_by_role("button", name="Change language").click()
    await page.get_by_label("Language that we write in").select_option("cy")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("Welsh")).to_be_visible()
    await page.get_by_role("button", name="Add this person").click()
    await expect(page.get_by_role("heading", name="Nia Rowe is added")).to_be_visible()
    assert await here_plain(page, "person-added") == []
    await page.get_by_role("link", name="Add an appointment").click()
    await page.get_by_label("Day", exact=True).fill("2026-03-19")
    await page.get_by_label("Time", exact=True).fill("11:00")
    await page.get_by_label("Place").fill("1 High St")
    await page.get_by_label("Every 2 weeks").check()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("then every 2 weeks on Thursday")).to_be_visible()
    assert await here_plain(page, "appointment-check") == []
    await page.get_by_role("button", name="Add the appointment").click()
    await page.get_by_role("link", name="Thu 19 March at 11am").click()
    await page.get_by_role("link", name="Change the time, place or how often").click()
    await page.get_by_label("Where").fill("")
    await page.get_by_label("At", exact=True).fill("12:00")
    await page.get_by_role("button", name="See what changes").click()
    await expect(page.get_by_role("link", name="Enter where it is")).to_be_visible()
    await page.get_by_label("Where").fill("2 Low St")
    await page.get_by_label("How often").select_option("every 4 weeks")
    await page.get_by_role("button", name="See what changes").click()
    await expect(page.get_by_text("every 4 weeks on Thursday at 12:00, 2 Low St")).to_be_visible()
    assert await here_plain(page, "series-change") == []
    await page.get_by_role("button", name="Change it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Appointment on Thu 19 March at midday")


async def test_a_file_is_looked_at_put_right_and_imported(world: World, chromium: Browser, site: str) -> None:
    await morning(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/people/import")
    await page.get_by_label("Choose a file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": WRONG_FILE.encode()}
    )
    await page.get_by_role("button", name="Look at the file").click()
    await expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    assert await here(page, "import-wrong") == []
    await page.get_by_label("Choose another file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": RIGHT_FILE.encode()}
    )
    await page.get_by_role("button", name="Look at the file").click()
    assert await here(page, "import-check") == []
    await page.get_by_role("button", name="Import 2 people").click()
    await expect(page.get_by_role("heading", name="2 people imported")).to_be_visible()
    assert await here(page, "import-done") == []


async def test_a_pause_and_a_calendar_link_say_what_they_do(world: World, chromium: Browser, site: str) -> None:
    scene = await morning(world)
    page = await (await signed_in_context(world, chromium, site)).new_page()
    await page.goto(f"{site}/people/{scene.ref}/pause")
    await page.get_by_label("Messages go on again on").fill("2026-03-20")
    await page.get_by_label("They are ill or in hospital").check()
    await leave(page, "Pause messages")
    await expect(page.get_by_text("Paused until Fri 20 March")).to_be_visible()
    assert await here(page, "person-paused") == []
    await page.goto(f"{site}/calendar")
    await page.get_by_role("button", name="Make the link").click()
    await expect(page.get_by_role("heading", name="Your new link")).to_be_visible()


async def here_plain(page: Page, name: str) -> list[str]:
    """The same without a script: the markup alone, since axe is one."""
    await page.screenshot(path=f"docs/screens/{name}-1280.png", full_page=True)
    return invalid(await page.content())
