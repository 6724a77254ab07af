"""Storing what arrives: which line, whose conversation, the text and its files, once. Decides nothing about it.

Nearly every text comes from somebody whose conversation is there already: two statements find it and store the text
(`known_sender`, `store_known`). Everything else goes through the tables' own classes, step by step.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NoChannel, SharedNumber
from hub.failover import first_of
from hub.people import add_contact, conversation_on, create_person, find_contact
from hub.ports import Inbound
from hub.states import Direction, MessageState
from hub.store.loading import LINE_ALONE, PERSON_ALONE
from hub.store.notify import CHANGED, INBOUND
from hub.store.statements import Connection
from hub.store.tables import ContactPoint, Conversation, Line, MediaFile, Message, Person
from hub.store.vault import Key
from hub.words import Role, Side

PROVIDER_KEYWORD = "provider_keyword:"  # kept as the reason of a message that the provider has answered itself

# The side is the line's: the sender's address has a blind index for each.
_FIND: LiteralString = """
    SELECT c.id, c.line_id, p.wrapped_key
    FROM lines AS l
    JOIN contact_points AS a ON a.side = l.side AND a.channel = l.channel
        AND a.address_index = CASE l.side WHEN 'victims' THEN %(victims)s::bytea ELSE %(supervision)s::bytea END
    JOIN people AS p ON p.id = a.person_id
    JOIN conversations AS c ON c.person_id = p.id AND c.line_id = l.id AND c.contact_point_id = a.id
    WHERE l.channel = %(channel)s AND l.address = %(line)s
      AND a.verified_at IS NOT NULL AND p.wrapped_key IS NOT NULL
"""

# One statement, so one transaction: the text, the conversation that waits with it, and the words that wake a worker.
_STORE: LiteralString = """
    WITH stored AS (
        INSERT INTO messages (conversation_id, line_id, direction, state, state_at, reason, created_at,
                              sent_at, provider_message_id, body_sealed, rank, choices, attempts)
        VALUES (%(conversation)s, %(line)s, 'in', 'received', %(now)s, %(reason)s, %(now)s,
                %(sent_at)s, %(provider_id)s, %(body)s, 0, '[]', 0)
        ON CONFLICT (line_id, provider_message_id) WHERE direction = 'in' DO NOTHING
        RETURNING id
    ), waits AS (
        UPDATE conversations
        SET waiting_since = coalesce(waiting_since, %(now)s), last_in_at = %(now)s, last_at = %(now)s, unread = true
        WHERE id = %(conversation)s AND EXISTS (SELECT FROM stored)
    )
    SELECT id, pg_notify(%(inbound)s, ''), pg_notify(%(changed)s, %(conversation)s::text) FROM stored
"""


@dataclass(frozen=True, slots=True)
class KnownSender:
    """Somebody who has written before, on this line and from this address."""

    conversation_id: int
    line_id: int
    wrapped_key: bytes


async def known_sender(hub: Hub, connection: Connection, inbound: Inbound) -> KnownSender | None:
    """None for everything unusual: a first text, another number of theirs, a line that is not ours, files."""
    if inbound.media:
        return None
    indexes = {side.value: hub.vault.index(side, inbound.channel, inbound.sender) for side in Side}
    found = await connection.execute(_FIND, indexes | {"channel": inbound.channel, "line": inbound.line_address})
    row = await found.fetchone()
    return KnownSender(*row) if row else None


async def store_known(
    hub: Hub, connection: Connection, sender: KnownSender, inbound: Inbound, now: datetime
) -> int | None:
    """The new message's id; None when the provider's id is already on this line."""
    # The key is opened anew for each text and kept nowhere: what has been erased cannot be read from memory either.
    key = hub.vault.open_person_key(sender.wrapped_key)
    text_and_place = {
        "conversation": sender.conversation_id,
        "line": sender.line_id,
        "now": now,
        "reason": _reason(inbound),
        "sent_at": inbound.sent_at or inbound.received_at,
        "provider_id": inbound.provider_message_id,
        "body": key.seal(inbound.text, "body"),
        "inbound": INBOUND,
        "changed": CHANGED,
    }
    row = await (await connection.execute(_STORE, text_and_place)).fetchone()
    return row[0] if row else None


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
    person = await _person_of(session, contact)
    contact.verified_at = contact.verified_at or now
    line = await first_of(session, line, person.id)
    conversation = await conversation_on(session, person, line, contact)
    if conversation.contact_point_id != contact.id:  # they write from another of their own numbers now
        conversation.contact_point_id, conversation.contact_point = contact.id, contact
    return conversation, hub.vault.open_person_key(person.wrapped_key or b"")


async def _person_of(session: AsyncSession, contact: ContactPoint) -> Person:
    """Held until the text is stored: while their record becomes part of another's, this waits and finds the other."""
    held = select(Person).where(Person.id == contact.person_id).with_for_update(read=True, key_share=True, of=Person)
    person = (await session.scalars(held.options(*PERSON_ALONE))).unique().one()
    return (
        await session.get_one(Person, person.merged_into_id, options=PERSON_ALONE) if person.merged_into_id else person
    )


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
    except (IntegrityError, SharedNumber):  # two first texts of one sender at one moment: the other made the person
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
            reason=_reason(inbound),
            created_at=now,
            sent_at=inbound.sent_at or inbound.received_at,
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


def _reason(inbound: Inbound) -> str:
    return PROVIDER_KEYWORD + inbound.provider_keyword if inbound.provider_keyword else ""


def keep_media(
    session: AsyncSession, inbound: Inbound, person_id: int, message_id: int, key: Key, now: datetime
) -> None:
    """Files are kept as they came; `hub/files_in.py` has them cleaned before a command sees them."""
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
