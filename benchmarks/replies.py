"""From a text to its decision: exact replies against the assistant, and the assistant (Rasa over HTTP, one core)
against what it may cost. Targets: exact replies at least 5×; 100 turns/s, 900 MB, up in 20 s.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.stage import Figure
from handrail.nlu.rows import rows_of
from handrail.settings import ROOT
from hub.clock import SystemClock
from hub.flows import Flows
from hub.ports import Turn
from hub.words import Awaiting
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer, needs_training, train

EXACT, AT_ONCE = 5000, 4
TURNS, MEGABYTES, SECONDS = 100, 900, 20


async def run(_url: str) -> list[Figure]:
    if needs_training(ROOT):
        train(ROOT)
    exact = exact_replies_a_second()
    began = time.perf_counter()
    with BotServer(ROOT) as bot:
        up = time.perf_counter() - began
        asked = await turns_a_second(bot)
        size = megabytes(bot.pid or 0)
    return [
        Figure("exact reply to decision", f"{exact:.0f}/s", f"the assistant {asked:.0f}/s", exact / asked, "≥ 5"),
        Figure("texts through the assistant", f"{asked:.0f}/s", f"limit {TURNS}/s", asked / TURNS, "≥ 1"),
        Figure("memory of the assistant", f"{size:.0f} MB", f"limit {MEGABYTES} MB", size / MEGABYTES, "≤ 1"),
        Figure("the assistant is up", f"{up:.1f} s", f"limit {SECONDS} s", up / SECONDS, "≤ 1"),
    ]


def exact_replies_a_second() -> float:
    turn = Turn("1", "yes", Awaiting.APPOINTMENT_CONFIRMATION)
    exact = Flows.read(ROOT / "flows").exact
    began = time.perf_counter()
    for _ in range(EXACT):
        exact.decide(turn)
    return EXACT / (time.perf_counter() - began)


async def turns_a_second(bot: BotServer) -> float:
    """Different texts of all kinds, a few at once as the workers do, after as many others: what the rules say of an
    intent is asked of Rasa once (`bot/handrail_bot/rulebook.py`).
    """
    assistant = RasaAssistant(bot.base_url, bot.token, clock=SystemClock(), timeout=30)

    async def ask(turns: Iterator[Turn]) -> None:
        for turn in turns:
            await assistant.decide(turn)

    async def pass_of(file: str) -> float:
        turns = [row.turn for row in rows_of([ROOT / "nlu_data" / "tuning" / file])]
        waiting, began = iter(turns), time.perf_counter()
        await asyncio.gather(*(ask(waiting) for _ in range(AT_ONCE)))
        return len(turns) / (time.perf_counter() - began)

    await pass_of("en.yml")
    speed = await pass_of("matters.yml")
    await assistant.aclose()
    return speed


def megabytes(pid: int) -> float:
    """Memory of the process that is in use, as the kernel counts it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
