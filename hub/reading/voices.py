"""A voice message as a worker sees it: how long, what a machine made of it, what its speaker says. Knows no page."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import MediaFile, Person, VoiceDraft
from hub.voices import drafts
from hub.voices.states import VoiceState

LISTEN = "A machine’s draft – listen before you rely on it."
HOW: dict[VoiceState, str] = {
    VoiceState.UNHEARD: "No machine writes down voice messages here: listen to it.",
    VoiceState.WAITING: "A machine is writing it down. You need not wait for it to listen.",
    VoiceState.FAILED: "The machine could not write it down: listen to it.",
    VoiceState.HEARD: f"{LISTEN} They have not been asked about it.",
    VoiceState.ASKED: f"{LISTEN} It was read back to them; they have not answered.",
    VoiceState.CONFIRMED: f"{LISTEN} They say that it is right.",
    VoiceState.WRONG: f"{LISTEN} They say that it is not right.",
    VoiceState.CORRECTED: "Their own words, written after the machine’s draft was read back to them.",
}
NOT_THIS_LANGUAGE = "The machine does not know their language: listen to it."


@dataclass(frozen=True, slots=True)
class Voice:
    """`words`: the draft, or their own; `machine`: what it had heard, where that was put right."""

    id: int
    long: str
    words: str = ""
    machine: str = ""
    how: str = ""


async def voices_of(hub: Hub, session: AsyncSession, person: Person, files: Collection[MediaFile]) -> dict[int, Voice]:
    """By the file's id; of those that can be played."""
    playable = [file for file in files if drafts.is_voice(file)]
    if not playable:
        return {}
    wanted = select(VoiceDraft).where(VoiceDraft.media_id.in_([file.id for file in playable]))
    found = {draft.media_id: draft for draft in await session.scalars(wanted)}
    return {file.id: _voice(hub, person, file, found.get(file.id)) for file in playable}


def length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _voice(hub: Hub, person: Person, file: MediaFile, draft: VoiceDraft | None) -> Voice:
    long = length(file.seconds or 0)
    if draft is None:
        return Voice(file.id, long)
    how = NOT_THIS_LANGUAGE if draft.reason == "language" else HOW[draft.state]
    return Voice(file.id, long, drafts.words_of(hub, person, draft), _machine(hub, person, draft), how)


def _machine(hub: Hub, person: Person, draft: VoiceDraft) -> str:
    if not (draft.corrected_sealed and draft.words_sealed and person.wrapped_key):
        return ""
    return hub.vault.open_person_key(person.wrapped_key).open(draft.words_sealed, "voice")
