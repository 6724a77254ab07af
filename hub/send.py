"""The way out: claim → check again → render → (attempt recorded) → channel → record.

    send_due()      one batch through all of it
    claim()         queued → claimed, with a lease; any number of workers, no message twice (SKIP LOCKED)
    prepare()       asks again what may go out, renders, records the attempt: claimed → sending
    deliver()       calls the provider; holds no database connection while it thinks
    hub/outcomes.py records what came of it, together what comes together, and receipts;
    hub/reconcile.py asks about what crashed half-way

Knows no provider: `Channel` is a port.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub import outcomes
from hub.consent import Never, Wait, may_send
from hub.core import Hub
from hub.errors import ChannelError, StoreUnavailable, Uncertain
from hub.nudges.queue_due import no_longer_true
from hub.outcomes import Answer
from hub.people import address_of
from hub.ports import Accepted, Choice, Outgoing
from hub.states import MESSAGE_MOVES, MessageState, check_move
from hub.store.loading import TO_SEND
from hub.store.tables import Consent, Conversation, Message
from hub.texts import Rendered, as_written
from hub.words import ChannelKind

log = structlog.get_logger()

LEASE = timedelta(seconds=60)  # longer than any provider call: 10 s time-out, a batch of 50, 20 at a time
BATCH = 50
Consents = defaultdict[int, list[Consent]]
Answers = asyncio.Queue[Answer | None]  # None: the last has come
AT_ONCE = 20  # calls of providers under way in one batch

_CLAIM = text(
    """
    UPDATE messages SET state = 'claimed', state_at = :now, claimed_by = :by, lease_until = :until
    WHERE id IN (
        SELECT id FROM messages AS m
        WHERE state = 'queued' AND due_at <= :now
          AND NOT EXISTS (  -- texts of one conversation leave one after the other
              SELECT 1 FROM messages AS before
              WHERE before.conversation_id = m.conversation_id AND before.state IN ('claimed', 'sending'))
        ORDER BY rank, due_at, id LIMIT :batch FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)

_LEAVE = text(
    """
    WITH leaving AS (
        SELECT * FROM unnest(CAST(:messages AS bigint[]), CAST(:bodies AS bytea[]), CAST(:choices AS jsonb[]),
                             CAST(:encodings AS text[]), CAST(:segments AS smallint[]))
                 AS each (message_id, body, choices, encoding, segments)),
    gone AS (
        UPDATE messages AS m
        SET state = 'sending', state_at = :now, attempts = m.attempts + 1, body_sealed = leaving.body,
            choices = leaving.choices, encoding = leaving.encoding, segments = leaving.segments
        FROM leaving WHERE m.id = leaving.message_id)
    INSERT INTO attempts (message_id, started_at, code) SELECT message_id, :now, '' FROM leaving
    RETURNING message_id, id
    """
)


@dataclass(frozen=True, slots=True)
class Departure:
    """One message about to leave; its attempt is on record."""

    outgoing: Outgoing
    attempt_id: int
    conversation_id: int
    line_address: str
    kind: ChannelKind


async def send_due(hub: Hub, by: str) -> int:
    """Send one batch. Returns how many were claimed: call again while it is not 0."""
    ids = await claim(hub, by)
    if not ids:
        return 0
    departures = await prepare(hub, ids)
    answers = Answers()
    recording = asyncio.create_task(_record_as_they_come(hub, answers))
    try:
        await _deliver_all(hub, departures, answers)
    finally:
        answers.put_nowait(None)
        await recording
    return len(ids)


async def claim(hub: Hub, by: str) -> list[int]:
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        claimed = await session.execute(_CLAIM, {"now": now, "by": by, "until": now + LEASE, "batch": BATCH})
        return sorted(claimed.scalars())


