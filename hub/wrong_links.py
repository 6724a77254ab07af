"""A link came to somebody whom it is not for: it ends, the address falls silent, a worker is told. Knows no page."""

import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from hub import own_settings, settings_links
from hub.core import Hub
from hub.errors import LinkDoesNotWork
from hub.people import conversation_for
from hub.reading.webchat import conversation_behind
from hub.statements import records
from hub.store.tables import Conversation, Person
from hub.surveys import on_pages, runs
from hub.words import ChannelKind


async def end_survey(hub: Hub, session: AsyncSession, token: str) -> None:
    """Raises `LinkDoesNotWork`."""
    run = await runs.run_of_token(session, token, lock=True)
    if run is None:
        raise LinkDoesNotWork
    await on_pages.no_more(hub, session, run)
    conversation = await conversation_for(session, await session.get_one(Person, run.person_id))
    if conversation:
        await _fall_silent(hub, session, conversation)


async def end_statement(hub: Hub, session: AsyncSession, token: str) -> None:
    """What was said stays; nobody goes on with it by this link. Raises `LinkDoesNotWork`."""
    statement = await records.behind(hub, session, token, lock=True)
    statement.token_hash = None
    conversation = await conversation_for(session, statement.person)
    if conversation:
        await _fall_silent(hub, session, conversation)


async def end_chat(hub: Hub, session: AsyncSession, token: str) -> None:
    """The chat gets an address that nobody knows, so that what is in it is read by nobody. Raises `LinkDoesNotWork`."""
    conversation = await conversation_behind(hub, session, token)
    await _fall_silent(hub, session, conversation)
    person, contact, address = conversation.person, conversation.contact_point, secrets.token_urlsafe(24)
    contact.address_index = hub.vault.index(person.side, ChannelKind.WEBCHAT, address)
    contact.address_sealed = hub.vault.open_person_key(person.wrapped_key or b"").seal(address, "address")


async def end_settings(hub: Hub, session: AsyncSession, token: str) -> None:
    """Raises `LinkDoesNotWork`."""
    link = await settings_links.find(hub, session, token, lock=True)
    await _fall_silent(hub, session, link.conversation)


async def _fall_silent(hub: Hub, session: AsyncSession, conversation: Conversation) -> None:
    handling = await settings_links.handling_of(hub, session, conversation)
    await own_settings.not_this_person(handling)
