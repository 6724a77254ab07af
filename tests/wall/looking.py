"""Looking at pages as bytes: what they say, without what is new at each look (tokens of forms, numbers of errors)."""

import re
from collections import Counter
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
    """The pages that say something else than they did, each with what is new and what is gone.

    Their pieces are compared without their order: what is due at the same moment may stand in another one.
    """
    found = []
    for path, text in before.items():
        was, now = (Counter(each.split("<")) for each in (text, after.get(path, text)))
        if was != now:
            found.append(f"{path}: gone {_some(was - now)}, new {_some(now - was)}")
    return found


def _some(pieces: Counter[str]) -> list[str]:
    return [piece.strip()[:120] for piece in list(pieces)[:3]]
