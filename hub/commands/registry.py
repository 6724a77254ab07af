"""The registry of commands: name → function. Refuses the same name twice."""

from collections.abc import Callable

from hub.handling import Carry, Handling
from hub.ports import Command

COMMANDS: dict[str, Carry] = {}


def carries_out(*names: str) -> Callable[[Carry], Carry]:
    """Register a function for one or more commands. The function gets the handling and what was read from the text."""

    def register(function: Carry) -> Carry:
        for name in names:
            if name in COMMANDS:
                raise ValueError(f"two functions carry out {name}")
            COMMANDS[name] = function
        return function

    return register


async def carry_out(handling: Handling, command: Command) -> None:
    """Carry out one command; one that nobody knows goes to a human rather than nowhere."""
    function = COMMANDS.get(command.do)
    if function is None:
        await handling.hand_over("not_understood", detail=command.do)
        return
    await function(handling, dict(command.entities))
