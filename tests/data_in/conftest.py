"""The API on a real database, and a caller for each side."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from openapi_core import Config, OpenAPI

from hub.core import Hub
from hub.words import Side
from inbox.api import router
from inbox.api.document import openapi as describe
from inbox.api.problems import MEDIA_TYPE
from tests.data_in.caller import Caller, key_for
from tests.world import World


class ThisTests:
    """Stands for the hub of whichever test is running, so that one application serves them all."""

    hub: Hub

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hub, name)


@pytest.fixture(scope="session")
def _hub() -> ThisTests:
    return ThisTests()


@pytest.fixture(scope="session")
def _app(_hub: ThisTests) -> FastAPI:
    """Once a process: its routes are built when they are first looked at, which takes longer than a test."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router(_hub, fictional=True))
    return app


@pytest.fixture
async def http(world: World, _hub: ThisTests, _app: FastAPI) -> AsyncIterator[AsyncClient]:
    _hub.hub = world.hub
    async with AsyncClient(transport=ASGITransport(_app), base_url="http://hub") as client:
        yield client


@pytest.fixture(scope="session")
def document(_hub: ThisTests) -> OpenAPI:
    """Checked against OpenAPI's own schema, which takes a second: once a process."""
    described = describe(list(router(_hub).routes))
    return OpenAPI.from_dict(described, config=Config(extra_media_type_deserializers={MEDIA_TYPE: json.loads}))


@pytest.fixture
async def supervision(world: World, http: AsyncClient, document: OpenAPI) -> Caller:
    return Caller(http, document, await key_for(world, Side.SUPERVISION))


@pytest.fixture
async def victims(world: World, http: AsyncClient, document: OpenAPI) -> Caller:
    return Caller(http, document, await key_for(world, Side.VICTIMS))
