"""Twilio's side of its webhooks: parameters as it sends them, signed as it signs them.

The signature is written out from Twilio's description of it, not taken from the SDK, so that the check in the
product and the signing here cannot share a mistake.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx


def sign(auth_token: str, url: str, params: Mapping[str, str] | None = None) -> str:
    """Base64 of HMAC-SHA1 over the URL followed by each parameter's name and value, sorted by name."""
    text = url + "".join(name + value for name, value in sorted((params or {}).items()))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode()


async def post_form(
    url: str, params: Mapping[str, str], *, auth_token: str, signed_url: str | None = None
) -> httpx.Response:
    """`signed_url` is the public URL where it differs from the one called (a proxy in between)."""
    headers = {
        "X-Twilio-Signature": sign(auth_token, signed_url or url, params),
        "I-Twilio-Idempotency-Token": "7e5d0d5c-5c1c-4f9a-8a31-0f5a3f0e2c11",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
    }
    async with httpx.AsyncClient(timeout=20, verify=False) as client:
        return await client.post(url, content=urlencode(params), headers=headers)


async def post_json(url: str, said: Mapping[str, str], *, auth_token: str) -> httpx.Response:
    """A JSON webhook: the URL carries the body's hash, and the URL alone is signed."""
    body = json.dumps(said).encode()
    url = f"{url}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"X-Twilio-Signature": sign(auth_token, url), "Content-Type": "application/json"}
    async with httpx.AsyncClient(timeout=20, verify=False) as client:
        return await client.post(url, content=body, headers=headers)
