"""Looking at a page as people with other eyes, screens and hands do."""

from typing import Any

from playwright.async_api import Page

from tests.browser.conftest import AXE

PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400% (WCAG 2.2, 1.4.10)
DESK = {"width": 1280, "height": 900}

_TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    const hidden = '.govuk-visually-hidden, .handrail-list thead, .govuk-skip-link, dialog';
    return [...document.body.querySelectorAll('*')]
        .filter((e) => !e.closest(hidden) && e.getClientRects().length)
        .filter((e) => e.getBoundingClientRect().right > width + 1)
        .map((e) => `${e.tagName}.${e.className} runs off the side`);
}"""
_CLIPPED = """() => [...document.body.querySelectorAll('p, a, button, td, th, dd, dt, label, h1, h2, h3')]
    .filter((e) => !e.closest('.govuk-visually-hidden, thead, .govuk-skip-link, dialog') && e.clientWidth > 0)
    .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== 'visible')
    .map((e) => `${e.tagName}.${e.className} is cut: ${e.textContent.trim().slice(0, 40)}`)"""


async def axe(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, each with where."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate("() => axe.run()")
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found["violations"]
        for node in v["nodes"]
    ]


async def broken_at(page: Page, size: dict[str, int]) -> list[str]:
    """What runs off the side or is cut at this size."""
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await page.wait_for_timeout(50)
    return [*await page.evaluate(_TOO_WIDE), *await page.evaluate(_CLIPPED)]
