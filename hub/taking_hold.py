"""A worker takes hold of what is to go out, planned or waiting: hold back, let go, cancel, send now.

Planned nudges (`n12`) and messages in the outbox (`m34`) alike. What has left meanwhile is passed over and said.
Whatever is sent is asked again at the moment of sending: hours, consent, STOP. Knows no screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.outcomes import end
from hub.reading.going_out import may_change
from hub.reading.outbox import HELD_BY_WORKER
from hub.states import NUDGE_MOVES, Direction, MessageState, NudgeState, check_move
from hub.store import audit
from hub.store.notify import CHANGED, OUTBOUND, notify
from hub.store.tables import Conversation, Message, Nudge, Person, Worker


class Verb(StrEnum):
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Done:
    changed: int
    gone: int  # sent, cancelled or stopped before we came


async def take_hold(hub: Hub, session: AsyncSession, worker: Worker, verb: Verb, keys: Sequence[str]) -> Done:
    """Raises `NotFound` when one of them is none of the worker's own people's."""
    messages = await _messages(session, worker, _ids(keys, "m"))
    nudges = await _nudges(session, worker, _ids(keys, "n"))
    if len(messages) + len(nudges) != len(set(keys)):
        raise NotFound
    now, by, changed = hub.clock.now(), worker.id, 0
    for message, person_id in messages:
        if _MESSAGES[verb](message, now):
            changed += 1
            _tell(session, now, by, verb, f"message:{message.id}", person_id)
            notify(session, CHANGED, str(message.conversation_id))
    for nudge in nudges:
        if nudge.state is NudgeState.PLANNED and _NUDGES[verb](nudge, now, by):
            changed += 1
            _tell(session, now, by, verb, f"nudge:{nudge.id}", nudge.person_id)
    notify(session, OUTBOUND)
    return Done(changed, len(set(keys)) - changed)


def _ids(keys: Sequence[str], kind: str) -> list[int]:
    return sorted({int(key[1:]) for key in keys if key[:1] == kind and key[1:].isdigit()})


async def _messages(session: AsyncSession, worker: Worker, ids: list[int]) -> list[tuple[Message, int]]:
    wanted = (
        select(Message, Conversation.person_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Message.id.in_(ids), Message.direction == Direction.OUT, may_change(worker))
        .order_by(Message.id)
        .with_for_update(of=Message)
    )
    return [(message, person_id) for message, person_id in await session.execute(wanted)]


async def _nudges(session: AsyncSession, worker: Worker, ids: list[int]) -> Sequence[Nudge]:
    wanted = (
        select(Nudge)
        .join(Person, Person.id == Nudge.person_id)
        .where(Nudge.id.in_(ids), may_change(worker))
        .order_by(Nudge.id)
        .with_for_update(of=Nudge)
    )
    return (await session.scalars(wanted)).all()


def _hold_message(message: Message, now: datetime) -> bool:
    if message.state is not MessageState.QUEUED:
        return False
    end(message, MessageState.HELD, HELD_BY_WORKER, now)
    return True


def _release_message(message: Message, now: datetime) -> bool:
    if message.state is not MessageState.HELD:
        return False
    end(message, MessageState.QUEUED, "", now)
    message.hold_id = None
    return True


def _cancel_message(message: Message, now: datetime) -> bool:
    if message.state not in {MessageState.HELD, MessageState.QUEUED}:
        return False
    end(message, MessageState.CANCELLED, "cancelled_by_worker", now)
    message.hold_id = None
    return True


def _send_message(message: Message, now: datetime) -> bool:
    if message.state is not MessageState.QUEUED and not _release_message(message, now):
        return False
    message.due_at = now
    return True


def _hold_nudge(nudge: Nudge, now: datetime, by: int) -> bool:
    nudge.held_at, nudge.held_by_id = nudge.held_at or now, nudge.held_by_id or by
    return True


def _release_nudge(nudge: Nudge, _now: datetime, _by: int) -> bool:
    nudge.held_at = nudge.held_by_id = None
    return True


def _cancel_nudge(nudge: Nudge, now: datetime, _by: int) -> bool:
    """Skipped and not cancelled: a plan made anew brings back what was cancelled."""
    nudge.state = check_move(NUDGE_MOVES, nudge.state, NudgeState.SKIPPED)
    nudge.state_at, nudge.reason = now, "cancelled_by_worker"
    return True


def _send_nudge(nudge: Nudge, now: datetime, by: int) -> bool:
    """The clock sees it within seconds."""
    nudge.due_at = min(nudge.due_at, now)
    return _release_nudge(nudge, now, by)


_MESSAGES: dict[Verb, Callable[[Message, datetime], bool]] = {
    Verb.HOLD: _hold_message,
    Verb.RELEASE: _release_message,
    Verb.CANCEL: _cancel_message,
    Verb.SEND: _send_message,
}
_NUDGES: dict[Verb, Callable[[Nudge, datetime, int], bool]] = {
    Verb.HOLD: _hold_nudge,
    Verb.RELEASE: _release_nudge,
    Verb.CANCEL: _cancel_nudge,
    Verb.SEND: _send_nudge,
}


def _tell(session: AsyncSession, now: datetime, by: int, verb: Verb, subject: str, person_id: int) -> None:
    what = {Verb.HOLD: "held", Verb.RELEASE: "released", Verb.CANCEL: "cancelled", Verb.SEND: "sent_early"}[verb]
    kind = subject.partition(":")[0]
    audit.record(session, now, f"worker:{by}", f"{kind}_{what}", subject, person_id=person_id)
