"""From a text to its reply: the whole program beside stock Rasa behind its own Twilio channel, with the same model.

Ours: webhook, store, safety words, assistant over HTTP, command, reply queued. Theirs: webhook, model, reply posted;
nothing is stored, nothing survives a crash. Also: a reply that needs no model, and the memory of the processes.
"""

import asyncio
import itertools
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import psycopg

from benchmarks.figures import Figure, in_turns, percentile
from benchmarks.processes import answers, carrier, free_port, megabytes, python, settings, web
from benchmarks.stage import LINE, fill, make_hub, phone
from handrail.nlu.rows import rows_of
from handrail.settings import ROOT
from hub.flows import Flows
from hub.ports import Turn
from hub.words import Awaiting
from integrations.assistant.process import rasa_command, rasa_environment
from integrations.assistant.server import BotServer, signal_group, train
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import sign

TEXTS, AT_ONCE, PEOPLE, ALONE, EXACT = 100, 8, 100, 40, 5000
HUB_MEMORY, BOT_MEMORY, SLOWEST = 250.0, 700.0, 100.0  # megabytes, milliseconds
CREDENTIALS = "benchmarks.stock_rasa.LocalTwilio: {{account_sid: {sid}, auth_token: {token}, twilio_number: '{line}'}}"
ENDPOINTS = "nlg: {type: benchmarks.stock_rasa.OneSentence}\n"
WAITING = "SELECT count(*) FROM messages WHERE state = 'received'"
QUEUED = "SELECT count(*) FROM messages WHERE direction = 'out'"


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, PEOPLE)
    await hub.store.close()
    model = train(ROOT)
    with carrier() as provider, BotServer(ROOT, model=model) as bot, stock(model, provider) as other:
        setting = settings("", provider=provider, bot=bot.base_url, token=bot.token)
        more = {name: setting[name] for name in ("HANDRAIL_TWILIO_API_URL", "HANDRAIL_BOT_URL", "HANDRAIL_BOT_TOKEN")}
        worker = settings(url, provider=provider, bot=bot.base_url, token=bot.token)
        with web(url, **more) as (door, pid), python("-m", "handrail", "worker", **worker) as working:
            async with Texter(url) as texter:
                await texter.ours(door, TEXTS // 4)
                await texter.stock(other, TEXTS // 4)  # both warm
                speeds = await in_turns(lambda: texter.ours(door), lambda: texter.stock(other))
                took = await texter.one_by_one(door)
            sizes = (megabytes(pid), megabytes(working.pid))
        bot_size = megabytes(bot.pid or 0)
    exact = exact_replies_a_second()
    return [
        Figure("reply", "inbound SMS to reply queued, free text", *speeds, "stock Rasa, same model", "/s", 1),
        Figure("reply_p95", "… p95", percentile(took, 0.95) * 1000, SLOWEST, "limit", "ms", 1, True),
        Figure("exact", "exact reply to decision", exact, speeds[1], "stock Rasa", "/s", 5),
        Figure("memory_web", "memory of the web process", sizes[0], HUB_MEMORY, "limit", "MB", 1, True),
        Figure("memory_worker", "memory of the worker process", sizes[1], HUB_MEMORY, "limit", "MB", 1, True),
        Figure("memory_bot", "memory of the assistant", bot_size, BOT_MEMORY, "limit", "MB", 1, True),
    ]


@contextmanager
def stock(model: Path, provider: str) -> Iterator[str]:
    """`rasa run` with Rasa's own Twilio channel: the address of its webhook."""
    with tempfile.TemporaryDirectory() as folder:
        credentials, endpoints = Path(folder, "credentials.yml"), Path(folder, "endpoints.yml")
        credentials.write_text(CREDENTIALS.format(sid=ACCOUNT_SID, token=AUTH_TOKEN, line=LINE))
        endpoints.write_text(ENDPOINTS)
        port = free_port()
        where = ["--interface", "127.0.0.1", "--port", str(port), "--model", str(model)]
        files = ["--credentials", str(credentials), "--endpoints", str(endpoints)]
        found = os.pathsep.join((str(ROOT / "bot"), str(ROOT)))
        with (ROOT / "bot" / ".rasa" / "stock.log").open("wb") as log:
            process = subprocess.Popen(
                rasa_command(ROOT, "run", *where, *files),
                cwd=ROOT,
                env=rasa_environment(ROOT, {"PYTHONPATH": found, "STOCK_PROVIDER": provider}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            answers(f"http://127.0.0.1:{port}/webhooks/twilio/", 120)
            yield f"http://127.0.0.1:{port}/webhooks/twilio/webhook"
        finally:
            signal_group(process, signal.SIGTERM)
            process.wait(30)


class Texter:
    """People who write different things, and a look into the database at what became of it."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+psycopg", "")
        self._numbers = itertools.count()
        files = [ROOT / "nlu_data" / "tuning" / name for name in ("en.yml", "matters.yml")]
        self._texts = itertools.cycle([row.turn.text for row in rows_of(files)])

    async def __aenter__(self) -> "Texter":
        self._client = aiohttp.ClientSession()
        self._database = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self._database.close()

    async def ours(self, door: str, count: int = TEXTS) -> float:
        """Texts a second, until the last of them has been handled."""
        began = time.perf_counter()
        await self._write(f"{door}/webhooks/sms", count)
        await self._until_handled(0.02)
        return count / (time.perf_counter() - began)

    async def stock(self, door: str, count: int = TEXTS) -> float:
        """Its answer to the webhook comes when the reply is with the provider."""
        began = time.perf_counter()
        await self._write(door, count)
        return count / (time.perf_counter() - began)

    async def one_by_one(self, door: str) -> list[float]:
        """Seconds from the webhook to the reply in the queue, while nothing else happens."""
        took = []
        for _ in range(ALONE):
            before, began = await self._count(QUEUED), time.perf_counter()
            await self._write(f"{door}/webhooks/sms", 1)
            await self._until_handled(0.001)
            if await self._count(QUEUED) > before:  # some texts are answered by nothing
                took.append(time.perf_counter() - began)
        return took

    async def _until_handled(self, pause: float) -> None:
        while await self._count(WAITING):  # noqa: ASYNC110
            await asyncio.sleep(pause)  # a look at another process

    async def _count(self, what: str) -> int:
        row = await (await self._database.execute(what.encode())).fetchone()
        return int(row[0]) if row else 0

    async def _write(self, door: str, count: int) -> None:
        waiting = iter([self._request(door) for _ in range(count)])

        async def one_after_the_other() -> None:
            for body, headers in waiting:
                async with self._client.post(door, data=body, headers=headers) as answer:
                    answer.raise_for_status()

        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))

    def _request(self, door: str) -> tuple[bytes, dict[str, str]]:
        number = next(self._numbers)
        sid = f"SM{number:032x}"
        form = {"MessageSid": sid, "From": phone(number % PEOPLE), "To": LINE, "Body": next(self._texts)}
        kind = "application/x-www-form-urlencoded"
        return urlencode(form).encode(), {"content-type": kind, "X-Twilio-Signature": sign(AUTH_TOKEN, door, form)}


def exact_replies_a_second() -> float:
    turn = Turn("1", "yes", Awaiting.APPOINTMENT_CONFIRMATION)
    exact = Flows.read(ROOT / "flows").exact
    began = time.perf_counter()
    for _ in range(EXACT):
        exact.decide(turn)
    return EXACT / (time.perf_counter() - began)
