"""RESTORATIVE: what it is, and their own choice."""

from hub import restorative_talk
from hub.commands.registry import carries_out
from hub.handling import Handling


@carries_out("ask_restorative")
async def ask_restorative(handling: Handling, _entities: dict[str, str]) -> None:
    await restorative_talk.begin(handling)
