"""From a text to its decision: exact replies against the assistant (Rasa over HTTP). Target: at least 5×."""

import time

from benchmarks.stage import Figure
from handrail.settings import ROOT
from hub.clock import SystemClock
from hub.flows import Flows
from hub.ports import Turn
from hub.words import Awaiting
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer

EXACT, ASKED = 5000, 150


async def run(_url: str) -> list[Figure]:
    turn = Turn("1", "yes", Awaiting.APPOINTMENT_CONFIRMATION)
    exact = Flows.read(ROOT / "flows").exact
    began = time.perf_counter()
    for _ in range(EXACT):
        exact.decide(turn)
    ours = EXACT / (time.perf_counter() - began)
    with BotServer(ROOT) as bot:
        assistant = RasaAssistant(bot.base_url, bot.token, clock=SystemClock(), timeout=30)
        free = Turn("1", "cant make 2moro kids ill", Awaiting.APPOINTMENT_CONFIRMATION)
        await assistant.decide(free)  # warm
        began = time.perf_counter()
        for _ in range(ASKED):
            await assistant.decide(free)
        peer = ASKED / (time.perf_counter() - began)
        await assistant.aclose()
    return [Figure("exact reply to decision", f"{ours:.0f}/s", f"the assistant {peer:.0f}/s", ours / peer, "≥ 5")]
