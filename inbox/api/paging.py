"""Long lists in pages: a cursor says after which row the next page starts. Must not know what is listed."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from inbox.api.problems import Problem

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

Limit = Annotated[int, Query(ge=1, le=100, description="How many to a page.")]
Cursor = Annotated[str | None, Query(max_length=40, description="`next` of the page before.")]


class Page(BaseModel, Generic[M]):
    """A page of a list, oldest first. `next` is the cursor of the next page, null on the last."""

    items: list[M]
    next: str | None = Field(examples=["NDI"])


async def take_page(
    session: AsyncSession,
    wanted: Select[T],
    by: InstrumentedAttribute[int],
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[T], str | None]:
    """The rows after the cursor, and the cursor after them. New rows never shift a page: it goes by id."""
    if cursor is not None:
        wanted = wanted.where(by > _id(cursor))
    rows: Sequence[Any] = (await session.scalars(wanted.order_by(by).limit(limit + 1))).unique().all()
    more = len(rows) > limit
    return rows[:limit], _cursor(rows[limit - 1].id) if more else None


def _cursor(last: int) -> str:
    return base64.urlsafe_b64encode(str(last).encode()).decode().rstrip("=")


def _id(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii"))
    except (binascii.Error, ValueError) as wrong:
        raise Problem(422, "bad_cursor", "This cursor is not one of ours. Start again without it.") from wrong
