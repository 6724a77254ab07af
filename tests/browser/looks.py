"""Looking at a page as people with other eyes, screens and hands do."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import ConsoleMessage, Page

from tests.world import ROOT

AXE = ROOT / "inbox" / "static" / "vendor" / "axe.min.js"
KEPT = ROOT / "docs" / "pictures"
# The documentation shows these; all others are for whoever runs the tests, in pytest's own folder.
SHOWN = {"inbox", "conversation", "proof", "survey", "chat", "demo", "appointments"}
SHOWN_NARROW = {"inbox-narrow", "conversation-narrow", "survey-narrow"}

PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400% (WCAG 2.2, 1.4.10)
DESK = {"width": 1280, "height": 900}

_TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    const hidden = '.govuk-visually-hidden, .quiet, .handrail-list thead, .govuk-skip-link, dialog';
    return [...document.body.querySelectorAll('*')]
        .filter((e) => !e.closest(hidden) && e.getClientRects().length)
        .filter((e) => e.getBoundingClientRect().right > width + 1)
        .map((e) => `${e.tagName}.${e.className} runs off the side`);
}"""
_CLIPPED = """() => [...document.body.querySelectorAll('p, a, button, td, th, dd, dt, label, h1, h2, h3')]
    .filter((e) => !e.closest('.govuk-visually-hidden, .quiet, thead, .govuk-skip-link, dialog') && e.clientWidth > 0)
    .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== 'visible')
    .map((e) => `${e.tagName}.${e.className} is cut: ${e.textContent.trim().slice(0, 40)}`)"""


Look = Callable[..., Awaitable[list[str]]]  # (page, address, name of the picture) → what is wrong


async def look_at(page: Page, address: str, name: str, others: Path) -> list[str]:
    """Open, look with all eyes, keep pictures under a name (in `others` unless the documentation shows them)."""
    problems: list[str] = []
    page.on("console", lambda message: problems.extend(_complaint(message)))
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await page.goto(address)
    await page.wait_for_timeout(200)
    if name:
        await page.screenshot(path=_place(name, others))
    found = await axe(page)
    found += [f"at 360 px: {what}" for what in await broken_at(page, PHONE)]
    if name:
        await page.screenshot(path=_place(f"{name}-narrow", others), full_page=True)
    found += [f"at 400%: {what}" for what in await broken_at(page, ZOOMED)]
    if name:
        await page.screenshot(path=_place(f"{name}-zoomed", others))
    return [f"{address}: {what}" for what in (*found, *problems)]


def _complaint(message: ConsoleMessage) -> list[str]:
    # A page that says "not found" has that status; the browser calls it an error.
    return [message.text] if message.type == "error" and "Failed to load resource" not in message.text else []


def _place(name: str, others: Path) -> Path:
    folder = KEPT if name in SHOWN | SHOWN_NARROW else others
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.png"


async def axe(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, each with where."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate("() => axe.run()")
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


async def broken_at(page: Page, size: dict[str, int]) -> list[str]:
    """What runs off the side or is cut at this size."""
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await page.wait_for_timeout(50)
    return [*await page.evaluate(_TOO_WIDE), *await page.evaluate(_CLIPPED)]
