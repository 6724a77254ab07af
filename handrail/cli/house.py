"""Opens the hub for one command: settings, logs, database, and all of it closed again.

Must not know any command.
"""

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from hub.errors import BadSettings

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from handrail.settings import Settings
    from hub.core import Hub

T = TypeVar("T")
WARNING = 30  # as in logging, whose import is for those who log


def the_settings() -> "Settings":
    """Raises `BadSettings` with the names of the settings that are wrong, never with what they hold."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from handrail import settings

    try:
        return settings.load()
    except ValidationError as wrong:
        said = [f"HANDRAIL_{str(each['loc'][0]).upper()}: {each['msg']}" for each in wrong.errors()]
        raise BadSettings("; ".join(said)) from wrong
    except SettingsError as wrong:  # a list that is not JSON
        raise BadSettings(f"({wrong})") from wrong


def with_hub(work: "Callable[[Hub], Awaitable[T]]", *, level: int = WARNING) -> T:
    """Do one piece of work with the hub. Raises `BadSettings` when the tables are not those of this
    version.
    """
    import asyncio

    from handrail import logs, wiring

    settings = the_settings()
    logs.configure(json=settings.log_json, level=level)
    with wiring.database(settings) as url, asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(_open(settings, url, work))


def _fastest_loop() -> "Callable[[], AbstractEventLoop] | None":
    """uvloop spares a fifth of the time of each statement; it comes with uvicorn, but not to Windows."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _open(settings: "Settings", url: str, work: "Callable[[Hub], Awaitable[T]]") -> T:
    import asyncio

    from sqlalchemy.exc import ProgrammingError

    from handrail import wiring

    hub = wiring.build_hub(settings, url)
    try:
        return await work(hub)
    except ProgrammingError as wrong:
        await asyncio.to_thread(check_tables, url)
        raise wrong from None
    finally:
        await hub.store.close()


def check_tables(url: str) -> None:
    """Raises `BadSettings` when the database has the tables of another version, or none."""
    from hub.store import migrate

    if migrate.current(url) != migrate.newest():
        raise BadSettings("The database does not have the tables of this version: run `handrail db upgrade`.")


def actor() -> str:
    """Who acts, for the audit: the account on this machine, as a number."""
    return f"terminal:{os.getuid()}"
