"""Accepting an inbound SMS (verify, store, answer): the program as it is served, beside the least that can do it.

The other is `benchmarks/bare_web.py`; both are processes of their own behind the same HTTP server.
Targets: 0.6 of its throughput; p99 under 25 ms while 200 a second come.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import aiohttp

from benchmarks.figures import Figure, in_turns, percentile
from benchmarks.processes import answers, free_port, python, web
from benchmarks.stage import LINE, fill, make_hub, phone
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import sign

TEXTS, AT_ONCE, PEOPLE = 600, 8, 60
A_SECOND, SECONDS, LONGEST = 200, 5, 25.0  # milliseconds
FORM = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
Request = tuple[bytes, dict[str, str]]


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, PEOPLE)
    await hub.store.close()
    with web(url) as (ours, _), bare(url) as other:
        async with aiohttp.ClientSession() as client:
            for door in (ours, other):
                await as_fast_as_it_goes(client, door, TEXTS // 3)  # warm
            speeds = await in_turns(
                lambda: as_fast_as_it_goes(client, ours, TEXTS), lambda: as_fast_as_it_goes(client, other, TEXTS)
            )
            slow = await in_turns(lambda: p99(client, ours), lambda: p99(client, other))
    return [
        Figure("accept", "accept an inbound SMS", *speeds, "bare handler, one INSERT", "/s", 0.6),
        Figure("accept_p99", "… p99 at 200/s", slow[0], LONGEST, f"limit (bare: {slow[1]:.1f} ms)", "ms", 1, True),
    ]


@contextmanager
def bare(url: str) -> Iterator[str]:
    door = f"http://127.0.0.1:{(port := free_port())}"
    with python("-m", "benchmarks.bare_web", url, str(port)):
        answers(door)
        yield door


async def as_fast_as_it_goes(client: aiohttp.ClientSession, door: str, count: int) -> float:
    """Texts a second, a few at once."""
    waiting, began = iter(requests(door, count)), time.perf_counter()

    async def one_after_the_other() -> None:
        for request in waiting:
            await post(client, door, request)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - began)


async def p99(client: aiohttp.ClientSession, door: str) -> float:
    """Milliseconds from the moment when a text should leave, whatever the ones before it took."""
    coming, began = requests(door, A_SECOND * SECONDS), time.perf_counter()

    async def at(moment: float, request: Request) -> float:
        await asyncio.sleep(began + moment - time.perf_counter())
        await post(client, door, request)
        return time.perf_counter() - began - moment

    took = await asyncio.gather(*(at(n / A_SECOND, request) for n, request in enumerate(coming)))
    return percentile(took, 0.99) * 1000


_numbers = itertools.count()


def requests(door: str, count: int) -> list[Request]:
    """Signed beforehand: signing is Twilio's work."""
    return [_request(door, next(_numbers)) for _ in range(count)]


def _request(door: str, number: int) -> Request:
    form = {
        "MessageSid": f"SM{number:032x}",
        "AccountSid": ACCOUNT_SID,
        "From": phone(number % PEOPLE),
        "To": LINE,
        "Body": f"hello {number}",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    return urlencode(form).encode(), FORM | {"X-Twilio-Signature": sign(AUTH_TOKEN, f"{door}/webhooks/sms", form)}


async def post(client: aiohttp.ClientSession, door: str, request: Request) -> None:
    async with client.post(f"{door}/webhooks/sms", data=request[0], headers=request[1]) as answer:
        answer.raise_for_status()
        await answer.read()
