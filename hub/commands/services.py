"""SUPPORT, and "can I get counselling": the menu of help, on either side with its own services."""

from hub import support_talk
from hub.commands.registry import carries_out
from hub.handling import Handling


@carries_out("ask_support_services")
async def ask_support_services(handling: Handling, _entities: dict[str, str]) -> None:
    await support_talk.begin(handling)
