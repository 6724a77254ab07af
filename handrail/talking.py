"""Talking as one of the demo's people in the terminal: what they get, what was understood, what is waited
for.

Works by itself, and beside a running demo, whose worker then does the work.
Never touches real people: with a database
of its own it wants HANDRAIL_MODE=demo. Nothing leaves the machine.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from handrail import logs, wiring
from handrail.settings import Mode, Settings
from hub import prompts
from hub.clock import ShiftedClock
from hub.core import Hub
from hub.errors import BadSettings, NotFound
from hub.heartbeat import last_beat
from hub.people import address_of, conversation_for, conversation_on, name_of
from hub.ports import Inbound
from hub.reading.texts import choices_of, key_of, words_of
from hub.receive import accept, handle_next
from hub.send import send_due
from hub.sms import count
from hub.states import Direction, MessageState
from hub.store.tables import ContactPoint, Conversation, Line, Message, Person, TurnRecord
from hub.words import ChannelKind
from integrations.channels.registry import ChannelRegistry
from integrations.channels.simulator import Simulator

LEAVE = "/stop"
UNDER_WAY = {MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING}
LONGEST_WAIT = 15.0  # seconds for an answer; the assistant itself is given 2
A_WORKER_IS_ALIVE = timedelta(seconds=30)  # three heartbeats


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks, on which of our lines, and whether somebody else does the work."""

    hub: Hub
    conversation_id: int
    name: str
    address: str
    line: Line
    worker_alive: bool


def run(settings: Settings, who: str, channel: ChannelKind | None, language: str | None) -> None:
    """Until `/stop` or the end of the input. Raises `BadSettings`, `NotFound`, `StoreUnavailable`."""
    settings = _of_the_demo(settings)
    logs.configure(level=50)  # the talk itself shows what happens
    with wiring.database(settings) as url:
        asyncio.run(_talk(settings, url, who, channel, language))


def _of_the_demo(settings: Settings) -> Settings:
    """Where the demo keeps its people, unless another database is set."""
    if settings.database_url and settings.mode is not Mode.DEMO:
        raise BadSettings("`handrail chat` talks as invented people only: set HANDRAIL_MODE=demo.")
    if settings.database_url:
        return settings
    return settings.model_copy(update={"mode": Mode.DEMO, "data_folder": settings.data_folder / "demo"})


async def _talk(settings: Settings, url: str, who: str, channel: ChannelKind | None, language: str | None) -> None:
    async with _hub(settings, url) as (hub, worker_alive):
        async with hub.store.transaction() as session:
            conversation = await _conversation(session, await _person(hub, session, who), channel)
            person = conversation.person
            person.language = language or person.language
            address = address_of(hub, person, conversation.contact_point)
            talk = Talk(hub, conversation.id, name_of(hub, person), address, conversation.line, worker_alive)
        typer.echo(f"You are {talk.name}, by {talk.line.channel}, in {person.language}. {LEAVE} to leave.")
        await _show_state(talk)
        while (text := await asyncio.to_thread(_ask)) != LEAVE:
            await _say(talk, text)
            await _show_state(talk)


@asynccontextmanager
async def _hub(settings: Settings, url: str) -> AsyncIterator[tuple[Hub, bool]]:
    """On simulated phones, and on the demo's time, which may have been pushed forward."""
    clock = ShiftedClock()
    hub = wiring.build_hub(settings, url, clock=clock, channels=ChannelRegistry.everywhere(Simulator(clock)))
    try:
        async with hub.store.transaction() as session:
            pulse = await last_beat(session)
        if pulse:
            clock.push_to(pulse)
        yield (
            hub,
            bool(pulse and pulse > datetime.now(UTC) - A_WORKER_IS_ALIVE and await _beats(hub, pulse)),
        )
    finally:
        await hub.store.close()


async def _beats(hub: Hub, before: datetime) -> bool:
    """Whether somebody's clock is running; a pushed one may stand in the future and be dead all the same."""
    if abs(before - datetime.now(UTC)) < A_WORKER_IS_ALIVE:
        return True
    await asyncio.sleep(11)  # one heartbeat and a second
    async with hub.store.transaction() as session:
        now = await last_beat(session)
    return now is not None and now > before


