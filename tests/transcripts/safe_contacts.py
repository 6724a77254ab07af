"""What transcripts of safe contact need: what is known of the phone, and another phone of the same person."""

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub.people import add_contact
from hub.store.tables import Conversation
from hub.words import ChannelKind, Side
from tests.world import LINES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

ELSEWHERE = {ChannelKind.SMS: "+447700900103", ChannelKind.TELEGRAM: "900103"}


def other_channel(replay: "Replay") -> ChannelKind:
    """Another phone, on another line: Telegram, or a number for whoever is there already."""
    return ChannelKind.SMS if replay.channel is ChannelKind.TELEGRAM else ChannelKind.TELEGRAM


async def safe_contact_scene(
    replay: "Replay", session: AsyncSession, conversation: Conversation, given: dict[str, Any]
) -> None:
    """`code_word`, `ask_first`: of the phone; `elsewhere: true`: they have another, known to be safe."""
    contact, person = conversation.contact_point, conversation.person
    hub = replay.world.hub
    if "code_word" in given:
        key = hub.vault.open_person_key(person.wrapped_key or b"")
        contact.code_word_sealed = key.seal(given["code_word"], "code_word")
    contact.ask_first = given.get("ask_first", False)
    if given.get("elsewhere"):
        channel = other_channel(replay)
        other = await add_contact(hub, session, person, channel, ELSEWHERE[channel], preferred=False, safe_by="phone:1")
        other.verified_at = hub.clock.now()
    await session.flush()


async def write_from_elsewhere(replay: "Replay", words: str) -> None:
    """They write from their other phone."""
    channel = other_channel(replay)
    line = LINES[Side.VICTIMS, channel]
    await replay.world.simulator.text(ELSEWHERE[channel], line, words, channel=channel)
    await replay.world.settle()


def heard_elsewhere(replay: "Replay") -> list[str]:
    return [text.text for text in replay.world.simulator.phones.received(ELSEWHERE[other_channel(replay)])]
