"""VIEW: what the person thinks of how their case may be dealt with, said or changed."""

from hub import proposal_talk
from hub.commands.human import speak_to_person
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.words import Side


@carries_out("give_view")
async def give_view(handling: Handling, entities: dict[str, str]) -> None:
    if handling.conversation.side is not Side.VICTIMS:
        return await speak_to_person(handling, entities)
    await proposal_talk.begin(handling)
