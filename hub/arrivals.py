"""Storing what arrives: which line, whose conversation, the text and its files, once. Decides nothing about it."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NoChannel
from hub.failover import first_of
from hub.people import add_contact, conversation_on, create_person, find_contact
from hub.ports import Inbound
from hub.states import Direction, MessageState
from hub.store.loading import LINE_ALONE, PERSON_ALONE
from hub.store.tables import ContactPoint, Conversation, Line, MediaFile, Message, Person
from hub.store.vault import Key
from hub.words import Role, Side

PROVIDER_KEYWORD = "provider_keyword:"  # kept as the reason of a message that the provider has answered itself


async def line_of(session: AsyncSession, inbound: Inbound) -> Line:
    line: Line | None = await session.scalar(
        select(Line).where(Line.channel == inbound.channel, Line.address == inbound.line_address).options(*LINE_ALONE)
    )
    if line is None:
        raise NoChannel
    return line


async def conversation_of(
    hub: Hub, session: AsyncSession, line: Line, inbound: Inbound, now: datetime
) -> tuple[Conversation, Key]:
    """The conversation of this sender on this line; somebody unknown gets a person of their own, marked as unknown."""
    contact = await find_contact(hub, session, line.side, inbound.channel, inbound.sender)
    if contact is None:
        contact = await _somebody_new(hub, session, line, inbound)
    person = await session.get_one(Person, contact.person_id, options=PERSON_ALONE)
    contact.verified_at = contact.verified_at or now
    line = await first_of(session, line, person.id)
    conversation = await conversation_on(session, person, line, contact)
    if conversation.contact_point_id != contact.id:  # they write from another of their own numbers now
        conversation.contact_point_id, conversation.contact_point = contact.id, contact
    return conversation, hub.vault.open_person_key(person.wrapped_key or b"")


async def _somebody_new(hub: Hub, session: AsyncSession, line: Line, inbound: Inbound) -> ContactPoint:
    role = Role.VICTIM if line.side is Side.VICTIMS else Role.SUPERVISED
    try:
        async with session.begin_nested():
            person = await create_person(
                hub, session, agency_id=line.agency_id, side=line.side, role=role, name="", known=False
            )
            return await add_contact(
                hub, session, person, inbound.channel, inbound.sender, discreet=line.side is Side.VICTIMS
            )
    except IntegrityError:  # two first texts of one sender at the same moment: the other one made the person
        found = await find_contact(hub, session, line.side, inbound.channel, inbound.sender)
        if found is None:
            raise
        return found


async def store_message(
    session: AsyncSession, conversation: Conversation, inbound: Inbound, key: Key, now: datetime
) -> int | None:
    """The new message's id; None when the provider's id is already on this line."""
    stored = (
        insert(Message)
        .values(
            conversation_id=conversation.id,
            line_id=conversation.line_id,
            direction=Direction.IN,
            state=MessageState.RECEIVED,
            state_at=now,
            reason=PROVIDER_KEYWORD + inbound.provider_keyword if inbound.provider_keyword else "",
            created_at=now,
            provider_message_id=inbound.provider_message_id,
            body_sealed=key.seal(inbound.text, "body"),
            rank=0,
            choices=[],
            attempts=0,
        )
        .on_conflict_do_nothing(
            index_elements=["line_id", "provider_message_id"],
            # Literal, not a parameter: a prepared statement must still say which index is meant.
            index_where=text("direction = 'in'"),
        )
        .returning(Message.id)
    )
    message_id: int | None = await session.scalar(stored)
    return message_id


def keep_media(
    session: AsyncSession, inbound: Inbound, person_id: int, message_id: int, key: Key, now: datetime
) -> None:
    """Files are kept as they came; `hub/understanding.py` has them cleaned before a command sees them."""
    for media in inbound.media:
        session.add(
            MediaFile(
                message_id=message_id,
                person_id=person_id,
                content_type=media.declared_type,
                content_sealed=key.seal(media.content, "file") if media.content else None,
                refused=media.refused,
                created_at=now,
            )
        )
