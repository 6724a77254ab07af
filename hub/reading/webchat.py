"""A conversation as the person sees it on our own page. The link's token is the address of their chat."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import settings_links
from hub.core import Hub
from hub.errors import LinkDoesNotWork
from hub.people import address_of, conversation_on, find_contact
from hub.reading.texts import choices_of, key_of, words_of
from hub.states import Direction, MessageState, ProofState
from hub.store.tables import Conversation, Line, MediaFile, Message, Person, Proof
from hub.surveys import runs
from hub.times import say_when
from hub.words import ChannelKind, Side

SHOWN = 50  # the newest
ARRIVED = (MessageState.SENT, MessageState.DELIVERED)  # what is on its way is not there yet


@dataclass(frozen=True, slots=True)
class Said:
    id: int
    mine: bool
    words: str
    when: str
    photo: bool


@dataclass(frozen=True, slots=True)
class Chat:
    """`choices` are the answers that can be tapped now: (what comes back, label). `worker` is who looks at things.

    The same questions on plain pages: `survey` is the address of those that are open, `proof_wanted` says that we have
    asked for a proof.
    """

    side: Side
    language: str
    agency: str
    phone: str
    line_address: str
    conversation_id: int | None
    said: list[Said]
    choices: list[tuple[str, str]]
    person_id: int
    time_zone: str
    worker: str
    survey: str
    proof_wanted: bool
    channel: ChannelKind = ChannelKind.WEBCHAT
    sender: str = ""  # their address there, where it is not the link's own secret
    home: str = "/chat/"  # the page that the link is for


async def chat(hub: Hub, session: AsyncSession, token: str, after: int = 0) -> Chat:
    """The chat of a link. `after`: only messages with a higher number. Raises `LinkDoesNotWork`."""
    person, line = await _whose(hub, session, token)
    conversation = await session.scalar(
        select(Conversation).where(Conversation.person_id == person.id, Conversation.line_id == line.id)
    )
    messages = await _messages(session, conversation.id) if conversation else []
    return Chat(
        side=person.side,
        language=person.language,
        agency=person.agency.short_name,
        phone=person.agency.phone,
        line_address=line.address,
        conversation_id=conversation.id if conversation else None,
        said=await _said(hub, session, person, [m for m in messages if m.id > after]),
        choices=_choices(hub, person, messages),
        person_id=person.id,
        time_zone=person.agency.time_zone,
        worker=person.worker.first_name if person.worker else person.agency.short_name,
        survey=await _survey(hub, session, person),
        proof_wanted=await _proof_wanted(session, person.id),
    )


async def for_proof(hub: Hub, session: AsyncSession, token: str) -> Chat:
    """Behind the link of a chat; else behind the one to their own settings, which any phone can have been sent: what
    comes from there is a message of that phone, and no word of its conversation is shown. Raises `LinkDoesNotWork`.
    """
    try:
        return await chat(hub, session, token)
    except LinkDoesNotWork:
        conversation = (await settings_links.find(hub, session, token)).conversation
    person, contact = conversation.person, conversation.contact_point
    return Chat(
        side=person.side,
        language=person.language,
        agency=person.agency.short_name,
        phone=person.agency.phone,
        line_address=conversation.line.address,
        conversation_id=conversation.id,
        said=[],
        choices=[],
        person_id=person.id,
        time_zone=person.agency.time_zone,
        worker=person.worker.first_name if person.worker else person.agency.short_name,
        survey="",
        proof_wanted=await _proof_wanted(session, person.id),
        channel=contact.channel,
        sender=address_of(hub, person, contact),
        home="/me/",
    )


async def conversation_for_proof(hub: Hub, session: AsyncSession, token: str) -> Conversation:
    """Of the same links. Raises `LinkDoesNotWork`."""
    try:
        return await conversation_behind(hub, session, token)
    except LinkDoesNotWork:
        return (await settings_links.find(hub, session, token)).conversation


async def conversation_behind(hub: Hub, session: AsyncSession, token: str) -> Conversation:
    """The conversation of a link, made when nobody has written yet. Raises `LinkDoesNotWork`."""
    person, line = await _whose(hub, session, token)
    contact = await find_contact(hub, session, person.side, ChannelKind.WEBCHAT, token)
    if contact is None:
        raise LinkDoesNotWork
    return await conversation_on(session, person, line, contact)


async def _survey(hub: Hub, session: AsyncSession, person: Person) -> str:
    run = await runs.open_run(session, person)
    return runs.link_to(hub, run) if run and run.expires_at > hub.clock.now() else ""


async def _proof_wanted(session: AsyncSession, person_id: int) -> bool:
    """Asked for, or rejected so that another one is wanted."""
    wanted = Proof.state.in_((ProofState.ASKED, ProofState.REJECTED))
    return bool(await session.scalar(select(Proof.id).where(Proof.person_id == person_id, wanted).limit(1)))


async def _whose(hub: Hub, session: AsyncSession, token: str) -> tuple[Person, Line]:
    """Each side is asked by itself: the index of one says nothing on the other."""
    for side in Side:
        contact = await find_contact(hub, session, side, ChannelKind.WEBCHAT, token)
        if contact is None:
            continue
        person = await session.get_one(Person, contact.person_id)
        line = await session.scalar(
            select(Line).where(
                Line.agency_id == person.agency_id,
                Line.side == side,
                Line.channel == ChannelKind.WEBCHAT,
                Line.enabled,
            )
        )
        if line is None or person.wrapped_key is None:
            raise LinkDoesNotWork
        return person, line
    raise LinkDoesNotWork


async def _messages(session: AsyncSession, conversation_id: int) -> list[Message]:
    newest = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            or_(Message.direction == Direction.IN, Message.state.in_(ARRIVED)),
        )
        .order_by(Message.id.desc())
        .limit(SHOWN)
    )
    return list(reversed((await session.scalars(newest)).all()))


async def _said(hub: Hub, session: AsyncSession, person: Person, messages: list[Message]) -> list[Said]:
    ids = [message.id for message in messages]
    photos = set(await session.scalars(select(MediaFile.message_id).where(MediaFile.message_id.in_(ids))))
    key, zone = key_of(hub, person), person.agency.time_zone
    return [
        Said(
            id=message.id,
            mine=message.direction is Direction.IN,
            words=words_of(hub, key, message, person),
            when=say_when(message.created_at, zone, person.language),
            photo=message.id in photos,
        )
        for message in messages
    ]


def _choices(hub: Hub, person: Person, messages: list[Message]) -> list[tuple[str, str]]:
    """Of the last thing we said, unless they have answered since."""
    if not messages or messages[-1].direction is Direction.IN:
        return []
    return choices_of(hub, messages[-1], person.language)
