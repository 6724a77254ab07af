"""Texts as lines of a timeline: what kind, whether it arrived, what they answered; their words only when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.delivery import in_words
from hub.reading.court.known import Known
from hub.reading.court.line import Line
from hub.reading.court.words import COMMANDS, text_in_words
from hub.reading.stream import names_of
from hub.reading.texts import key_of, words_of
from hub.states import Direction, MessageState
from hub.store.tables import Conversation, Message, Nudge, StoredReceipt, TurnRecord
from hub.times import local, say_time, say_when
from hub.words import Purpose

AFTER_CLOSING = timedelta(days=3)  # the text that tells of it
AFTER_FACTS = 10**15  # what we say of something comes after it
OF_OTHERS = frozenset({"appointment", "condition", "case_date", "update"})  # what a text of another case is about


@dataclass(slots=True)
class Said:
    """The texts of the case's time. `understood`: by message, what theirs were taken for."""

    messages: Sequence[Message]
    about: Mapping[int, tuple[str, int]]
    understood: Mapping[int, list[str]]
    receipts: Mapping[str, StoredReceipt]
    names: Mapping[int, str]
    turns: dict[datetime, int] = field(default_factory=dict)  # message by the moment at which it was understood
    left_out: int = 0


async def said_in(session: AsyncSession, found: Known) -> Said:
    case = found.case
    wanted = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.person_id == case.person_id, Message.created_at >= case.opened_at)
        .order_by(Message.id)
    )
    if case.closed_at:
        wanted = wanted.where(Message.created_at <= case.closed_at + AFTER_CLOSING)
    messages = (await session.scalars(wanted)).all()
    ids = [message.id for message in messages]
    nudges = await session.execute(
        select(Nudge.message_id, Nudge.subject_kind, Nudge.subject_id).where(Nudge.message_id.in_(ids))
    )
    receipts = select(StoredReceipt).where(
        StoredReceipt.provider_message_id.in_([m.provider_message_id for m in messages if m.provider_message_id])
    )
    turns = (await session.scalars(select(TurnRecord).where(TurnRecord.message_id.in_(ids)))).all()
    understood: dict[int, list[str]] = {}
    for turn in turns:
        understood.setdefault(turn.message_id, []).extend(turn.commands)
    return Said(
        messages=messages,
        about={message: (kind, number) for message, kind, number in nudges if message},
        understood=understood,
        receipts={row.provider_message_id: row for row in await session.scalars(receipts.order_by(StoredReceipt.id))},
        names=await names_of(session, {message.author_id for message in messages if message.author_id}),
        turns={turn.at: turn.message_id for turn in turns},
    )


def text_lines(hub: Hub, found: Known, said: Said, named: set[int], *, with_words: bool) -> list[Line]:
    """`named`: theirs that other lines speak of. What is not listed is counted in `said.left_out`."""
    lines = []
    for message in said.messages:
        if message.id in named and not with_words:
            continue
        line = _theirs(hub, found, said, message, with_words) if message.direction is Direction.IN else None
        line = line or (_ours(hub, found, said, message, with_words) if message.direction is Direction.OUT else None)
        if line:
            lines.append(line)
        else:
            said.left_out += 1
    return lines


def _theirs(hub: Hub, found: Known, said: Said, message: Message, with_words: bool) -> Line | None:
    known = [COMMANDS[command] for command in said.understood.get(message.id, ()) if command in COMMANDS]
    if not known:
        return None
    words = f"They wrote {known[0]}{_quoted(hub, found, message, with_words)}"
    return Line(message.created_at, words, f"Message {message.id} from them")


def _ours(hub: Hub, found: Known, said: Said, message: Message, with_words: bool) -> Line | None:
    about = said.about.get(message.id)
    if about and about[0] in OF_OTHERS and not found.has(*about):
        return None
    at = message.left_at or message.created_at
    if message.author_id:
        words = f"{said.names.get(message.author_id, 'A worker')} wrote to them"
    elif message.purpose is Purpose.REPLY or not (kind := text_in_words(message.text_key or "")):
        return None
    else:
        words = f"Text sent: {kind}{_of(found, about)}"
    words += _quoted(hub, found, message, with_words and bool(message.author_id))
    return Line(at, f"{words}. {_fared(found, said, message, at)}", _source(said, message), AFTER_FACTS + message.id)


def _of(found: Known, about: tuple[str, int] | None) -> str:
    """Which appointment, or which condition."""
    kind, number = about or ("", 0)
    if kind == "appointment":
        return f" of {say_when(found.appointments[number].starts_at, found.zone)}"
    return f", “{found.conditions[number]}”" if kind == "condition" else ""


def _quoted(hub: Hub, found: Known, message: Message, with_words: bool) -> str:
    if not with_words:
        return ""
    person = found.case.person
    return f": “{words_of(hub, key_of(hub, person), message, person)}”"


def _fared(found: Known, said: Said, message: Message, at: datetime) -> str:
    receipt = said.receipts.get(message.provider_message_id or "")
    if message.state is MessageState.DELIVERED and receipt:
        same_day = local(receipt.at, found.zone).date() == local(at, found.zone).date()
        say = say_time(receipt.at, found.zone) if same_day else say_when(receipt.at, found.zone)
        return f"It reached the phone at {say}" if same_day else f"It reached the phone on {say}"
    return in_words(message.state, message.reason).words


def _source(said: Said, message: Message) -> str:
    source = f"Message {message.id}"
    if message.provider_message_id:
        receipt = said.receipts.get(message.provider_message_id)
        told = f" “{receipt.status}”" if receipt else ""
        source += f", provider's number {message.provider_message_id}{told}"
    return source
