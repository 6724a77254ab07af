"""Small talk: a greeting, thanks, swearing, what is none of our business. Short, and never the last word
twice."""

from datetime import timedelta

from sqlalchemy import func, select

from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.store.tables import Message

ONCE_IN = timedelta(hours=12)


@carries_out("greet")
async def greet(handling: Handling, _entities: dict[str, str]) -> None:
    await handling.say("small_talk.greet")


@carries_out("thank")
async def thank(handling: Handling, _entities: dict[str, str]) -> None:
    """Answered once; a second thanks needs no answer."""
    if not await _said_lately(handling, "small_talk.thank"):
        await handling.say("small_talk.thank")


@carries_out("acknowledge")
async def acknowledge(handling: Handling, _entities: dict[str, str]) -> None:
    """ "ok" to something that asked nothing: read, and no text is spent on it."""


@carries_out("insult")
async def insult(handling: Handling, _entities: dict[str, str]) -> None:
    await handling.say("small_talk.insult")


@carries_out("out_of_scope")
async def out_of_scope(handling: Handling, _entities: dict[str, str]) -> None:
    await handling.say("small_talk.out_of_scope")


async def _said_lately(handling: Handling, text_key: str) -> bool:
    said = select(func.count()).where(
        Message.conversation_id == handling.conversation.id,
        Message.text_key == text_key,
        Message.created_at > handling.now - ONCE_IN,
    )
    return bool(await handling.session.scalar(said))
