"""The assistant by itself: turns a second on one core through its own channel, and how long it takes to be there.

Beside limits, not a peer: stock Rasa with the same model stands in `benchmarks/replies.py`.
"""

import asyncio
import itertools
import time
from contextlib import suppress

import psutil

from benchmarks.figures import Figure
from benchmarks.processes import megabytes
from handrail.nlu.rows import rows_of
from handrail.settings import ROOT
from hub.clock import SystemClock
from hub.ports import Turn
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer, train

TURNS, WARM, AT_ONCE = 1000, 1900, 4  # once through all of them: what the rules say to each intent is known then
FEWEST, SLOWEST_START, MEMORY = 100.0, 20.0, 900.0  # turns a second, seconds, megabytes
FILES = ("en.yml", "matters.yml", "safety.yml", "near-misses.yml", "cy.yml")


async def run(_url: str) -> list[Figure]:
    model = train(ROOT)
    began = time.perf_counter()
    with BotServer(ROOT, model=model) as bot:
        start = time.perf_counter() - began
        _keep_to_one_core(bot.pid or 0)
        assistant = RasaAssistant(bot.base_url, bot.token, SystemClock(), timeout=30)
        texts = itertools.cycle([row.turn for row in rows_of([ROOT / "nlu_data" / "tuning" / name for name in FILES])])
        await _ask(assistant, itertools.islice(texts, WARM))
        began = time.perf_counter()
        await _ask(assistant, itertools.islice(texts, TURNS))
        speed = TURNS / (time.perf_counter() - began)
        await assistant.aclose()
        size = megabytes(bot.pid or 0)
    return [
        Figure("turns", "turns through the channel, on one core", speed, FEWEST, "limit", "/s", 1),
        Figure("bot_start", "the assistant up", start, SLOWEST_START, "limit", "s", 1, True),
        Figure("bot_memory", "… its memory then", size, MEMORY, "limit", "MB", 1, True),
    ]


def _keep_to_one_core(pid: int) -> None:
    """Where the system lets us; what asks it has the others."""
    with suppress(AttributeError):
        server = psutil.Process(pid)
        for process in (server, *server.children(recursive=True)):
            for thread in process.threads():
                psutil.Process(thread.id).cpu_affinity([0])


async def _ask(assistant: RasaAssistant, turns: "itertools.islice[Turn]") -> None:
    """Some at once."""

    async def one_after_the_other() -> None:
        for turn in turns:
            await assistant.decide(turn)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
