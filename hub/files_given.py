"""A file that came with a text, given to whoever asked for one: a statement, a condition, else proof of attendance.

A voice message that nobody asked for goes to a human. Files are clean by then. Knows no text's words.
"""

from hub import condition_talk, proof_giving
from hub.handling import Handling
from hub.statements import files as statement_files
from hub.voices import arrived


async def give(handling: Handling) -> None:
    statement = await statement_files.asked_for(handling)
    if statement:
        return await statement_files.take(handling, statement)
    voices = await arrived.voices_of(handling)
    if voices:
        return await arrived.take(handling, voices)
    condition = await condition_talk.open_condition(handling)
    if condition:  # a photo belongs to what was asked about
        return await condition_talk.take_photo(handling, condition)
    await proof_giving.give_file(handling)
