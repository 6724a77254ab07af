"""When a channel fails somebody for good: another way of theirs, where that is safe, and a worker who knows."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from hub import another_way, prompts, send
from hub.errors import Refused
from hub.outbox import queue
from hub.people import add_contact
from hub.ports import Accepted, Outgoing
from hub.reading.facts import FACTS
from hub.states import MessageState
from hub.store.tables import AuditEvent, Consent, ContactPoint, Conversation, Escalation, Message, Person, Prompt
from hub.words import Awaiting, ChannelKind, Priority, Purpose, Role
from tests.world import World

FACTS_OF_HELP = {"first_name": "Sam", "agency": "Northshire", "phone": "0300 000 0000", "worker": "Priya"}
CHAT = "5550101"


class SmsRefuses:
    """Every text message is refused, every chat is taken."""

    def __init__(self, meaning: str) -> None:
        self.meaning, self.taken = meaning, list[Outgoing]()

    def for_line(self, line_address: str, kind: ChannelKind) -> "SmsRefuses":
        return self

    async def send(self, outgoing: Outgoing) -> Accepted:
        if outgoing.to.startswith("+"):
            raise Refused(meaning=self.meaning)
        self.taken.append(outgoing)
        return Accepted(f"P{outgoing.message_id}")


async def meet(
    world: World, *, role: Role = Role.SUPERVISED, first: Mapping[str, object] = {}, second: Mapping[str, object] = {}
) -> int:
    """Somebody with a phone that gets texts, and a chat."""
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session, role=role)
        chat = await add_contact(
            world.hub, session, person, ChannelKind.TELEGRAM, CHAT, preferred=False, safe_by="phone"
        )
        for contact, parts in ((conversation.contact_point, first), (chat, second)):
            for name, value in parts.items():
                setattr(contact, name, value)
        return conversation.id


async def remind(world: World, conversation_id: int, purpose: Purpose = Purpose.REMINDER, **parts: object) -> int:
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        given: dict[str, object] = {"text_key": "person.help", "facts": FACTS_OF_HELP}
        message = await queue(
            world.hub,
            session,
            conversation,
            purpose=purpose,
            priority=Priority.REMINDER,
            **(given | parts),  # type: ignore[arg-type]
        )
        return message.id


async def fails(world: World, monkeypatch: pytest.MonkeyPatch, meaning: str = "landline") -> list[str]:
    """Send all; where the texts went that were taken."""
    carrier = SmsRefuses(meaning)
    monkeypatch.setattr(world.hub.channels, "for_line", carrier.for_line)
    while await send.send_due(world.hub, "w"):
        pass
    return [outgoing.to for outgoing in carrier.taken]


async def test_a_reminder_that_the_number_cannot_get_comes_by_chat_and_a_worker_knows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = await remind(world, await meet(world))
    assert await fails(world, monkeypatch) == [CHAT]
    async with world.hub.store.transaction() as session:
        first, second = (await session.scalars(select(Message).order_by(Message.id))).all()
        assert (first.id, first.state, first.reason) == (message_id, MessageState.FAILED, "landline")
        assert (second.state, second.instead_of_id) == (MessageState.SENT, message_id)
        assert list(await session.scalars(select(Escalation.reason))) == ["not_delivered"]
        facts = list(await session.scalars(select(AuditEvent.what)))
    assert "sent_another_way" in facts
    assert "sent_another_way" in FACTS


async def test_the_next_reminder_for_an_address_that_is_no_use_goes_the_other_way_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = await meet(world, first={"refused_code": "landline"})
    await remind(world, sam)
    assert await fails(world, monkeypatch) == [CHAT]


async def test_the_open_question_goes_with_the_text(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sam, now = await meet(world), world.clock.now()
    await remind(world, sam)
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, sam)
        await prompts.ask(session, conversation, Awaiting.APPOINTMENT_CONFIRMATION, "person.help", now)
    await fails(world, monkeypatch)
    async with world.hub.store.transaction() as session:
        asked = (await session.scalars(select(Prompt).where(Prompt.closed_at.is_(None)))).one()
        assert (await session.get_one(Conversation, asked.conversation_id)).line.channel is ChannelKind.TELEGRAM


@pytest.mark.parametrize("meaning", ["opted_out", "blocked", "uncertain", "bad_text"])
async def test_what_says_no_or_is_our_own_fault_is_not_carried_elsewhere(
    world: World, monkeypatch: pytest.MonkeyPatch, meaning: str
) -> None:
    await remind(world, await meet(world))
    assert await fails(world, monkeypatch, meaning) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"purpose": Purpose.REPLY},  # they wrote here, so the answer is for here
        {"text_key": None, "facts": None, "body": "From Priya"},
    ],
)
async def test_answers_and_a_workers_own_words_are_not_carried_elsewhere(
    world: World, monkeypatch: pytest.MonkeyPatch, parts: dict[str, object]
) -> None:
    await remind(world, await meet(world), **parts)  # type: ignore[arg-type]
    assert await fails(world, monkeypatch) == []


CARE: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"discreet": True}, {}),
    ({"safe_from": time(9)}, {}),
    ({"safe_until": time(17)}, {}),
    ({}, {"discreet": True}),
]


@pytest.mark.parametrize("role", [Role.VICTIM, Role.SUPERVISED])
@pytest.mark.parametrize(("first", "second"), CARE)
async def test_who_asked_for_care_is_reached_only_where_a_worker_has_said_that_it_is_safe(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
    first: dict[str, object],
    second: dict[str, object],
) -> None:
    vera = await meet(world, role=role, first=first, second=second)
    await remind(world, vera)
    assert await fails(world, monkeypatch) == []
    async with world.hub.store.transaction() as session:
        for contact in await session.scalars(select(ContactPoint).where(ContactPoint.channel == ChannelKind.TELEGRAM)):
            contact.marked_safe = True
    await remind(world, vera)
    assert await fails(world, monkeypatch) == [CHAT]


@pytest.mark.parametrize("second", [{"stopped_at": datetime(2026, 3, 1, tzinfo=UTC)}, {"refused_code": "blocked"}])
async def test_a_way_that_was_stopped_or_refused_is_no_way(
    world: World, monkeypatch: pytest.MonkeyPatch, second: dict[str, object]
) -> None:
    await remind(world, await meet(world, second=second))
    assert await fails(world, monkeypatch) == []


async def test_a_no_to_the_purpose_is_kept_there_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sam = await meet(world)
    async with world.hub.store.transaction() as session:
        chat = (await session.scalars(select(ContactPoint).where(ContactPoint.channel == ChannelKind.TELEGRAM))).one()
        session.add(
            Consent(
                contact_point_id=chat.id, purpose=Purpose.REMINDER, given=False, at=world.clock.now(), source="person"
            )
        )
    await remind(world, sam)
    assert await fails(world, monkeypatch) == []


async def test_a_second_number_takes_over_only_from_one_that_is_of_no_use(world: World) -> None:
    sam = await meet(world)
    async with world.hub.store.transaction() as session:
        contact = (await session.get_one(Conversation, sam)).contact_point
        person = await session.get_one(Person, contact.person_id)
        other = await add_contact(world.hub, session, person, ChannelKind.SMS, "+447700900102")
        assert another_way.allowed([contact, other], contact, set()) == []
        contact.refused_code = "landline"
        assert another_way.allowed([contact, other], contact, set()) == [other]


async def test_a_chat_page_reaches_nobody_who_is_not_looking(world: World) -> None:
    sam = await meet(world)
    async with world.hub.store.transaction() as session:
        contact = (await session.get_one(Conversation, sam)).contact_point
        person = await session.get_one(Person, contact.person_id)
        page = await add_contact(world.hub, session, person, ChannelKind.WEBCHAT, "token")
        assert another_way.allowed([contact, page], contact, set()) == []


async def test_it_is_tried_once_then_a_person_finds_a_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sam = await meet(world)
    async with world.hub.store.transaction() as session:
        contact = (await session.get_one(Conversation, sam)).contact_point
        person = await session.get_one(Person, contact.person_id)
        await add_contact(world.hub, session, person, ChannelKind.SMS, "+447700900102")
        await add_contact(world.hub, session, person, ChannelKind.SMS, "+447700900103")
        chat = (await session.scalars(select(ContactPoint).where(ContactPoint.channel == ChannelKind.TELEGRAM))).one()
        chat.stopped_at = world.clock.now()
    await remind(world, sam)
    assert await fails(world, monkeypatch) == []
    async with world.hub.store.transaction() as session:
        assert len((await session.scalars(select(Message.id))).all()) == 2
