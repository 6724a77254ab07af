"""Answering: two workers at once, drafts, ready texts, later, passing on, what is said about this phone."""

import asyncio
from datetime import time, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from hub import appointments
from hub.people import add_contact
from hub.states import MessageState
from hub.store.tables import AuditEvent, Consent, Conversation, Draft, Escalation, Message, Worker
from hub.words import ChannelKind, Purpose, Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.test_inbox import person_in_trouble
from tests.world import World

pytestmark = pytest.mark.slow


async def shown(visitor: Visitor, ref: str) -> str:
    return unescape((await visitor.get(f"/people/{ref}/messages")).text)


async def conversation_of(world: World, number: int) -> Conversation:
    async with world.hub.store.transaction() as session:
        return await session.get_one(Conversation, number)


async def sent(world: World) -> list[str]:
    await world.settle()
    return world.heard()


# --- who it is, what to mind ------------------------------------------------------------------------


async def test_the_bar_says_side_language_next_appointment_and_consent_in_words(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world, language="cy")
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, number)
        session.add(
            Consent(
                contact_point_id=conversation.contact_point_id,
                purpose=Purpose.SURVEY,
                given=False,
                at=world.clock.now(),
                source="person",
            )
        )
        made = await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=conversation.person,
            starts_at=world.clock.now() + timedelta(days=8),
            with_whom="Priya",
            place="1 High St",
        )
    page = await shown(await enter(), ref)
    for words in ("Supervision", "Welsh", "Tue 10 March at 10am, 1 High St", "Texts allowed, no to surveys"):
        assert words in page
    assert f'href="/appointments/{made.ref}"' in page


async def test_what_makes_a_phone_unsafe_stands_above_the_reply(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world, role=Role.VICTIM, address="+447700900202", discreet=True)
    async with world.hub.store.transaction() as session:
        contact = (await session.get_one(Conversation, number)).contact_point
        contact.safe_from, contact.safe_until = time(12), time(15)
    page = await shown(await enter(Side.VICTIMS), ref)
    reply = page[page.index('id="reply"') :]
    assert "Others may read this phone." in reply
    assert "This person may be texted between midday and 3pm." in reply
    assert "Your message waits until Mon 2 March at midday." in reply


# --- two at once ------------------------------------------------------------------------------------


