"""Accepting an inbound SMS (verify, store, answer) against a bare ASGI handler with one INSERT. Target: 0.6 of it."""

import asyncio
import itertools
from functools import partial

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.stage import LINE, Figure, fill, make_hub, phone, timed
from hub.core import Hub
from hub.receive import accept
from integrations.channels.sms_twilio.channel import TwilioSms
from integrations.channels.sms_twilio.webhook import router
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import sign

TEXTS, AT_ONCE, PEOPLE = 600, 4, 60
PUBLIC = "http://bench.test"


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, PEOPLE)
    ours, peer = _ours(hub), await _bare(hub)
    await _post(ours, TEXTS // 6)
    await _post(peer, TEXTS // 6)  # both warm
    seconds = await timed(lambda: _post(ours, TEXTS))
    bare = await timed(lambda: _post(peer, TEXTS))
    await hub.store.close()
    words = "accept an inbound SMS"
    return [Figure(words, f"{TEXTS / seconds:.0f}/s", f"bare INSERT {TEXTS / bare:.0f}/s", bare / seconds, "≥ 0.6")]


def _ours(hub: Hub) -> FastAPI:
    async def nothing(_: object) -> None: ...

    app = FastAPI()
    twilio = TwilioSms(ACCOUNT_SID, AUTH_TOKEN, status_callback_url=f"{PUBLIC}/webhooks/sms/status", clock=hub.clock)
    app.include_router(router(twilio, partial(accept, hub), nothing))
    return app


async def _bare(hub: Hub) -> Starlette:
    async with hub.store.transaction() as session:
        await session.execute(text("CREATE TABLE bare (id text PRIMARY KEY, body text, at timestamptz DEFAULT now())"))

    async def store(request: Request) -> Response:
        form = await request.form()
        async with hub.store.transaction() as session:
            row = {"id": form["MessageSid"], "body": form["Body"]}
            await session.execute(text("INSERT INTO bare (id, body) VALUES (:id, :body)"), row)
        return Response("<Response/>", media_type="text/xml")

    return Starlette(routes=[Route("/webhooks/sms", store, methods=["POST"])])


_numbers = itertools.count()


async def _post(app: FastAPI | Starlette, count: int) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client:
        await asyncio.gather(*(_one(client, gate, next(_numbers)) for _ in range(count)))


async def _one(client: httpx.AsyncClient, gate: asyncio.Semaphore, number: int) -> None:
    form = {"From": phone(number % PEOPLE), "To": LINE, "Body": f"hello {number}", "MessageSid": f"SM{number:032x}"}
    signed = {"X-Twilio-Signature": sign(AUTH_TOKEN, f"{PUBLIC}/webhooks/sms", form)}
    async with gate:
        (await client.post("/webhooks/sms", data=form, headers=signed)).raise_for_status()
