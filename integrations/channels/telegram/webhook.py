"""Telegram's webhook: is it really Telegram? Then on to the hub.

Must not know what the hub does with a text.
"""

import hmac
import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from hub.errors import StoreUnavailable
from hub.ports import Inbound
from integrations.channels.read_limited import BodyTooLarge, read_limited
from integrations.channels.telegram.channel import TelegramChannel
from integrations.channels.telegram.updates import acknowledge, parse, to_inbound

Accept = Callable[[Inbound], Awaitable[object]]

PATH = "/webhooks/telegram"
# https://core.telegram.org/bots/api#setwebhook
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name, not the secret


def verify(secret_token: str, header: str) -> bool:
    """Whether the header carries our secret, compared in constant time. An empty secret fits nothing."""
    return bool(secret_token) and hmac.compare_digest(secret_token.encode(), header.encode())


def router(telegram: TelegramChannel, accept: Accept) -> APIRouter:
    """`POST /webhooks/telegram`. Telegram repeats an update until the answer is 2xx, so what we have no use
    for (groups, edits) is answered 200, and 503 when the database is gone.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.post(PATH)
    async def update(request: Request) -> Response:
        if not verify(telegram.secret_token, request.headers.get(SECRET_HEADER, "")):
            return Response(status_code=403)
        try:
            said = parse(telegram, json.loads(await read_limited(request)))
        except BodyTooLarge:
            return Response(status_code=413)
        except ValueError:
            return Response(status_code=400)
        inbound = await to_inbound(telegram, said)
        if inbound is None:
            return Response(status_code=200)
        try:
            await accept(inbound)
        except StoreUnavailable:
            return Response(status_code=503)
        await acknowledge(telegram, said)
        return Response(status_code=200)

    return routes
