"""Statements and voice messages over texts: answers to their questions."""

from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.statements import asking, talk
from hub.voices import reading_back


@takes_answers(asking.SUBJECT)
async def take_statement(handling: Handling, kind: Kind, words: str) -> None:
    await talk.take(handling, kind, words)


@takes_answers(reading_back.SUBJECT)
async def take_voice(handling: Handling, kind: Kind, words: str) -> None:
    await reading_back.take(handling, kind, words)
