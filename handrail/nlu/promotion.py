"""A new model takes the place of the last one only when it understands no worse. Must not know the command line.

The figures of the last one that was promoted lie in `nlu_data/scores.json`, under version control: whoever
changes the examples sees in the same change what it did.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from handrail.nlu.examination import examine_files, held_out
from handrail.nlu.score import Score, worse
from hub.clock import SystemClock
from hub.flows import Flows
from integrations.assistant import model
from integrations.assistant.rasa import RasaAssistant
from integrations.assistant.server import BotServer

MARGIN = 0.005  # of a share; on some 1,200 texts less is chance


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lost` says in sentences what has become worse; `promoted` whether the model is in its place."""

    model: Path
    score: Score
    lost: list[str]
    promoted: bool


async def train_and_promote(root: Path, flows: Flows, *, force: bool = False) -> Outcome:
    """Raises `AssistantUnavailable` when training fails or the new model does not start."""
    trained = model.train_candidate(root)
    with BotServer(root, model=trained) as server:
        assistant = RasaAssistant(server.base_url, server.token, clock=SystemClock(), timeout=10)
        score = await examine_files(flows, assistant, held_out(root))
        await assistant.aclose()
    lost = worse(score.figures(), last_figures(root), MARGIN)
    if lost and not force:
        return Outcome(trained, score, lost, promoted=False)
    promoted = model.promote(root, trained)
    scores_file(root).write_text(json.dumps(score.figures(), indent=2) + "\n", encoding="utf-8")
    return Outcome(promoted, score, lost, promoted=True)


def scores_file(root: Path) -> Path:
    return root / "nlu_data" / "scores.json"


def last_figures(root: Path) -> dict[str, float]:
    """Empty before the first promotion: then anything is an improvement."""
    file = scores_file(root)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
