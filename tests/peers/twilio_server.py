"""A local carrier that speaks Twilio's messaging API: keeps and lists messages, calls back, breaks on demand.

In a test: `async with TwilioPeer().running() as peer`. As a program, for tests that kill processes:
`python -m tests.peers.twilio_server --port 8089 --log accepted.jsonl` (a JSON line for each message taken).
"""

import argparse
import asyncio
import base64
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.peers.serving import serving
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN, ROOT, listing, refusal, resource
from tests.peers.twilio_spec import TwilioSpec, load_spec
from tests.peers.twilio_webhooks import post_form

LONGEST_BODY = 1600  # characters; Twilio's error 21617 beyond


class Fault(StrEnum):
    BUSY = "busy"  # 429 with Retry-After
    BROKEN = "broken"  # 500
    GATEWAY = "gateway"  # 504 after the message was taken
    HANG = "hang"  # no answer, nothing taken
    DROP_BEFORE = "drop_before"  # the connection breaks, nothing taken
    DROP_AFTER = "drop_after"  # the connection breaks after the message was taken


class TwilioPeer:
    """`accepted` and `wrong_requests` tell a test what arrived; `copies` whether anything was sent twice."""

    def __init__(
        self,
        *,
        spec: TwilioSpec | None = None,
        log: Path | None = None,
        call_back: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.url = ""
        self.accepted: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []  # the form of each message taken
        self.inbound: list[dict[str, Any]] = []
        self.wrong_requests: list[str] = []
        self.files: dict[str, tuple[str, bytes]] = {}  # media sid → type, content
        self.redirect_media_to = ""
        self._spec = spec
        self._log = log
        self._call_back = call_back
        self._now = now
        self._faults: deque[Fault] = deque()
        self._refusals: dict[str, int] = {}
        self._closing = asyncio.Event()

    # --- what a test says ---------------------------------------------------------------------

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[Self]:
        async with serving(self.app(), port) as self.url:
            try:
                yield self
            finally:
                self._closing.set()

    def fail_next(self, fault: Fault, times: int = 1) -> None:
        self._faults.extend([fault] * times)

    def refuse(self, number: str, code: int) -> None:
        """Every message to this number is refused with this code."""
        self._refusals[number] = code

    def copies(self) -> Counter[str]:
        """How often each body was taken."""
        return Counter(message["body"] for message in self.accepted)

    def receive(self, params: dict[str, str], files: Sequence[tuple[str, bytes]] = ()) -> dict[str, str]:
        """A person's text reaches the carrier. Returns the webhook's parameters; it is not called."""
        sid = f"SM{len(self.inbound):032x}"
        media = [self._store(sid, kind, content) for kind, content in files]
        webhook = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT_SID, "NumSegments": "1"} | params
        webhook |= {"SmsStatus": "received", "ApiVersion": "2010-04-01", "NumMedia": str(len(media))}
        for n, (media_sid, kind) in enumerate(media):
            webhook |= {
                f"MediaUrl{n}": f"{self.url}{ROOT}/{sid}/Media/{media_sid}",
                f"MediaContentType{n}": kind,
            }
        self.inbound.append(resource(webhook, "inbound", "received", self._now()) | {"media_sids": media})
        return webhook

    async def call_webhook(self, url: str, params: dict[str, str]) -> httpx.Response:
        return await post_form(url, params, auth_token=AUTH_TOKEN)

    async def report(self, sid: str, status: str, error_code: str = "") -> httpx.Response:
        """Call the message's own status callback, signed."""
        position = next(n for n, message in enumerate(self.accepted) if message["sid"] == sid)
        form = self.requests[position]
        said = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status}
        said |= {
            "AccountSid": ACCOUNT_SID,
            "From": form["From"],
            "To": form["To"],
            "ApiVersion": "2010-04-01",
        }
        if error_code:
            said["ErrorCode"] = error_code
        return await self.call_webhook(form["StatusCallback"], said)

    # --- what the API does --------------------------------------------------------------------

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"{ROOT}.json", self._create, methods=["POST"]),
                Route(f"{ROOT}.json", self._list, methods=["GET"]),
                Route(ROOT + "/{sid}/Media.json", self._list_media, methods=["GET"]),
                Route(ROOT + "/{sid}/Media/{media_sid}", self._file, methods=["GET"]),
                Route("/_peer/faults", self._plan_faults, methods=["POST"]),
                Route("/_peer/inbound", self._take_inbound, methods=["POST"]),
                Route("/_peer/messages", lambda _: JSONResponse(self.accepted), methods=["GET"]),
            ]
        )

    async def _create(self, request: Request) -> Response:
        fault = self._faults.popleft() if self._faults else None
        if fault in (Fault.BUSY, Fault.BROKEN, Fault.HANG, Fault.DROP_BEFORE):
            return await self._fail(request, fault)
        if wrong := await self._wrong(request):
            return wrong
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if code := self._refusal(form):
            return refusal(400, code)
        message = self._take(form)
        if fault is not None:
            return await self._fail(request, fault)
        later = BackgroundTask(self._report_delivery, message["sid"]) if self._call_back else None
        return JSONResponse(message, status_code=201, background=later)

    async def _fail(self, request: Request, fault: Fault) -> Response:
        match fault:
            case Fault.BUSY:
                return refusal(429, 20429, {"Retry-After": "7"})
            case Fault.BROKEN:
                return refusal(500, 20500)
            case Fault.GATEWAY:
                return Response("gateway timeout", status_code=504)
            case Fault.HANG:
                await self._closing.wait()
            case _:
                # ASGI has no word for a broken connection, so reach for uvicorn's own transport.
                request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
        return Response(status_code=500)

    async def _wrong(self, request: Request) -> Response | None:
        given = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {given}":
            return refusal(401, 20003)
        if self._spec is None:
            return None
        problem = self._spec.problem(
            request.method,
            request.url.path,
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        if not problem:
            return None
        self.wrong_requests.append(problem)
        return JSONResponse({"status": 422, "code": 422, "message": problem}, status_code=422)

    def _refusal(self, form: dict[str, str]) -> int:
        if not form.get("Body"):
            return 21602
        if len(form["Body"]) > LONGEST_BODY:
            return 21617
        return self._refusals.get(form["To"], 0)

    def _take(self, form: dict[str, str]) -> dict[str, Any]:
        sid = f"SM{0xACCE << 112 | len(self.accepted):032x}"
        message = resource(form | {"MessageSid": sid}, "outbound-api", "queued", self._now())
        # As at Twilio, a message in the queue has no date of sending yet.
        self.accepted.append(message | {"date_sent": None})
        self.requests.append(form)
        if self._log is not None:
            with self._log.open("a") as log:
                log.write(json.dumps({key: message[key] for key in ("sid", "to", "from", "body")}) + "\n")
        return self.accepted[-1]

    async def _report_delivery(self, sid: str) -> None:
        for status in ("sent", "delivered"):
            try:
                await self.report(sid, status)
            except httpx.HTTPError:
                return  # the other side is down: that is what such a test is about

    async def _list(self, request: Request) -> Response:
        if wrong := await self._wrong(request):
            return wrong
        return JSONResponse(listing([*self.accepted, *self.inbound], request.query_params))

    def _store(self, sid: str, kind: str, content: bytes) -> tuple[str, str]:
        media_sid = f"ME{len(self.files):032x}"
        self.files[media_sid] = (kind, content)
        return media_sid, kind

    async def _list_media(self, request: Request) -> Response:
        if wrong := await self._wrong(request):
            return wrong
        sid = request.path_params["sid"]
        message = next(m for m in self.inbound if m["sid"] == sid)
        items = [
            {"sid": media_sid, "content_type": kind, "uri": f"{ROOT}/{sid}/Media/{media_sid}.json"}
            for media_sid, kind in message["media_sids"]
        ]
        return JSONResponse({"media_list": items, "page": 0, "page_size": 50, "next_page_uri": None, "uri": ROOT})

    async def _file(self, request: Request) -> Response:
        if self.redirect_media_to:
            return RedirectResponse(self.redirect_media_to)
        if "authorization" not in request.headers:
            return refusal(401, 20003)
        kind, content = self.files[request.path_params["media_sid"]]
        return Response(content, media_type=kind)

    # --- what another process says ------------------------------------------------------------

    async def _plan_faults(self, request: Request) -> Response:
        said = await request.json()
        self.fail_next(Fault(said["fault"]), int(said.get("times", 1)))
        return Response(status_code=204)

    async def _take_inbound(self, request: Request) -> Response:
        return JSONResponse(self.receive(await request.json()))


async def _serve(peer: TwilioPeer, port: int) -> None:
    async with peer.running(port):
        print(f"ready {peer.url}", flush=True)  # noqa: T201  # the starting process waits for this line
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A local carrier that speaks Twilio's messaging API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--call-back", action="store_true", help="report sent and delivered after each message")
    # Checking takes 30 ms a request: too slow a carrier for a thousand messages in the middle of a kill.
    parser.add_argument("--unchecked", action="store_true", help="do not check requests by Twilio's description")
    arguments = parser.parse_args()
    spec = None if arguments.unchecked else load_spec()
    carrier = TwilioPeer(spec=spec, log=arguments.log, call_back=arguments.call_back)
    asyncio.run(_serve(carrier, arguments.port))
