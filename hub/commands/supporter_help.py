"""What somebody who stands by a person asks for themselves: IDEAS, HELP FOR ME."""

from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.threads import for_me, kits


@carries_out("ask_ideas")
async def ask_ideas(handling: Handling, _entities: dict[str, str]) -> None:
    """Words that they can say or have passed on."""
    await kits.begin(handling)


@carries_out("ask_for_me")
async def ask_for_me(handling: Handling, _entities: dict[str, str]) -> None:
    """Support and plain information for themselves."""
    await for_me.begin(handling)
