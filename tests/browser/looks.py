"""Looking at a page as people with other eyes, screens and hands do."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.async_api import ConsoleMessage, Page

from tests.browser.valid import invalid
from tests.world import ROOT

AXE = ROOT / "inbox" / "static" / "vendor" / "axe.min.js"
KEPT = ROOT / "docs" / "screens"
TALLEST = 2400  # px of a picture: a list that goes on says no more
COLOURS = 64

PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400% (WCAG 2.2, 1.4.10)
DESK = {"width": 1280, "height": 900}

_TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    const hidden = '.govuk-visually-hidden, .quiet, .handrail-list thead, .govuk-skip-link, dialog';
    return [...document.body.querySelectorAll('*')]
        .filter((e) => !e.closest(hidden) && e.checkVisibility() && e.getClientRects().length)
        .filter((e) => e.getBoundingClientRect().right > width + 1)
        .map((e) => `${e.tagName}.${e.getAttribute('class')} runs off the side: ${e.textContent.trim().slice(0, 40)}`);
}"""
_CLIPPED = """() => [...document.body.querySelectorAll('p, a, button, td, th, dd, dt, label, h1, h2, h3')]
    .filter((e) => !e.closest('.govuk-visually-hidden, .quiet, thead, .govuk-skip-link, dialog') && e.clientWidth > 0)
    .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== 'visible')
    .map((e) => `${e.tagName}.${e.className} is cut: ${e.textContent.trim().slice(0, 40)}`)"""


Look = Callable[..., Awaitable[list[str]]]  # (page, address, name of the picture) → what is wrong


async def look_at(page: Page, address: str, name: str = "") -> list[str]:
    """Open, look with all eyes; under a name, pictures of the screen are kept at 1280 and at 360 px."""
    problems: list[str] = []
    page.on("console", lambda message: problems.extend(_complaint(message)))
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    answer = await page.goto(address)
    assert answer
    found = invalid(await answer.text())
    found += await look_again(page, name)
    return [f"{address}: {what}" for what in (*found, *problems)]


async def look_again(page: Page, name: str = "") -> list[str]:
    """As `look_at`, at the page as it stands now: what was clicked open, typed or refused."""
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await page.wait_for_load_state("load")
    await page.wait_for_timeout(200)
    await _picture(page, name, "1280")
    found = await axe(page)
    await page.emulate_media(color_scheme="dark")
    found += [f"by night: {what}" for what in await axe(page, "color-contrast")]
    await page.emulate_media(color_scheme="light")
    found += [f"at 360 px: {what}" for what in await broken_at(page, PHONE)]
    await _picture(page, name, "360")
    found += [f"at 400%: {what}" for what in await broken_at(page, ZOOMED)]
    return found


async def _picture(page: Page, name: str, width: str) -> None:
    """The top of the page, in as few bytes as a screen of text needs."""
    if not name:
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(await page.screenshot(full_page=True, animations="disabled"))) as whole:
        shown = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, TALLEST)))
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(KEPT / f"{name}-{width}.png", optimize=True)


def _complaint(message: ConsoleMessage) -> list[str]:
    # A page that says "not found" has that status; the browser calls it an error.
    return [message.text] if message.type == "error" and "Failed to load resource" not in message.text else []


async def axe(page: Page, *only: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, each with where; `only`: by these rules of it."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate("(only) => axe.run(only.length ? {runOnly: only} : {})", list(only))
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


async def broken_at(page: Page, size: dict[str, int]) -> list[str]:
    """What runs off the side or is cut at this size."""
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await page.wait_for_timeout(50)
    return [*await page.evaluate(_TOO_WIDE), *await page.evaluate(_CLIPPED)]
