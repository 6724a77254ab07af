"""The way out: claim → check again → render → (attempt recorded) → channel → record.

    send_due()      one batch through all of it
    hub/claims.py   queued → claimed, with a lease: who is next, for any number of workers
    prepare()       asks again what may go out, renders, records the attempt: claimed → sending
    deliver()       calls the provider; holds no database connection while it thinks
    hub/outcomes.py records what came of it, together what comes together, and receipts;
    hub/reconcile.py asks about what crashed half-way

Knows no provider: `Channel` is a port.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub import failover, holds, limits, outcomes
from hub.claims import claim, give_back
from hub.consent import Go, Never, Wait, may_send
from hub.core import Hub
from hub.errors import ChannelError, StoreUnavailable, Uncertain
from hub.manner import code_word_of, manner_of
from hub.nudges.queue_due import no_longer_true
from hub.outcomes import Answer
from hub.people import address_of
from hub.ports import Accepted, Choice, Outgoing
from hub.states import MESSAGE_MOVES, MessageState, check_move
from hub.store.loading import TO_SEND
from hub.store.tables import Consent, Conversation, Line, Message, ThreadText
from hub.texts import Rendered, as_written
from hub.threads.going_out import withheld
from hub.threads.turns import IN_TURN, behind
from hub.words import ChannelKind, Priority

log = structlog.get_logger()

Consents = defaultdict[int, list[Consent]]
Answers = asyncio.Queue[Answer | None]  # None: the last has come


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Known:
    """What decides about a batch, asked for all of it at once."""

    consents: Consents
    untrue: set[int]
    withheld: Mapping[int, str]  # of a supporters' thread: why they are not for whom they were queued
    behind: Mapping[int, datetime]  # of a thread too: until when something said before them has to go first
    holds: holds.Standing
    recent: limits.Recent


_LEAVE = text(
    """
    WITH leaving AS (
        SELECT * FROM unnest(CAST(:messages AS bigint[]), CAST(:lines AS bigint[]), CAST(:bodies AS bytea[]),
                             CAST(:choices AS jsonb[]), CAST(:encodings AS text[]), CAST(:segments AS smallint[]),
                             CAST(:indexes AS bytea[]))
                 AS each (message_id, line_id, body, choices, encoding, segments, text_index)),
    gone AS (
        UPDATE messages AS m
        SET state = 'sending', state_at = :now, attempts = m.attempts + 1, body_sealed = leaving.body,
            choices = leaving.choices, encoding = leaving.encoding, segments = leaving.segments,
            text_index = leaving.text_index,
            left_at = coalesce(m.left_at, :now)
        FROM leaving WHERE m.id = leaving.message_id)
    INSERT INTO attempts (message_id, line_id, started_at, code) SELECT message_id, line_id, :now, '' FROM leaving
    RETURNING message_id, id
    """
)


@dataclass(frozen=True, slots=True)
class Ready:
    """One message that may go. `index`: of its text, where the same again would count."""

    message: Message
    rendered: Rendered
    index: bytes | None


@dataclass(frozen=True, slots=True)
class Departure:
    """One message about to leave; its attempt is on record."""

    outgoing: Outgoing
    attempt_id: int
    line_address: str
    kind: ChannelKind


async def send_due(
    hub: Hub, by: str, *, lowest: Priority = Priority.BULK, stopping: Callable[[], bool] = _never
) -> int:
    """Send one batch, all of it at once: none of `lowest`'s inferiors, and nothing new once `stopping` says so.

    Returns how many were sent or decided about: call again while it is not 0.
    """
    ids = await claim(hub, by, lowest=lowest)
    if ids and stopping():
        await give_back(hub, ids)
        return 0
    if ids:
        departures = await prepare(hub, ids)
        await _deliver_all(hub, departures)
    return len(ids)


async def prepare(hub: Hub, ids: Sequence[int]) -> list[Departure]:
    """Decide about each claimed message; those that may go come back with their attempt recorded."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        wanted = (
            select(Message, exists().where(ThreadText.message_id == Message.id))
            .where(Message.id.in_(ids), Message.state == MessageState.CLAIMED)
            .options(TO_SEND)
            .order_by(Message.id)
            .with_for_update(of=Message)
        )
        found = (await session.execute(wanted)).unique().all()
        messages, of_threads = [message for message, _ in found], [message.id for message, is_one in found if is_one]
        known = await _look(hub, session, messages, of_threads, now)
        checked = [await _check(hub, session, message, known, now) for message in messages]
        ready = [each for each in checked if each]
        standing_in = await failover.standbys(session, messages)
        return await _record_attempts(hub, session, ready, standing_in, now)