async def test_of_two_who_send_in_the_same_moment_one_is_told_and_keeps_what_was_typed(
    world: World, enter: Enter
) -> None:
    ref, number = await person_in_trouble(world)
    priya, tom = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Reed")
    path = f"/people/{ref}/messages"
    answers = await asyncio.gather(
        priya.post(path, conversation=number, body="I will call at 2", seen=0, heard=0),
        tom.post(path, conversation=number, body="Come at 3", seen=0, heard=0),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    loser, winner, typed = ("Tom Reed", "Priya Shah", "Come at 3")
    if answers[0] is refused:
        loser, winner, typed = (winner, loser, "I will call at 2")
    assert f"Another worker is answering here, {winner}" in refused.text
    assert typed in refused.text.split("<textarea", 1)[1]
    assert len(await sent(world)) == 1


async def test_an_answer_that_came_meanwhile_is_read_before_another_goes_out(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya, tom = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Reed")
    path = f"/people/{ref}/messages"
    await tom.post(path, conversation=number, body="Come at 3", seen=0, heard=0)
    await tom.post(f"/people/{ref}/hand-back", conversation=number)
    refused = await priya.post(path, conversation=number, body="Come at 4", seen=0, heard=0)
    assert refused.status_code == 422
    assert "Tom Reed answered at 10am. Read it, then send again if you still want to." in refused.text
    newest = refused.text.split('name="seen" value="')[1].split('"')[0]
    again = await priya.post(path, conversation=number, body="Come at 4", seen=newest, heard=0)
    assert again.status_code == 303
    assert await sent(world) == ["Come at 3", "Come at 4"]


async def test_a_text_that_the_page_does_not_show_warns_once_and_the_next_click_sends(
    world: World, enter: Enter
) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    before = await shown(priya, ref)
    assert 'name="seen" value="0"' in before
    await world.text("dont call me at home")
    path = f"/people/{ref}/messages"
    refused = await priya.post(path, conversation=number, body="I will call you at home", seen=0, heard=0)
    assert refused.status_code == 422
    assert "A new message came at 10am, while you were writing." in refused.text
    live = (await priya.get(f"/people/{ref}/messages/stream")).text
    heard = live.split('name="heard" value="')[1].split('"')[0]  # the open page is told, so it would not have warned
    assert (await priya.post(path, conversation=number, body="All right", seen=0, heard=heard)).status_code == 303


async def test_who_else_is_here_is_said_until_their_page_has_been_silent_for_a_while(
    world: World, enter: Enter
) -> None:
    ref, number = await person_in_trouble(world)
    priya, tom = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Reed")
    await shown(tom, ref)
    assert "Tom Reed is also looking at this." in await shown(priya, ref)
    await tom.post(f"/people/{ref}/draft", conversation=number, body="Hel")
    here = f"/people/{ref}/presence?conversation={number}"
    writing = await priya.get(here)
    assert "Tom Reed is writing here now." in writing.text
    known = writing.text.split("known=")[1].split('"')[0]
    assert (await priya.get(f"{here}&known={known}")).status_code == 204
    world.clock.push(timedelta(seconds=46))
    assert "Tom Reed" not in (await priya.get(here)).text


async def test_nobody_is_present_at_what_they_may_not_see(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    _, hers = await person_in_trouble(world, role=Role.VICTIM, address="+447700900202")
    priya = await enter()
    assert (await priya.get(f"/people/{ref}/presence?conversation={hers}")).status_code == 404
    other = await enter(Side.VICTIMS)
    assert (await other.get(f"/people/{ref}/presence?conversation={number}")).status_code == 404


# --- drafts -----------------------------------------------------------------------------------------


async def test_a_draft_is_the_workers_own_is_sealed_and_gone_when_it_is_sent(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya, tom = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Reed")
    await priya.post(f"/people/{ref}/draft", conversation=number, body="About your tribunal")
    world.clock.push(timedelta(minutes=12))
    await priya.post(f"/people/{ref}/draft", conversation=number, body="About your tribunal on")
    page = await shown(priya, ref)
    assert "About your tribunal on</textarea>" in page
    assert "You began this at 10am." in page
    assert "tribunal" not in await shown(tom, ref)
    async with world.hub.store.transaction() as session:
        assert b"tribunal" not in (await session.scalars(select(Draft.body_sealed))).one()
    await priya.post(f"/people/{ref}/messages", conversation=number, body="About your tribunal on Monday")
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Draft))).all() == []


# --- ready texts ------------------------------------------------------------------------------------


async def test_ready_texts_are_filled_in_in_the_persons_language_and_for_their_side(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world, language="cy")
    priya = await enter()
    page = await shown(priya, ref)
    assert "Helo Sam, ffoniwch fi pan allwch, ar 0300 000 0000. Priya" in page
    assert "Bring ID" not in page  # there is no appointment to bring it to
    assert "No news yet" not in page  # for victims
    chosen = await priya.post(f"/people/{ref}/messages", conversation=number, body="/", ready="ready_texts.please_call")
    assert ">Helo Sam, ffoniwch fi pan allwch, ar 0300 000 0000. Priya</textarea>" in unescape(chosen.text)
    assert await sent(world) == []


async def test_a_ready_text_for_a_phone_that_others_read_says_nothing_of_who_writes(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world, discreet=True)
    page = await shown(await enter(), ref)
    assert "Please reply here when it is a good time for a call." in page
    assert "Hi Sam" not in page


# --- what it costs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a" * 143, ["1 text, 143 of 160 characters."]),
        ("a" * 171, ["2 texts, 171 of 306 characters. Remove 11 to save one."]),
        ("a" * 320, ["3 texts, 320 of 459 characters. Remove 14 to save one."]),
        ("ŵ" * 30, ["1 text, 30 of 70 characters.", "“ŵ”", "makes it dearer"]),
        ("ŵ" + "a" * 99, ["2 texts, 100 of 134 characters. Remove 30 to save one.", "Without, it is 1 text."]),
        ("“Hi” – it’s me", ["1 text, 14 of 160 characters.", "Curly quotes and long dashes go out as plain ones."]),
        ("3 ½ hours", ["Use plain characters instead"]),
    ],
)
async def test_the_counter_says_what_it_costs_why_and_how_to_save(enter: Enter, body: str, words: list[str]) -> None:
    count = unescape((await (await enter()).post("/count", body=body)).text)
    assert [word for word in words if word not in count] == []


async def test_the_counter_is_read_out_only_when_the_number_of_texts_changes(enter: Enter) -> None:
    priya = await enter()
    assert "count-said" in (await priya.post("/count", body="a" * 161, parts=1)).text
    assert "count-said" not in (await priya.post("/count", body="a" * 162, parts=2)).text


