"""What was made of one text, as the conversation shows it: in words, how sure, and a worker's correction.

Knows no query: it gets the records of one message.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.corrections import READ_BY
from hub.meanings import MEANINGS, how_sure, in_words
from hub.store.tables import Correction, TurnRecord

# Who read it, where it was no reader that learns. What is not here is not shown: a worker held, a file came.
HOW = {
    "keyword": "a keyword",
    "safety": "words of danger, straight to a person",
    "assistant_down": "",
    "unknown_sender": "",
}


@dataclass(frozen=True, slots=True)
class Understood:
    words: str
    sure: str  # "sure", "fairly sure", "a guess", or what it was known by; may be empty
    correctable: bool
    others: dict[str, str]  # what the assistant would have said next, likeliest first: command and words
    meant: str = ""  # the command that a worker says it was; empty: nobody has
    meant_words: str = ""
    corrected_by: str = ""


def understood(turns: Sequence[TurnRecord], correction: Correction | None, names: dict[int, str]) -> Understood | None:
    """From the records of one message, oldest first; None where nothing was read."""
    said = [turn for turn in turns if turn.commands and (turn.decided_by in READ_BY or turn.decided_by in HOW)]
    if not said:
        return None
    commands = dict.fromkeys(command for turn in said for command in turn.commands)
    return Understood(
        words=", and ".join(in_words(command) for command in commands),
        sure=", ".join(dict.fromkeys(filter(None, map(_sure, said)))),
        correctable=any(turn.decided_by in READ_BY for turn in said),
        others=_others(said, set(commands)),
        meant=correction.meant if correction else "",
        meant_words=in_words(correction.meant) if correction else "",
        corrected_by=names.get(correction.by_id, "a worker") if correction else "",
    )


def _others(said: Sequence[TurnRecord], commands: set[str]) -> dict[str, str]:
    names = [str(runner.get("intent", "")) for turn in said for runner in turn.runners_up]
    return {name: MEANINGS[name] for name in names if name in MEANINGS and name not in commands}


def _sure(turn: TurnRecord) -> str:
    if turn.commands == ["not_understood"]:
        return ""
    return how_sure(turn.confidence) if turn.decided_by in READ_BY else HOW[turn.decided_by]