async def _look(
    hub: Hub, session: AsyncSession, messages: Sequence[Message], of_threads: Sequence[int], now: datetime
) -> Known:
    """`of_threads`: which of them somebody gets for being in a thread."""
    ids = [message.id for message in messages]
    await hub.wording.refresh(session)
    return Known(
        consents=await _consents(session, messages),
        untrue=await no_longer_true(hub, session, ids),
        withheld=await withheld(session, of_threads, now),
        behind=await behind(session, of_threads, now),
        holds=await holds.standing(session, ids, now),
        recent=await limits.recent(session, messages, now),
    )


async def _check(hub: Hub, session: AsyncSession, message: Message, known: Known, now: datetime) -> Ready | None:
    """Asked again at the last moment: what may go comes back rendered, what may not gets its end."""
    verdict = _verdict(message, known, now)
    if isinstance(verdict, Go):
        rendered = await _rendered(hub, session, message, now)
        if rendered is None:
            return None
        index = limits.index_of(hub, message, rendered.text) if limits.counts(message) else None
        if index:
            verdict = known.recent.verdict(message, index, now)
        if isinstance(verdict, Go):
            return Ready(message, rendered, index)
    await outcomes.leave(session, message, message.conversation, verdict, now)
    return None


def _verdict(message: Message, known: Known, now: datetime) -> Go | Wait | Never:
    verdict = may_send(message, message.conversation, known.consents[message.conversation.contact_point_id], now)
    if not isinstance(verdict, Go):
        return verdict
    if message.id in known.untrue:
        return Never("cancelled", "no_longer_true")
    if message.id in known.withheld:
        return Never("blocked", known.withheld[message.id])
    hold = known.holds.over(message)
    if hold:
        message.hold_id = hold.id
        return Wait(message.due_at or now, holds.reason(hold))
    return Wait(known.behind[message.id], IN_TURN) if message.id in known.behind else verdict


async def _rendered(hub: Hub, session: AsyncSession, message: Message, now: datetime) -> Rendered | None:
    try:
        return render(hub, message, message.conversation)
    except Exception:
        log.exception("render_failed", message=message.id, text_key=message.text_key)
        await outcomes.fail(session, message, message.conversation, "not_rendered", now)
        return None


def render(hub: Hub, message: Message, conversation: Conversation) -> Rendered:
    """The text as it leaves: for the preview, the counter, the provider and the record alike."""
    person = conversation.person
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    choices = tuple(Choice(c["reply"], c["label"]) for c in message.choices)
    if message.text_key is None:
        words = key.open(message.body_sealed or b"", "body")
        return as_written(words, choices, code_word=code_word_of(key, conversation.contact_point))
    facts = json.loads(key.open(message.facts_sealed or b"", "facts"))
    manner = manner_of(key, conversation.contact_point)
    rendered = hub.texts_for(person).render(message.text_key, person.language, facts, **manner)
    return Rendered(rendered.text, choices or rendered.choices, rendered.count)


