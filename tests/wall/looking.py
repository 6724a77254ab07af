"""Looking at pages as bytes: what they say, without what is new at each look (tokens of forms, numbers of errors)."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO

import httpx
from pypdf import PdfReader

from tests.wall.house import Desk

_NEW_EACH_TIME = re.compile(
    r'(?:name="(?:csrf|nonce|token)" value="[^"]*")|(?:give them this number: <strong>\w+</strong>)|"id":"\w{8}"'
)
ENDLESS = ("/events",)  # a stream without an end (tests/wall/test_live.py listens to it)
ENDS_THE_WALK = ("/sign-out",)


def shown(answer: httpx.Response) -> str:
    """All that can be read of an answer, headers too; of a PDF its words."""
    if answer.headers.get("content-type", "").startswith("application/pdf"):
        body = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    else:
        body = _NEW_EACH_TIME.sub("", answer.text)
    headers = (f"{name}: {value}" for name, value in answer.headers.items() if name != "content-length")
    return "\n".join([str(answer.status_code), body, *headers])


async def pages(desk: Desk, paths: Iterable[str]) -> dict[str, str]:
    return {path: shown(await desk.get(path)) for path in paths if not path.endswith((*ENDLESS, *ENDS_THE_WALK))}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The pages that are not as they were, each with its first line that differs."""
    changed = [path for path, text in before.items() if text != after.get(path, text)]
    return [f"{path}: {_first_difference(before[path], after[path])}" for path in changed]


def _first_difference(one: str, two: str) -> str:
    pairs = zip(one.splitlines(), two.splitlines(), strict=False)
    was, now = next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", "more or fewer lines"))
    return f"was {was[:120]!r}, is {now[:120]!r}"
