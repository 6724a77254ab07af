"""What is done: one file a topic of `flows/`, one function a command. `carry_out` finds the function by its name.

A command's name is for ever: transcripts, audit and reports carry it.
"""

from importlib import import_module
from pkgutil import iter_modules

from hub.commands.registry import COMMANDS, carries_out, carry_out

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["COMMANDS", "carries_out", "carry_out"]