async def _record_attempts(
    hub: Hub,
    session: AsyncSession,
    ready: Sequence[Ready],
    standing_in: Mapping[int, Line],
    now: datetime,
) -> list[Departure]:
    """All attempts, and all messages as they are about to leave, in one statement: row by row took half the time."""
    if not ready:
        return []
    ways = {each.message.id: failover.way_out(each.message, standing_in) for each in ready}
    leaving = [_as_it_leaves(hub, each, ways[each.message.id]) for each in ready]
    columns = {name: [row[name] for row in leaving] for name in leaving[0]}
    attempts = {row.message_id: row.id for row in await session.execute(_LEAVE, columns | {"now": now})}
    return [
        Departure(
            outgoing_of(hub, each.message, each.message.conversation, each.rendered, way := ways[each.message.id]),
            attempts[each.message.id],
            way.address,
            way.channel,
        )
        for each in ready
    ]


def _as_it_leaves(hub: Hub, ready: Ready, way: Line) -> dict[str, Any]:
    message, rendered = ready.message, ready.rendered
    check_move(MESSAGE_MOVES, message.state, MessageState.SENDING)
    key = hub.vault.open_person_key(message.conversation.person.wrapped_key or b"")
    return {
        "messages": message.id,
        "lines": way.id,
        "bodies": key.seal(rendered.text, "body"),
        "choices": json.dumps([{"reply": c.reply, "label": c.label} for c in rendered.choices]),
        "encodings": rendered.count.encoding,
        "segments": rendered.count.segments,
        "indexes": ready.index,
    }


def outgoing_of(hub: Hub, message: Message, conversation: Conversation, rendered: Rendered, way: Line) -> Outgoing:
    """`way` is the line that it leaves from: the conversation's own, or its standby."""
    return Outgoing(
        message_id=message.id,
        line_address=way.address,
        to=address_of(hub, conversation.person, conversation.contact_point),
        text=rendered.text,
        choices=rendered.choices,
        expires_at=message.expires_at,
    )


async def _deliver_all(hub: Hub, departures: list[Departure]) -> None:
    """All at once: of one conversation there is never more than one (`hub/claims.py`)."""
    answers = Answers()
    recording = asyncio.create_task(_record_as_they_come(hub, answers))

    async def one(departure: Departure) -> None:
        answers.put_nowait(await deliver(hub, departure))

    try:
        await asyncio.gather(*map(one, departures))
    finally:
        answers.put_nowait(None)
        await recording


async def deliver(hub: Hub, departure: Departure) -> Answer:
    """Call the provider; whatever goes wrong is `Uncertain`, never a guess."""
    result: Accepted | ChannelError
    try:
        channel = hub.channels.for_line(departure.line_address, departure.kind)
        result = await channel.send(departure.outgoing)
    except ChannelError as problem:
        result = problem
    except Exception:
        log.exception("channel_failed", message=departure.outgoing.message_id)
        result = Uncertain()
    return Answer(departure.outgoing.message_id, departure.attempt_id, result)


async def _record_as_they_come(hub: Hub, answers: Answers) -> None:
    """While some are written, the next gather: nobody waits, and many share one transaction. None ends it.

    What could not be written has left all the same: after its lease it is `uncertain`, and the provider is asked.
    """
    done = False
    while not done:
        together = [await answers.get()]
        while not answers.empty():
            together.append(answers.get_nowait())
        done = together[-1] is None
        try:
            await outcomes.record_all(hub, [answer for answer in together if answer])
        except StoreUnavailable:
            log.warning("not_recorded", answers=len(together))
        except Exception:
            log.exception("not_recorded", answers=len(together))


async def _consents(session: AsyncSession, messages: Sequence[Message]) -> Consents:
    """What people said about purposes, by contact point."""
    found: Consents = defaultdict(list)
    points = {message.conversation.contact_point_id for message in messages}
    for consent in await session.scalars(select(Consent).where(Consent.contact_point_id.in_(points))):
        found[consent.contact_point_id].append(consent)
    return found
