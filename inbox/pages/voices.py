"""A voice message, played or saved: by whoever may see the person, and each time somebody does is recorded.

A player asks for parts of it (RFC 9110, section 14): Safari plays nothing without.
"""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.access import access_media, access_original
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/voices/{media_id}")

KIND = "audio/mpeg"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Accept-Ranges": "bytes"}


@router.get("")
async def play(request: Request, web: WebDep, me: Reader, media_id: int) -> Response:
    async with web.hub.store.transaction() as session:
        _, content = await access_media(web.hub, session, me.worker, media_id, playing=True)
    return part_of(request, content)


@router.get("/original")
async def save(web: WebDep, me: Reader, media_id: int) -> Response:
    """As it came, to the byte: evidence. Never shown or played from here."""
    async with web.hub.store.transaction() as session:
        content = await access_original(web.hub, session, me.worker, media_id)
    headers = _HEADERS | {"Content-Disposition": f'attachment; filename="voice-{media_id}.bin"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def part_of(request: Request, content: bytes) -> Response:
    """All of it, or the one part that is asked for."""
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None:
        return Response(content, media_type=KIND, headers=_HEADERS)
    first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    if first > last:
        return Response(status_code=416, headers=_HEADERS | {"Content-Range": f"bytes */{len(content)}"})
    headers = _HEADERS | {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return Response(content[first : last + 1], 206, media_type=KIND, headers=headers)
