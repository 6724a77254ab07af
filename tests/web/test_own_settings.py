"""A person's own settings: choosing what STOP and START mean, hours, name, language; what we hold, after a code."""

import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from hub import settings_links
from hub.errors import NotAllowed
from hub.people import add_contact
from hub.states import CheckInState
from hub.store.tables import (
    AuditEvent,
    CheckIn,
    Consent,
    ContactPoint,
    Conversation,
    Escalation,
    MediaFile,
    Person,
    SettingsLink,
    Worker,
)
from hub.words import ChannelKind, Purpose, Role, Side
from tests.web.conftest import Visitor
from tests.world import LINES, World

pytestmark = pytest.mark.slow

VERA = "+447700900202"


@pytest.fixture
async def link(world: World) -> str:
    """Sam texts SETTINGS and opens the link that comes back."""
    async with world.hub.store.transaction() as session:
        await world.person(session)
    await world.text("settings")
    return path_in(world.heard()[-1])


def path_in(text: str) -> str:
    found = re.search(r"/me/[\w-]+", text)
    assert found, text
    return found[0]


async def contact_of(world: World) -> ContactPoint:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(ContactPoint).order_by(ContactPoint.id))).all()[0]


async def reasons(world: World) -> list[tuple[str, str]]:
    async with world.hub.store.transaction() as session:
        found = await session.execute(select(Escalation.reason, Escalation.detail).order_by(Escalation.id))
        return [(reason, detail) for reason, detail in found]


async def code_by_text(world: World, visitor: Visitor, link: str) -> str:
    assert (await visitor.post(f"{link}/data/send")).headers["location"] == f"{link}/data?sent=yes"
    await world.settle()
    found = re.search(r"\b\d{5}\b", world.heard()[-1])
    assert found
    return found[0]


async def test_the_page_shows_what_is_set_and_nothing_that_is_personal(
    world: World, visitor: Visitor, link: str
) -> None:
    await world.text("a secret thing")
    page = await visitor.get(link)
    assert page.status_code == 200
    assert "<title>Your settings</title>" in page.text
    assert "number ending in 101" in page.text
    assert "8am to 8pm" in page.text
    for told in ("Carter", "+447700900101", "7700900", "a secret thing", "1 High St"):
        assert told not in page.text


async def test_a_link_ends_after_a_week_and_then_says_no_more_than_one_that_never_was(
    world: World, visitor: Visitor, link: str
) -> None:
    await world.push(days=7, minutes=1)
    late, never = await visitor.get(link), await visitor.get("/me/never")
    assert late.status_code == never.status_code == 404
    assert late.text == never.text
    assert (await visitor.post(f"{link}/texts", choice="stop")).status_code == 404


async def test_stop_on_the_page_is_stop_by_text(world: World, visitor: Visitor, link: str) -> None:
    assert (await visitor.post(f"{link}/texts", choice="stop")).headers["location"] == f"{link}?done=saved"
    await world.settle()
    assert (await contact_of(world)).stopped_at
    assert world.heard()[-1].startswith("You will get no more texts from us")
    assert await reasons(world) == [("stopped", "")]
    assert "You have stopped our texts" in (await visitor.get(link)).text
    await visitor.post(f"{link}/texts", choice="start")
    await world.settle()
    assert (await contact_of(world)).stopped_at is None
    assert world.heard()[-1].startswith("Welcome back")


async def test_only_no_surveys_is_the_second_answer_to_which_texts_shall_we_stop(
    world: World, visitor: Visitor, link: str
) -> None:
    await visitor.post(f"{link}/texts", choice="no_surveys")
    async with world.hub.store.transaction() as session:
        consent = (await session.scalars(select(Consent))).one()
    assert (consent.purpose, consent.given, consent.source) == (Purpose.SURVEY, False, "person")
    assert "No surveys" in (await visitor.get(link)).text


