"""Asks a running assistant about rows of text, the project's own held-out ones too.

Must not know the command line.
"""

from collections.abc import Sequence
from pathlib import Path

from handrail.nlu.reading import read
from handrail.nlu.rows import Row, rows_of
from handrail.nlu.score import Read, Score
from hub.decide import ASSISTANT_DOWN
from hub.errors import AssistantUnavailable
from hub.flows import Flows
from hub.ports import Assistant


def held_out(root: Path) -> list[Path]:
    """The files that nothing is learned from and nothing was tuned to."""
    return sorted((root / "nlu_data" / "heldout").glob("*.yml"))


async def examine(flows: Flows, assistant: Assistant, rows: Sequence[Row]) -> Score:
    """One after the other: the figures must not hang on what else is asked at the same time.

    Raises `AssistantUnavailable`: figures without it would say nothing.
    """
    reads = [Read(row, await read(flows, assistant, row.turn)) for row in rows]
    silent = sum(ASSISTANT_DOWN in each.reading.commands for each in reads)
    if silent:
        raise AssistantUnavailable(f"It did not answer {silent} of {len(reads)} texts.")
    return Score(reads)


async def examine_files(flows: Flows, assistant: Assistant, files: Sequence[Path]) -> Score:
    """Raises `BadImport` for a file that is not as it should be."""
    return await examine(flows, assistant, rows_of(files))
