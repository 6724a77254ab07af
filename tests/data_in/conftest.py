"""The API on a real database, and a caller for each side."""

import json
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from openapi_core import Config, OpenAPI

from hub.words import Side
from inbox.api import router
from inbox.api.document import openapi as describe
from inbox.api.problems import MEDIA_TYPE
from tests.data_in.caller import Caller, key_for
from tests.world import World


@pytest.fixture
async def http(world: World) -> AsyncIterator[AsyncClient]:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router(world.hub, fictional=True))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://hub") as client:
        yield client


@pytest.fixture(scope="session")
def document() -> OpenAPI:
    """The same for every hub. Checked against OpenAPI's own schema, which takes a second: once a process."""
    described = describe(list(router(hub=None).routes))
    return OpenAPI.from_dict(described, config=Config(extra_media_type_deserializers={MEDIA_TYPE: json.loads}))


@pytest.fixture
async def supervision(world: World, http: AsyncClient, document: OpenAPI) -> Caller:
    return Caller(http, document, await key_for(world, Side.SUPERVISION))


@pytest.fixture
async def victims(world: World, http: AsyncClient, document: OpenAPI) -> Caller:
    return Caller(http, document, await key_for(world, Side.VICTIMS))
