"""The web application on a real port, and a real Chromium that looks at it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright

from hub.flows import Flows
from hub.store.engine import Store
from inbox.app import WebSettings, create_app
from integrations.case_systems.door import CaseFiles
from tests.browser.looks import Look, look_at
from tests.browser.understanding import ReadTheScript
from tests.world import World, make_world


@pytest.fixture
async def world(store: Store, flows: Flows) -> World:
    """As elsewhere, with an assistant that understands what the people of the scene say."""
    return await make_world(store, flows=flows, assistant=ReadTheScript())


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        await app.state.web.live.close()
        server.should_exit = True
        await task


@pytest.fixture
def settings() -> WebSettings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    return WebSettings(secure_cookies=False, public_url=address, demo=True, fictional=True)


@pytest.fixture
async def site(world: World, settings: WebSettings) -> AsyncIterator[str]:
    """The address of the running application."""
    async with serving(
        create_app(world.hub, settings=settings, imports=CaseFiles(world.hub, fictional=True)), port_of(settings)
    ):
        yield settings.public_url


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    found = os.environ.get("HANDRAIL_CHROMIUM") or which("chromium")
    if not found:
        pytest.skip("no Chromium: set HANDRAIL_CHROMIUM, or install Debian's package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
def look() -> Look:
    """`looks.look_at`."""
    return look_at


def port_of(settings: WebSettings) -> int:
    return int(settings.public_url.rpartition(":")[2])