async def _person(hub: Hub, session: AsyncSession, who: str) -> Person:
    """By reference, or by the beginning of the name. Raises `NotFound` with who there is."""
    people = (await session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.id))).all()
    for person in people:
        if person.ref == who.upper() or name_of(hub, person).casefold().startswith(who.casefold()):
            return person
    known = ", ".join(name_of(hub, person) for person in people if person.known)
    raise NotFound(f"({who}; there are {known})" if known else "(nobody is here yet: start `handrail demo` once)")


async def _conversation(session: AsyncSession, person: Person, channel: ChannelKind | None) -> Conversation:
    """Raises `NotFound` where they have no way on a line of ours."""
    found = await conversation_for(session, person) if channel is None else None
    if channel:
        ways = select(ContactPoint).where(ContactPoint.person_id == person.id, ContactPoint.channel == channel)
        lines = select(Line).where(
            Line.agency_id == person.agency_id, Line.side == person.side, Line.channel == channel
        )
        contact, line = await session.scalar(ways.limit(1)), await session.scalar(lines.limit(1))
        found = await conversation_on(session, person, line, contact) if contact and line else None
    if found is None:
        raise NotFound(f"({person.ref} has no {channel or 'channel'} on a line of ours)")
    return found


def _ask() -> str:
    try:
        return input("> ")
    except EOFError:
        return LEAVE


async def _say(talk: Talk, text: str) -> None:
    """One text in, and all that follows from it."""
    hub = talk.hub
    arrived = Inbound(talk.line.address, talk.line.channel, talk.address, f"chat-{uuid.uuid4()}", text, hub.clock.now())
    message_id = await accept(hub, arrived)
    if message_id is None:
        return
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            while not await _settled(talk, message_id):
                await _work(talk)
    except TimeoutError:
        typer.echo("  (no answer yet: is a worker running that is stuck?)")
    await _show_turn(talk, message_id)
    await _show_answers(talk, message_id)


async def _work(talk: Talk) -> None:
    """Ours to do only when nobody else does: two would share the phones between them."""
    if talk.worker_alive:
        await asyncio.sleep(0.1)
    else:
        await handle_next(talk.hub, "chat")
        await send_due(talk.hub, "chat")


async def _settled(talk: Talk, message_id: int) -> bool:
    async with talk.hub.store.transaction() as session:
        message = await session.get_one(Message, message_id)
        if message.state is MessageState.RECEIVED:
            return False
        return all(answer.state not in UNDER_WAY for answer in await _answers(session, talk, message_id))


async def _answers(session: AsyncSession, talk: Talk, after: int) -> list[Message]:
    wanted = (
        select(Message)
        .where(
            Message.conversation_id == talk.conversation_id,
            Message.direction == Direction.OUT,
            Message.id > after,
        )
        .options(joinedload(Message.conversation))
        .order_by(Message.id)
    )
    return list((await session.scalars(wanted)).unique().all())


async def _show_turn(talk: Talk, message_id: int) -> None:
    async with talk.hub.store.transaction() as session:
        turns = await session.scalars(
            select(TurnRecord).where(TurnRecord.message_id == message_id).order_by(TurnRecord.id)
        )
        for turn in turns:
            sure = f" {turn.intent} {turn.confidence:.0%}" if turn.intent else ""
            typer.echo(f"  understood by {turn.decided_by}{sure}: {', '.join(turn.commands) or 'nothing to do'}")


async def _show_answers(talk: Talk, message_id: int) -> None:
    async with talk.hub.store.transaction() as session:
        for answer in await _answers(session, talk, message_id):
            person = answer.conversation.person
            to = answer.conversation.contact_point
            key = key_of(talk.hub, person)
            text = words_of(talk.hub, key, answer, person, to=to)
            parts = count(text).segments
            typer.echo(f"{text}\n  {answer.state}, {parts} part{'s' if parts != 1 else ''}", nl=False)
            choices = [f"[{reply}] {label}" for reply, label in choices_of(talk.hub, answer, person.language)]
            typer.echo(f"; {'  '.join(choices)}" if choices else "")


async def _show_state(talk: Talk) -> None:
    async with talk.hub.store.transaction() as session:
        prompt = await prompts.open_prompt(session, talk.conversation_id, talk.hub.clock.now())
        conversation = await session.get_one(Conversation, talk.conversation_id)
        held = ", a worker answers here" if conversation.holder_id else ""
        typer.echo(f"  waiting for {prompt.awaiting if prompt else 'nothing'}{held}")
