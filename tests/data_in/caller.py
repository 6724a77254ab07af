"""Another program that uses the API, for tests; every answer must be what the OpenAPI document promises."""

from dataclasses import dataclass
from typing import Any

from httpx import AsyncClient, Response
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from sqlalchemy import func, select

from hub import api_keys
from hub.store.tables import AuditEvent, Table
from hub.words import Side
from tests.world import World

SAM = {
    "name": "Sam Carter",
    "role": "supervised",
    "mobile": "07700 900123",
    "worker_email": "priya@example.org",
    "external_ref": "P1",
}
TIME = "2026-03-20T14:00:00+00:00"


@dataclass
class Caller:
    """Another program, with its key. Every answer must be what the OpenAPI document promises."""

    http: AsyncClient
    document: OpenAPI
    token: str

    async def ask(self, method: str, path: str, *, once: str = "", status: int = 200, **more: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": once} if once else {})
        answer = await self.http.request(method, f"/api/v1{path}", headers=headers, **more)
        asked = MockRequest("http://hub", method.lower(), f"/api/v1{path.split('?')[0]}")
        kind = answer.headers["content-type"]
        self.document.validate_response(asked, MockResponse(answer.content, answer.status_code, content_type=kind))
        assert answer.status_code == status, answer.text
        return answer

    async def get(self, path: str, *, status: int = 200) -> Any:
        return (await self.ask("GET", path, status=status)).json()

    async def post(self, path: str, body: dict[str, Any], *, status: int = 201, once: str = "") -> Any:
        return (await self.ask("POST", path, json=body, status=status, once=once)).json()

    async def patch(self, path: str, body: dict[str, Any], *, status: int = 200, once: str = "") -> Any:
        return (await self.ask("PATCH", path, json=body, status=status, once=once)).json()

    async def person(self, **changes: Any) -> str:
        return str((await self.post("/people", {**SAM, **changes}))["ref"])

    async def appointment(self, person: str, **changes: Any) -> str:
        return str((await self.post("/appointments", meeting(person, **changes)))["ref"])


def meeting(person: str, **changes: Any) -> dict[str, Any]:
    return {
        "person_ref": person,
        "starts_at": TIME,
        "with_whom": "Priya",
        "place": "1 High Street",
        **changes,
    }


async def key_for(world: World, side: Side) -> str:
    async with world.hub.store.transaction() as session:
        _, token = await api_keys.create(
            world.hub, session, "worker:1", agency_id=world.agency_id, side=side, name="Case system"
        )
    return token


async def count(world: World, table: type[Table]) -> int:
    async with world.hub.store.transaction() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def audited(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(AuditEvent.what).order_by(AuditEvent.id)))
