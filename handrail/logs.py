"""What is logged and how: an event's name and ids, never a word or an address of anybody.
Lines go to standard error.

What could be personal is dropped by its key, whoever wrote it; of an error, only its kind and where it
happened are
kept, since its sentence may quote a text or a number. Must not know what is logged.
"""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor

ROOT = Path(__file__).parent.parent

# Keys under which a person's name, words or address could stand. Events use ids, refs and codes instead.
PERSONAL = frozenset(
    {"address", "addresses", "body", "content", "email", "facts", "from", "mobile", "name", "number"}
    | {"phone", "recipient", "sender", "text", "to", "words"}
)
DEEPEST = 12  # frames of an error that are shown, the innermost ones


def configure(*, json: bool = False, level: int = logging.INFO) -> None:
    """Our own events from `level`; of the libraries only warnings: at INFO some of them log URLs with tokens
    in them.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal,
        say_where,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def drop_personal(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Remove every key that could be personal; its name is kept, so that the omission shows."""
    dropped = sorted(PERSONAL & event.keys())
    for key in dropped:
        del event[key]
    if dropped:
        event["dropped"] = dropped
    return event


def say_where(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an error by its kind and the places it came through."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = places(error.__traceback__)
    return event


def places(trace: TracebackType | None) -> str:
    """ "hub/receive.py:98 handle < hub/decide.py:70 situation", the outermost first."""
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])