async def test_plain_characters_replace_what_means_the_same_and_leave_letters(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    plain = await (await enter()).post(
        f"/people/{ref}/messages", conversation=number, body="½ hour, gŵr « Sam » 🙂", do="plain"
    )
    assert '>1/2 hour, gŵr " Sam " :)</textarea>' in unescape(plain.text)


# --- passing on, sending again ----------------------------------------------------------------------


async def test_passing_on_gives_the_colleague_the_conversation_its_reasons_and_a_note(
    world: World, enter: Enter
) -> None:
    ref, number = await person_in_trouble(world)
    priya, tom = await enter(), await enter(name="Tom Reed")
    async with world.hub.store.transaction() as session:
        to = (await session.scalars(select(Worker.id).where(Worker.name == "Tom Reed"))).one()
    passed = await priya.post(f"/people/{ref}/pass", conversation=number, to=to, note="Wants to talk about housing")
    assert passed.headers["location"] == "/inbox"
    page = await shown(tom, ref)
    assert "You are answering." in page
    assert "Passed on to Tom Reed" in page
    assert "Wants to talk about housing" in page
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Escalation.taken_by_id))).all() == [to]
        assert (
            await session.scalars(select(AuditEvent.details).where(AuditEvent.what == "conversation_passed_on"))
        ).all() == [{"to": to}]
    assert (await priya.post(f"/people/{ref}/messages", conversation=number, body="Hi")).status_code == 422


async def test_passing_on_warns_of_what_nobody_has_read_and_needs_a_colleague(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    await enter(name="Tom Reed")
    other_side = world.workers[Side.VICTIMS]
    for to in (0, world.workers[Side.SUPERVISION], other_side):
        refused = await priya.post(f"/people/{ref}/pass", conversation=number, to=to)
        assert refused.status_code == 422
        assert "Choose a colleague to pass it to." in refused.text
    await shown(priya, ref)
    await world.text("please hurry")
    async with world.hub.store.transaction() as session:
        to = (await session.scalars(select(Worker.id).where(Worker.name == "Tom Reed"))).one()
        first = (await session.scalars(select(Message.id).order_by(Message.id))).first() or 0
    refused = await priya.post(
        f"/people/{ref}/pass", conversation=number, to=to, note="Mine", seen=first - 1, heard=first - 1
    )
    assert "A new message came at" in refused.text
    assert "Mine</textarea>" in refused.text


async def test_a_supervisor_passes_on_what_somebody_else_holds_and_a_provider_nothing(
    world: World, enter: Enter
) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    await priya.post(f"/people/{ref}/take-over", conversation=number)
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Ada Cole")
    await enter(name="Tom Reed")
    async with world.hub.store.transaction() as session:
        to = (await session.scalars(select(Worker.id).where(Worker.name == "Tom Reed"))).one()
    assert (await boss.post(f"/people/{ref}/pass", conversation=number, to=to)).status_code == 303
    assert (await conversation_of(world, number)).holder_id == to
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Low")
    assert (await provider.post(f"/people/{ref}/pass", conversation=number, to=to)).status_code == 403


async def test_what_was_not_delivered_can_be_sent_again_where_that_helps(world: World, enter: Enter) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    await priya.post(f"/people/{ref}/messages", conversation=number, body="Are you all right?")
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message))).one()
        message.state, message.reason = MessageState.UNDELIVERED, "unreachable"
    page = await shown(priya, ref)
    assert "Not delivered: their phone is off or has no signal" in page
    assert f"?again={message.id}#body" in page
    again = await priya.get(f"/people/{ref}/messages?again={message.id}")
    assert ">Are you all right?</textarea>" in again.text
    async with world.hub.store.transaction() as session:
        (await session.get_one(Message, message.id)).reason = "landline"
    assert "?again=" not in await shown(priya, ref)


async def test_what_failed_can_be_sent_another_way_and_stays_there_when_it_is_refused(
    world: World, enter: Enter
) -> None:
    ref, number = await person_in_trouble(world)
    priya = await enter()
    await priya.post(f"/people/{ref}/messages", conversation=number, body="Are you all right?")
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message))).one()
        message.state, message.reason = MessageState.FAILED, "landline"
        conversation = await session.get_one(Conversation, number)
        conversation.contact_point.refused_code = "landline"
        point = await add_contact(world.hub, session, conversation.person, ChannelKind.TELEGRAM, "7001")
    assert "Send another way: Telegram" in await shown(priya, ref)
    path = f"/people/{ref}/messages/{message.id}/another-way"
    assert (await priya.post(path, way=0)).status_code == 404
    moved = await priya.post(path, way=point.id)
    page = (await priya.get(moved.headers["location"])).text
    assert ">Are you all right?</textarea>" in page
    there = page.split('name="conversation" value="')[1].split('"')[0]
    assert there != str(number)
    refused = await priya.post(f"/people/{ref}/messages", conversation=there, body=" ")
    assert refused.text.split('name="conversation" value="')[1].split('"')[0] == there
    await priya.post(f"/people/{ref}/messages", conversation=there, body="Are you all right?")
    await world.settle()
    assert world.heard("7001") == ["Are you all right?"]
