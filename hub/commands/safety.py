"""Cries for help: urgent to a human at once, and one answer with the right numbers, at any hour.

A victim's answer can stand on a lock screen: it says what to do and not what it is about.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from hub.commands.registry import carries_out
from hub.escalations import HEARD_BY_MACHINE, SAFETY_REASONS
from hub.handling import Carry, Handling
from hub.store.tables import Message
from hub.words import Priority, Purpose, Role

ONE_ANSWER_IN = timedelta(minutes=30)  # the same numbers again and again help nobody
_AGAIN = "safety.again"
HEARD_BY_ASSISTANT = "heard_by_the_assistant"  # no rule of `words.yml` said it


def _answer_to(kind: str) -> Carry:
    async def carry_out(handling: Handling, _entities: dict[str, str]) -> None:
        """Escalate; answer once; whatever else the text says is carried out without a word."""
        await handling.hand_over(kind, detail=HEARD_BY_MACHINE if handling.by_machine else "")
        conversation = f"conversation:{handling.conversation.id}"
        handling.record("cry_for_help", conversation, kind=kind, reason=_reason(handling, kind))
        text_key = await _text_key(handling, kind)
        if text_key:
            facts: dict[str, Any] = handling.hub.flows.helplines.numbers()
            await handling.say(text_key, priority=Priority.URGENT, purpose=Purpose.SAFETY, **facts)
        handling.quiet = True

    return carry_out


for _kind in sorted(SAFETY_REASONS):
    carries_out(_kind)(_answer_to(_kind))


def _reason(handling: Handling, kind: str) -> str:
    """Why this kind: a code of `flows/safety/words.yml`, never the person's words."""
    hits = handling.hub.flows.safety.hits(handling.text)
    return next((hit.reason for hit in hits if hit.kind == kind), HEARD_BY_ASSISTANT)


async def _text_key(handling: Handling, kind: str) -> str:
    """The answer of this kind; a shorter one when it was given just now; nothing when that was, too."""
    victim = handling.person.role is Role.VICTIM
    for text_key in (f"safety.victim_{kind}" if victim else f"safety.{kind}", _AGAIN):
        if not await _said_lately(handling, text_key):
            return text_key
    return ""


async def _said_lately(handling: Handling, text_key: str) -> bool:
    said = select(func.count()).where(
        Message.conversation_id == handling.conversation.id,
        Message.text_key == text_key,
        Message.created_at > handling.now - ONE_ANSWER_IN,
    )
    return bool(await handling.session.scalar(said))
