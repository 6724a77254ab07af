"""One cry for help, however it was heard: to a human at once, and one answer with the right numbers, at any hour.

Knows neither words of danger nor who found them.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from hub.handling import Handling
from hub.reasons import HEARD_BY_MACHINE
from hub.store.tables import Message
from hub.texts import DEFAULT_LANGUAGE
from hub.words import Priority, Purpose, Role

ONE_ANSWER_IN = timedelta(minutes=30)  # the same numbers again and again help nobody
_AGAIN = "safety.again"


async def cry(handling: Handling, kind: str, reason: str) -> None:
    """Escalate; answer once; whatever else the text says is carried out without a word. `reason`: a code for why."""
    await handling.hand_over(kind, detail=HEARD_BY_MACHINE if handling.by_machine else "")
    handling.record("cry_for_help", f"conversation:{handling.conversation.id}", kind=kind, reason=reason)
    text_key = await _text_key(handling, kind)
    if text_key:
        facts: dict[str, Any] = handling.hub.flows.helplines.numbers()
        await handling.say(text_key, priority=Priority.URGENT, purpose=Purpose.SAFETY, **facts)
    handling.quiet = True


async def _text_key(handling: Handling, kind: str) -> str:
    """The answer of this kind; a shorter one when it was given just now; nothing when that was, too."""
    for text_key in (_answer(handling, kind), _AGAIN):
        if not await _said_lately(handling, text_key):
            return text_key
    return ""


def _answer(handling: Handling, kind: str) -> str:
    """A supporter may write of themselves or of somebody else: theirs fits both, where the other does not."""
    if handling.person.role is Role.VICTIM:
        return f"safety.victim_{kind}"
    known = handling.hub.flows.texts.languages[DEFAULT_LANGUAGE].templates
    of_supporters = f"safety.supporter_{kind}"
    return of_supporters if handling.person.role is Role.SUPPORTER and of_supporters in known else f"safety.{kind}"


async def _said_lately(handling: Handling, text_key: str) -> bool:
    said = select(func.count()).where(
        Message.conversation_id == handling.conversation.id,
        Message.text_key == text_key,
        Message.created_at > handling.now - ONE_ANSWER_IN,
    )
    return bool(await handling.session.scalar(said))
