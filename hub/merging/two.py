"""The two records of which one is left, for everything that brings rows over. Knows no table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

Column = InstrumentedAttribute[Any]
PLAIN = {"synchronize_session": False}  # everything is loaded anew afterwards


@dataclass(frozen=True, slots=True)
class Two:
    """The one who stays, and the one who becomes it."""

    keep: int
    other: int
    now: datetime


First = Callable[[AsyncSession, Two], Awaitable[None]]
