"""The web application on a real port, and a real Chromium that looks at it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import which

import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright

from inbox.app import WebSettings, create_app
from tests.world import ROOT, World

PICTURES = ROOT / "docs" / "pictures"
AXE = ROOT / "inbox" / "static" / "vendor" / "axe.min.js"


@pytest.fixture
async def site(world: World) -> AsyncIterator[str]:
    """The address of the running application."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app = create_app(world.hub, settings=WebSettings(secure_cookies=False, public_url=address, demo=True))
    config = uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    yield address
    await app.state.web.live.close()
    server.should_exit = True
    await task


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    found = os.environ.get("HANDRAIL_CHROMIUM") or which("chromium")
    if not found:
        pytest.skip("no Chromium: set HANDRAIL_CHROMIUM, or install Debian's package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()


def picture(name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / f"{name}.png"
