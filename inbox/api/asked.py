"""Who asks, and doing a thing once however often it is asked. Every route of the API starts here.

Must not know what is asked for.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub import api_keys
from hub.core import Hub
from hub.store.audit import record
from hub.store.tables import IdempotentRequest
from hub.words import Side
from inbox.api.problems import Problem

BEARER = HTTPBearer(auto_error=False, description="A key of your agency, `hk_…`. A key sees one side only.")
IDEMPOTENCY_HELP = "Any text of yours, new for each thing to do. A repeat with the same body gets the first answer."

Work = Callable[[AsyncSession], Awaitable[BaseModel]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the routes are given when they are mounted."""

    hub: Hub
    fictional: bool


@dataclass(frozen=True, slots=True)
class AskedBy:
    """A request with a valid key."""

    hub: Hub
    fictional: bool  # whether 07700 900000 to 900999 are taken
    key_id: int
    agency_id: int
    side: Side
    request: Request
    idempotency_key: str | None

    @property
    def actor(self) -> str:
        return f"key:{self.key_id}"

    def audit(self, session: AsyncSession, what: str, subject: str, person_id: int | None = None, **more: Any) -> None:
        record(session, self.hub.clock.now(), self.actor, what, subject, person_id=person_id, **more)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction too: that something was read is recorded with it."""
        async with self.hub.store.transaction() as session:
            yield session

    async def once(self, status: int, work: Work) -> JSONResponse:
        """Do the work and answer with what it returns; a repeat under the same key gets that answer.

        The Idempotency-Key is claimed by an insert in the transaction of the work itself: a second request
        waits for the first to finish, and takes over when the first failed. Answers are kept as they are, so
        they must hold no personal data.
        """
        async with self.hub.store.transaction() as session:
            if self.idempotency_key is None:
                return JSONResponse((await work(session)).model_dump(mode="json"), status)
            before = await self._claim(session, self.idempotency_key)
            if before:
                return JSONResponse(before.answer, before.status, headers={"Idempotent-Replayed": "true"})
            answer = (await work(session)).model_dump(mode="json")
            await self._keep(session, self.idempotency_key, status, answer)
        return JSONResponse(answer, status)

    async def _claim(self, session: AsyncSession, key: str) -> IdempotentRequest | None:
        """None when the key is new and now ours. Raises `Problem` when it was used for something else."""
        digest = await self._digest()
        row = insert(IdempotentRequest).values(
            api_key_id=self.key_id,
            key=key,
            request_hash=digest,
            status=0,
            answer={},
            created_at=self.hub.clock.now(),
        )
        claimed = await session.scalar(row.on_conflict_do_nothing().returning(IdempotentRequest.key))
        if claimed is not None:
            return None
        before = (
            await session.execute(
                select(IdempotentRequest).where(
                    IdempotentRequest.api_key_id == self.key_id, IdempotentRequest.key == key
                )
            )
        ).scalar_one()
        if before.request_hash != digest:
            sentence = "This Idempotency-Key was used for another request. Choose a new one."
            raise Problem(422, "idempotency_key_used", sentence)
        return before

    async def _keep(self, session: AsyncSession, key: str, status: int, answer: dict[str, Any]) -> None:
        await session.execute(
            update(IdempotentRequest)
            .where(IdempotentRequest.api_key_id == self.key_id, IdempotentRequest.key == key)
            .values(status=status, answer=answer)
        )

    async def _digest(self) -> bytes:
        """Keyed, because a body can be as short as a telephone number."""
        body = (await self.request.body()).decode("utf-8", "replace")
        return self.hub.vault.index(self.side, "request", f"{self.request.method} {self.request.url.path}\n{body}")


async def asked_by(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=100, description=IDEMPOTENCY_HELP)] = None,
) -> AskedBy:
    """Raises `Problem` 401 without a key that works."""
    settings: Settings = request.state.api
    async with settings.hub.store.transaction() as session:
        key = await api_keys.find(session, credentials.credentials) if credentials else None
    if key is None:
        raise Problem(401, "key_needed", "Send a key that works: “Authorization: Bearer hk_…”.")
    return AskedBy(
        hub=settings.hub,
        fictional=settings.fictional,
        key_id=key.id,
        agency_id=key.agency_id,
        side=key.side,
        request=request,
        idempotency_key=idempotency_key,
    )


def provide(hub: Hub, *, fictional: bool) -> Callable[[Request], Awaitable[None]]:
    """A dependency that hands the hub to the routes, so that they can stand in plain modules."""

    async def give(request: Request) -> None:
        request.state.api = Settings(hub, fictional)

    return give


Asked = Annotated[AskedBy, Depends(asked_by)]
