"""The edge of every command: a sentence on standard error and an exit code, never a traceback (unless
HANDRAIL_DEBUG).

Exit codes: 0 fine, 1 a problem was found, 2 the command was used wrongly. Must not know any command.
"""

from typing import Any

import typer
from typer.core import TyperGroup

from hub.errors import HandrailError

PROBLEM = 1
WRONG_USAGE = 2


class Edge(TyperGroup):
    """The outermost group: turns what went wrong into a sentence."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, EOFError, KeyboardInterrupt):
            raise
        except Exception as fault:
            if _is_usage(fault) or debug():
                raise
            typer.echo(_sentence(fault), err=True)
        raise typer.Exit(PROBLEM)


def _sentence(fault: Exception) -> str:
    if isinstance(fault, HandrailError):
        return str(fault)
    return f"Something went wrong ({type(fault).__name__}). Set HANDRAIL_DEBUG=1 to see where."


def _is_usage(fault: Exception) -> bool:
    return hasattr(fault, "exit_code") and hasattr(fault, "format_message")  # click's own errors


def debug() -> bool:
    from handrail import settings

    try:
        return settings.load().debug
    except ValueError:
        return False


def wrong_usage(sentence: str) -> typer.BadParameter:
    """To raise when an option does not fit: the sentence with the usage, exit code 2."""
    return typer.BadParameter(sentence)