async def prepare(hub: Hub, ids: Sequence[int]) -> list[Departure]:
    """Decide about each claimed message; those that may go come back with their attempt recorded."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        wanted = (
            select(Message)
            .where(Message.id.in_(ids), Message.state == MessageState.CLAIMED)
            .options(TO_SEND)
            .order_by(Message.id)
            .with_for_update(of=Message)
        )
        messages = (await session.scalars(wanted)).unique().all()
        consents = await _consents(session, messages)
        untrue = await no_longer_true(hub, session, ids)
        ready = [
            (message, rendered)
            for message in messages
            if (rendered := await _check(hub, session, message, consents, untrue, now))
        ]
        return await _record_attempts(hub, session, ready, now)


async def _check(
    hub: Hub, session: AsyncSession, message: Message, consents: Consents, untrue: set[int], now: datetime
) -> Rendered | None:
    """Asked again at the last moment: what may go comes back rendered, what may not gets its end."""
    conversation = message.conversation
    verdict = may_send(message, conversation, consents[conversation.contact_point_id], now)
    if isinstance(verdict, Wait):
        # Waiting for its time it is simply queued; waiting for a permitted hour it is held, and says so.
        state = MessageState.QUEUED if verdict.reason == "not_yet" else MessageState.HELD
        message.due_at = verdict.until
        outcomes.end(message, state, verdict.reason, now)
        return None
    if isinstance(verdict, Never):
        outcomes.end(message, MessageState(verdict.state), verdict.reason, now)
        return None
    if message.id in untrue:
        outcomes.end(message, MessageState.CANCELLED, "no_longer_true", now)
        return None
    try:
        return render(hub, message, conversation)
    except Exception:
        log.exception("render_failed", message=message.id, text_key=message.text_key)
        await outcomes.fail(session, message, conversation, "not_rendered", now)
        return None


def render(hub: Hub, message: Message, conversation: Conversation) -> Rendered:
    """The text as it leaves: for the preview, the counter, the provider and the record alike."""
    person = conversation.person
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    choices = tuple(Choice(c["reply"], c["label"]) for c in message.choices)
    if message.text_key is None:
        return as_written(key.open(message.body_sealed or b"", "body"), choices)
    facts = json.loads(key.open(message.facts_sealed or b"", "facts"))
    rendered = hub.flows.texts.render(
        message.text_key, person.language, facts, discreet=conversation.contact_point.discreet
    )
    return Rendered(rendered.text, choices or rendered.choices, rendered.count)


async def _record_attempts(
    hub: Hub, session: AsyncSession, ready: list[tuple[Message, Rendered]], now: datetime
) -> list[Departure]:
    """All attempts, and all messages as they are about to leave, in one statement: row by row took half the time."""
    if not ready:
        return []
    leaving = [_as_it_leaves(hub, message, rendered) for message, rendered in ready]
    columns = {name: [row[name] for row in leaving] for name in leaving[0]}
    attempts = {row.message_id: row.id for row in await session.execute(_LEAVE, columns | {"now": now})}
    return [
        Departure(
            outgoing_of(hub, message, message.conversation, rendered),
            attempts[message.id],
            message.conversation_id,
            message.conversation.line.address,
            message.conversation.line.channel,
        )
        for message, rendered in ready
    ]


def _as_it_leaves(hub: Hub, message: Message, rendered: Rendered) -> dict[str, Any]:
    check_move(MESSAGE_MOVES, message.state, MessageState.SENDING)
    key = hub.vault.open_person_key(message.conversation.person.wrapped_key or b"")
    return {
        "messages": message.id,
        "bodies": key.seal(rendered.text, "body"),
        "choices": json.dumps([{"reply": c.reply, "label": c.label} for c in rendered.choices]),
        "encodings": rendered.count.encoding,
        "segments": rendered.count.segments,
    }


def outgoing_of(hub: Hub, message: Message, conversation: Conversation, rendered: Rendered) -> Outgoing:
    return Outgoing(
        message_id=message.id,
        line_address=conversation.line.address,
        to=address_of(hub, conversation.person, conversation.contact_point),
        text=rendered.text,
        choices=rendered.choices,
        expires_at=message.expires_at,
    )


async def _deliver_all(hub: Hub, departures: list[Departure], answers: Answers) -> None:
    """Different conversations at once, each one's texts in their order."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one_after_the_other(group: list[Departure]) -> None:
        for departure in group:
            async with gate:
                answers.put_nowait(await deliver(hub, departure))

    ordered = sorted(departures, key=lambda d: (d.conversation_id, d.outgoing.message_id))
    await asyncio.gather(
        *(one_after_the_other(list(group)) for _, group in groupby(ordered, lambda d: d.conversation_id))
    )


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