async def test_hours_name_and_language_are_kept_and_recorded_as_the_persons_own_doing(
    world: World, visitor: Visitor, link: str
) -> None:
    await visitor.post(f"{link}/hours", choice="own", start="10", end="16")
    await visitor.post(f"{link}/name", choice="  Sammy  ")
    await visitor.post(f"{link}/language", choice="cy")
    contact = await contact_of(world)
    assert (contact.safe_from, contact.safe_until) == (time(10), time(16))
    page = await visitor.get(link)
    assert '<html lang="cy"' in page.text
    assert "Sammy" in page.text
    assert "10am i 4pm" in page.text
    async with world.hub.store.transaction() as session:
        what = {"safe_window_set", "preferred_name_set", "language_changed"}
        events = (await session.scalars(select(AuditEvent).where(AuditEvent.what.in_(what)))).all()
    assert {event.what for event in events} == what
    assert all(event.actor == f"person:{contact.person_id}" for event in events)
    assert not any("Sammy" in str(event.details) for event in events)
    await visitor.post(f"{link}/hours", choice="usual")
    assert (await contact_of(world)).safe_from is None
    assert await reasons(world) == [("contact_change", "hours")], "hours that were agreed before are looked at"


@pytest.mark.parametrize(
    ("what", "fields", "sentence"),
    [
        ("name", {"choice": "Win £500 at http://x.example"}, "Enter a name with letters only"),
        ("hours", {"choice": "own", "start": "9", "end": "9"}, "Choose an end that is not the same"),
        ("hours", {}, "Choose one."),
        ("way", {"choice": "999999"}, "Choose one."),
        ("texts", {"choice": "less"}, "Choose one."),
        ("private", {}, "Choose one."),
        ("language", {"choice": "xx"}, "Choose one."),
    ],
)
async def test_what_cannot_be_is_said_beside_the_field(
    visitor: Visitor, link: str, what: str, fields: dict[str, str], sentence: str
) -> None:
    page = await visitor.post(f"{link}/{what}", **fields)
    assert page.status_code == 422
    assert page.text.count(sentence) == 2, "in the summary and beside the field"
    assert "<title>Error: " in page.text
    assert 'href="#choice"' in page.text
    assert 'id="choice"' in page.text


async def test_others_may_read_is_done_at_once_and_the_other_way_round_a_worker_asks_first(
    world: World, visitor: Visitor, link: str
) -> None:
    await visitor.post(f"{link}/private", choice="yes")
    assert (await contact_of(world)).discreet
    assert (await visitor.post(f"{link}/private", choice="no")).headers["location"] == f"{link}?done=asked"
    assert (await contact_of(world)).discreet
    assert await reasons(world) == [("contact_change", "not_discreet")]
    await world.text("settings")
    assert "http" not in world.heard()[-1], "no link to a phone that others may read"


async def test_another_way_that_we_know_can_be_chosen_and_a_strangers_cannot(
    world: World, visitor: Visitor, link: str
) -> None:
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person))).one()
        own = await add_contact(world.hub, session, sam, ChannelKind.TELEGRAM, "900101", preferred=False)
        _, other = await world.person(session, name="Mo Ali", address="+447700900102")
    page = await visitor.post(f"{link}/way", choice=str(other.contact_point_id))
    assert page.status_code == 422
    await visitor.post(f"{link}/way", choice=str(own.id))
    async with world.hub.store.transaction() as session:
        preferred = await session.scalars(
            select(ContactPoint.id).where(ContactPoint.person_id == sam.id, ContactPoint.preferred)
        )
        assert preferred.all() == [own.id]


async def test_what_we_hold_is_shown_once_for_the_code_that_came_by_text(
    world: World, visitor: Visitor, link: str
) -> None:
    await world.text("I like the mornings")
    code = await code_by_text(world, visitor, link)
    page = await visitor.post(f"{link}/data", code=f" {code[:3]} {code[3:]} ")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for told in ("Sam Carter", "number ending in 101", "I like the mornings", "Priya"):
        assert told in page.text
    assert code not in page.text
    assert "set-cookie" not in page.headers
    again = await visitor.post(f"{link}/data", code=code)
    assert again.status_code == 422, "a code counts once"
    assert "Sam Carter" not in again.text


async def test_it_says_what_else_we_hold(world: World, visitor: Visitor, link: str) -> None:
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        now = world.clock.now()
        check_in = CheckIn(person_id=person.id, due_at=now, closes_at=now, state=CheckInState.PLANNED)
        photo = MediaFile(person_id=person.id, content_type="image/jpeg", content_sealed=b"x", created_at=now)
        session.add_all((check_in, photo))
    page = await visitor.post(f"{link}/data", code=await code_by_text(world, visitor, link))
    assert "Check-ins: 1" in page.text
    assert "Photos, documents and voice messages: 1" in page.text
    assert "Accounts of what happened" not in page.text, "there is none"


