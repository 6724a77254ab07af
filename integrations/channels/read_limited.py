"""Read the body of a webhook, but never more than one could have sent honestly.

Must not know any provider.
"""

from fastapi import Request

MAX_BODY_BYTES = 1024 * 1024  # a text of 10,000 emoji is 120 kB as a form; files come by link, not in the body


class BodyTooLarge(Exception):
    """The caller sends more than a webhook can hold."""


async def read_limited(request: Request, limit: int = MAX_BODY_BYTES) -> bytes:
    """Raises `BodyTooLarge` as soon as the limit is passed, before the rest is read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge
    return bytes(body)
