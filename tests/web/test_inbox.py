"""The list and the conversation, as a worker uses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub import escalations
from hub.store.tables import AuditEvent, Conversation, Escalation, Message
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow


async def person_in_trouble(world: World, **how: Any) -> tuple[str, int]:
    """Sam has written something that needs a person. Returns the reference and the conversation."""
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session, **how)
        await escalations.escalate(session, conversation, "wants_a_person", world.clock.now())
    return person.ref, conversation.id


async def test_an_empty_inbox_says_so_in_a_sentence_under_every_heading(enter: Enter) -> None:
    priya = await enter()
    for view in ("attention", "mine", "unassigned", "waiting", "done"):
        page = await priya.get(f"/inbox?view={view}")
        assert page.status_code == 200
        assert "handrail-empty" in page.text


async def test_the_list_shows_who_why_and_when_it_is_due(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    page = await (await enter()).get("/inbox")
    assert "Carter, Sam" in page.text
    assert "Asked to speak to a person" in page.text
    assert "Due today at 2pm" in page.text
    assert f"/people/{ref}/messages" in page.text


async def test_danger_stands_above_what_is_overdue_in_the_list_and_in_the_row(world: World, enter: Enter) -> None:
    late, _ = await person_in_trouble(world)
    grave, conversation = await person_in_trouble(world, name="Leon Baptiste", address="+447700900102")
    world.clock.push(timedelta(minutes=20))
    long_ago = world.clock.now() - timedelta(days=1)
    async with world.hub.store.transaction() as session:
        for reason in (await session.scalars(select(Escalation))).all():
            reason.due_at = long_ago
        found = await session.get_one(Conversation, conversation)
        await escalations.escalate(session, found, "crisis_self", world.clock.now())
    page = (await (await enter()).get("/inbox")).text
    assert page.index(f"/people/{grave}/") < page.index(f"/people/{late}/")
    assert "<strong>May harm themselves</strong>" in page


async def test_titles_and_addresses_carry_no_personal_data(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    for path in ("/inbox", f"/people/{ref}/messages"):
        page = await priya.get(path)
        title = re.search("<title>(.*?)</title>", page.text)
        assert title
        assert "Sam" not in title[1]
        assert "Carter" not in title[1]
        assert not re.search(r'href="[^"]*(?:Sam|Carter|7700)', page.text)


async def test_a_reply_is_queued_in_the_workers_words_and_takes_the_conversation_over(
    world: World, enter: Enter
) -> None:
    ref, conversation = await person_in_trouble(world)
    priya = await enter()
    answer = await priya.post(f"/people/{ref}/messages", conversation=conversation, body="Hello Sam, I will call at 2.")
    assert answer.status_code == 303
    page = await priya.get(f"/people/{ref}/messages")
    assert "Hello Sam, I will call at 2." in page.text
    assert "You are answering." in page.text
    await world.settle()
    assert world.heard() == ["Hello Sam, I will call at 2."]


async def test_two_workers_cannot_both_answer(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya, tom = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")
    await priya.post(f"/people/{ref}/messages", conversation=conversation, body="Mine")
    page = await tom.get(f"/people/{ref}/messages")
    assert "Priya Shah is answering." in page.text
    assert 'id="body"' not in page.text
    refused = await tom.post(f"/people/{ref}/messages", conversation=conversation, body="No, mine")
    assert refused.status_code == 422
    assert "Another worker is answering here" in refused.text
    await priya.post(f"/people/{ref}/hand-back", conversation=conversation)
    assert (await tom.post(f"/people/{ref}/messages", conversation=conversation, body="Now me")).status_code == 303


async def test_the_counter_says_what_will_be_sent(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya = await enter()
    body = "a" * 161
    count = await priya.post("/count", body=body)
    assert "2 texts" in count.text
    preview = await priya.post(f"/people/{ref}/messages", conversation=conversation, body=body, do="check")
    assert "2 texts" in preview.text
    assert body in preview.text
    await priya.post(f"/people/{ref}/messages", conversation=conversation, body=body)
    await world.settle()
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Message.segments))).all() == [2]


async def test_a_character_that_costs_more_is_named(enter: Enter) -> None:
    count = await (await enter()).post("/count", body="Diolch, wŷr")
    assert "ŷ" in count.text


async def test_an_empty_reply_is_refused_and_says_what_to_do(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    refused = await (await enter()).post(f"/people/{ref}/messages", conversation=conversation, body="  ")
    assert refused.status_code == 422
    assert "write your message first" in refused.text
    assert "<title>Error: " in refused.text


async def test_no_reply_box_where_texts_are_stopped(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Conversation, conversation)
        found.contact_point.stopped_at = world.clock.now()
    page = await (await enter()).get(f"/people/{ref}/messages")
    assert "gets no texts from us because they asked us to stop texts" in page.text
    assert 'id="body"' not in page.text


async def test_closing_needs_an_outcome_and_moves_the_conversation_to_done(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    async with world.hub.store.transaction() as session:
        escalation = (await session.scalars(select(Escalation.ref))).one()
    silent = await priya.post(f"/people/{ref}/escalations/{escalation}/close")
    assert silent.status_code == 422
    closed = await priya.post(f"/people/{ref}/escalations/{escalation}/close", outcome="called")
    assert closed.status_code == 303
    assert "Carter, Sam" not in (await priya.get("/inbox")).text
    assert "Carter, Sam" in (await priya.get("/inbox?view=done")).text


async def test_what_is_put_aside_leaves_the_list_and_comes_back_with_the_next_text(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    async with world.hub.store.transaction() as session:
        escalation = (await session.scalars(select(Escalation.ref))).one()
    await priya.post(f"/people/{ref}/escalations/{escalation}/snooze", later="tomorrow")
    assert "Carter, Sam" not in (await priya.get("/inbox")).text
    assert "until Tue 3 March at 9am" in (await priya.get(f"/people/{ref}/messages")).text
    await world.text("are you there?")
    assert "Carter, Sam" in (await priya.get("/inbox")).text


async def test_a_note_is_for_colleagues_and_never_sent(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya = await enter()
    await priya.post(f"/people/{ref}/notes", conversation=conversation, note="Prefers mornings")
    assert "Prefers mornings" in (await priya.get(f"/people/{ref}/messages")).text
    await world.settle()
    assert world.heard() == []


async def test_each_look_at_a_conversation_is_recorded(world: World, enter: Enter) -> None:
    ref, _ = await person_in_trouble(world)
    priya = await enter()
    await priya.get(f"/people/{ref}/messages")
    async with world.hub.store.transaction() as session:
        looks = select(AuditEvent).where(AuditEvent.what == "conversation_viewed")
        event = (await session.scalars(looks)).one()
    assert event.actor == f"worker:{world.workers[Side.SUPERVISION]}"
    assert event.person_id


async def test_the_list_tells_how_many_are_new_without_moving_a_row(world: World, enter: Enter) -> None:
    priya = await enter()
    since = world.clock.now().isoformat().replace("+", "%2B")
    assert "new" not in (await priya.get(f"/inbox/new?view=attention&since={since}")).text
    await world.push(minutes=1)
    await person_in_trouble(world)
    assert "1 new – show" in (await priya.get(f"/inbox/new?view=attention&since={since}")).text


async def test_marking_as_unread_shows_in_the_list(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya = await enter()
    await priya.get(f"/people/{ref}/messages")
    assert "handrail-unread" not in (await priya.get("/inbox")).text
    await priya.post(f"/people/{ref}/unread", conversation=conversation)
    assert "handrail-unread" in (await priya.get("/inbox")).text


@pytest.mark.parametrize("role", [WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR])
async def test_who_does_not_talk_with_people_sees_nobody(world: World, enter: Enter, role: WorkerRole) -> None:
    ref, _ = await person_in_trouble(world)
    reader = await enter(role=role, name="Kit Moor")
    assert (await reader.get("/inbox")).status_code == 403
    assert (await reader.get(f"/people/{ref}/messages")).status_code == 403


async def test_the_sides_never_meet_on_a_screen(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    sam, _ = await person_in_trouble(world)
    for role, name in ((WorkerRole.WORKER, ""), (WorkerRole.SUPERVISOR, "Tom Field")):
        other = await enter(Side.SUPERVISION, role=role, name=name)
        for view in ("attention", "mine", "unassigned", "waiting", "done"):
            assert "Lind" not in (await other.get(f"/inbox?view={view}")).text
        for path in (f"/people/{ref}/messages", f"/people/{ref}/messages/stream"):
            assert (await other.get(path)).status_code == 404
        sent = await other.post(f"/people/{ref}/messages", conversation=conversation, body="Hello")
        assert sent.status_code == 404
        # Not by way of somebody whom they may see, either.
        smuggled = await other.post(f"/people/{sam}/messages", conversation=conversation, body="Hello")
        assert smuggled.status_code == 404
    assert "Lind, Vera" in (await (await enter(Side.VICTIMS)).get("/inbox")).text


async def test_a_worker_sees_a_colleagues_case_only_while_it_needs_somebody(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session)  # Priya's
    tom = await enter(name="Tom Field")
    assert (await tom.get(f"/people/{person.ref}/messages")).status_code == 404
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Conversation, conversation.id)
        await escalations.escalate(session, found, "danger_now", world.clock.now())
    assert (await tom.get(f"/people/{person.ref}/messages")).status_code == 200


async def test_nobody_gets_in_without_signing_in(visitor: Visitor) -> None:
    answer = await visitor.get("/inbox?view=mine")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Finbox%3Fview%3Dmine"


async def test_a_form_without_its_token_changes_nothing(world: World, enter: Enter) -> None:
    ref, conversation = await person_in_trouble(world)
    priya = await enter()
    priya.csrf = "forged"
    refused = await priya.post(f"/people/{ref}/messages", conversation=conversation, body="Hello")
    assert refused.status_code == 403
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Message))).all() == []