async def test_five_wrong_codes_end_the_right_one_and_five_codes_end_the_asking(
    world: World, visitor: Visitor, link: str
) -> None:
    code = await code_by_text(world, visitor, link)
    wrong = f"{(int(code) + 1) % 100_000:05}"
    pages = [await visitor.post(f"{link}/data", code=wrong) for _ in range(5)]
    assert "This is not the code that we sent" in pages[3].text
    assert "Ask for a new one" in pages[4].text
    assert "Ask for a new one" in (await visitor.post(f"{link}/data", code=code)).text
    for _ in range(4):
        await code_by_text(world, visitor, link)
    assert (await visitor.post(f"{link}/data/send")).headers["location"].endswith("?sent=too_many")
    assert "Call us on 0300 000 0000" in (await visitor.get(f"{link}/data?sent=too_many")).text


async def test_a_code_of_a_quarter_of_an_hour_ago_does_not_count(world: World, visitor: Visitor, link: str) -> None:
    code = await code_by_text(world, visitor, link)
    await world.push(minutes=15)
    assert "does not work any more" in (await visitor.post(f"{link}/data", code=code)).text


async def test_a_code_comes_at_night_but_never_in_hours_that_were_ruled_out(
    world: World, visitor: Visitor, link: str
) -> None:
    await world.push(hours=13)
    await code_by_text(world, visitor, link)
    await visitor.post(f"{link}/hours", choice="own", start="10", end="16")
    assert (await visitor.post(f"{link}/data/send")).headers["location"].endswith("?sent=not_now")


async def test_a_code_of_one_link_does_not_open_another(world: World, visitor: Visitor, link: str) -> None:
    await world.text("settings")
    other = path_in(world.heard()[-1])
    code = await code_by_text(world, visitor, link)
    await code_by_text(world, visitor, other)
    assert (await visitor.post(f"{other}/data", code=code)).status_code == 422


@pytest.mark.parametrize(
    ("ask", "reason"), [("copy", ("privacy_question", "copy")), ("correction", ("contact_change", "correction"))]
)
async def test_a_copy_and_a_correction_are_put_to_the_worker(
    world: World, visitor: Visitor, link: str, ask: str, reason: tuple[str, str]
) -> None:
    page = await visitor.post(f"{link}/ask/{ask}")
    assert "Priya will answer you by" in page.text
    assert await reasons(world) == [reason]


async def test_who_is_not_this_person_is_left_alone_and_the_link_ends(
    world: World, visitor: Visitor, link: str
) -> None:
    assert "Are you not the person" in (await visitor.get(f"{link}/not-me")).text
    page = await visitor.post(f"{link}/not-me")
    assert "We are sorry" in page.text
    await world.settle()
    assert (await contact_of(world)).stopped_at
    assert ("wrong_person", "") in await reasons(world)
    assert (await visitor.get(link)).status_code == 404


async def test_a_worker_can_send_the_link_but_not_to_a_phone_that_others_read_or_that_said_stop(world: World) -> None:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        _, hidden = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA, discreet=True)
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        ann = await session.get_one(Worker, world.workers[Side.VICTIMS])
        sams = await session.get_one(Conversation, conversation.id)
        await settings_links.send(world.hub, session, priya, sams)
        with pytest.raises(NotAllowed, match="Others may read this phone"):
            await settings_links.send(world.hub, session, ann, await session.get_one(Conversation, hidden.id))
        sams.contact_point.stopped_at = world.clock.now()
        with pytest.raises(NotAllowed, match="stopped our texts"):
            await settings_links.send(world.hub, session, priya, sams)
        sams.contact_point.stopped_at = None
    await world.settle()
    assert path_in(world.heard()[-1])
    assert world.heard(VERA) == []


async def test_ended_links_are_not_kept(world: World, link: str) -> None:
    await world.push(days=7, hours=1)
    async with world.hub.store.transaction() as session:
        await settings_links.forget_ended(world.hub, session)
        assert (await session.scalars(select(SettingsLink))).all() == []


async def test_settings_by_chat_lead_to_the_same_page(world: World, visitor: Visitor) -> None:
    line = LINES[Side.SUPERVISION, ChannelKind.TELEGRAM]
    async with world.hub.store.transaction() as session:
        await world.person(session, channel=ChannelKind.TELEGRAM, address="900101")
    await world.text("settings please", "900101", line)
    page = await visitor.get(path_in(world.heard("900101")[-1]))
    assert "Telegram" in page.text
    assert timedelta(days=7) == settings_links.LASTS
