"""A small Bot API server: takes messages, keeps updates until they are confirmed, serves files, and breaks.

In a test: `async with TelegramPeer().running() as peer`.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any, Self

import httpx
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.serving import serving

TOKEN = "700900:the-token-of-the-local-bot"
BOT = {"id": 700900, "is_bot": True, "first_name": "Handrail", "username": "handrail_test_bot"}


class Fault(StrEnum):
    BUSY = "busy"  # 429 with retry_after
    BROKEN = "broken"  # 500
    GATEWAY = "gateway"  # 502 after the message was taken
    HANG = "hang"  # no answer, nothing taken
    DROP_BEFORE = "drop_before"  # the connection breaks, nothing taken
    DROP_AFTER = "drop_after"  # the connection breaks after the message was taken


class TelegramPeer:
    """`sent` and `acknowledged` tell a test what the bot did."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: list[dict[str, Any]] = []
        self.acknowledged: list[str] = []
        self.files: dict[str, bytes] = {}  # file_id, which is its path too
        self.refusals: dict[str, tuple[int, str]] = {}  # chat id → status, sentence
        self.asked_offsets: list[int] = []
        self._webhook: dict[str, str] = {}
        self._updates: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()
        self._faults: deque[Fault] = deque()
        self._closing = asyncio.Event()

    # --- what a test says ---------------------------------------------------------------------

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
        ]
        async with serving(Starlette(routes=routes)) as self.url:
            try:
                yield self
            finally:
                self._closing.set()

    def fail_next(self, fault: Fault, times: int = 1) -> None:
        self._faults.extend([fault] * times)

    async def queue(self, *updates: dict[str, Any]) -> None:
        """Keep updates for a bot that polls."""
        async with self._changed:
            self._updates.extend(updates)
            self._changed.notify_all()

    async def push(self, update: dict[str, Any]) -> httpx.Response:
        """Call the webhook that the bot has set, with its secret."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._webhook["secret_token"]}
        async with httpx.AsyncClient(verify=False) as client:
            return await client.post(self._webhook["url"], json=update, headers=headers)

    @property
    def unconfirmed(self) -> list[int]:
        return [update["update_id"] for update in self._updates]

    # --- what the Bot API does ----------------------------------------------------------------

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _refusal(401, "Unauthorized")
        methods = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "answercallbackquery": self._answer_callback_query,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getupdates": self._get_updates,
            "getfile": self._get_file,
        }
        method = methods.get(request.path_params["method"].lower())
        if method is None:
            return _refusal(404, "Not Found")
        fault = self._faults.popleft() if self._faults else None
        if fault in (Fault.BUSY, Fault.BROKEN, Fault.HANG, Fault.DROP_BEFORE):
            return await self._fail(request, fault)
        answer = await method(await request.form())
        return await self._fail(request, fault) if fault else answer

    async def _fail(self, request: Request, fault: Fault) -> Response:
        match fault:
            case Fault.BUSY:
                return _refusal(429, "Too Many Requests: retry after 7", parameters={"retry_after": 7})
            case Fault.BROKEN:
                return _refusal(500, "Internal Server Error")
            case Fault.GATEWAY:
                return Response("<html>502 Bad Gateway</html>", status_code=502)
            case Fault.HANG:
                await self._closing.wait()
            case _:
                # ASGI has no word for a broken connection, so reach for uvicorn's own transport.
                request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
        return Response(status_code=500)

    async def _get_me(self, _: FormData) -> Response:
        return _result(BOT)

    async def _send_message(self, form: FormData) -> Response:
        said = {key: str(value) for key, value in form.items()}
        if not said.get("text"):
            return _refusal(400, "Bad Request: message text is empty")
        if len(said["text"]) > 4096:
            return _refusal(400, "Bad Request: message is too long")
        if refusal := self.refusals.get(said["chat_id"]):
            return _refusal(*refusal)
        self.sent.append(said)
        chat = {"id": int(said["chat_id"]), "type": "private"}
        message = {"message_id": 1000 + len(self.sent), "date": 1_790_000_000, "chat": chat, "from": BOT}
        return _result(message | {"text": said["text"]})

    async def _answer_callback_query(self, form: FormData) -> Response:
        self.acknowledged.append(str(form["callback_query_id"]))
        return _result(True)

    async def _set_webhook(self, form: FormData) -> Response:
        self._webhook = {key: str(value) for key, value in form.items()}
        return _result(True)

    async def _delete_webhook(self, _: FormData) -> Response:
        self._webhook = {}
        return _result(True)

    async def _get_updates(self, form: FormData) -> Response:
        """An offset confirms all updates before it; then wait for the next."""
        if self._webhook:
            return _refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(str(form.get("offset", 0)))
        self.asked_offsets.append(offset)
        async with self._changed:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self._changed.notify_all()
            try:
                seconds = float(str(form.get("timeout", 0)))
                await asyncio.wait_for(self._changed.wait_for(lambda: self._updates), seconds)
            except TimeoutError:
                return _result([])
        return _result(self._updates[:100])

    async def _get_file(self, form: FormData) -> Response:
        file_id = str(form["file_id"])
        if file_id not in self.files:
            return _refusal(400, "Bad Request: file is too big")
        return _result({"file_id": file_id, "file_unique_id": file_id, "file_path": f"files/{file_id}"})

    async def _file(self, request: Request) -> Response:
        return Response(self.files[request.path_params["path"].removeprefix("files/")])

    async def wait_until_confirmed(self) -> None:
        """Until the bot has asked with an offset after every update."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._updates)


def _result(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refusal(status: int, sentence: str, **more: Any) -> Response:
    said = {"ok": False, "error_code": status, "description": sentence} | more
    return JSONResponse(said, status_code=status)
