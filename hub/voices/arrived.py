"""A voice message that answers no question of ours: a human listens, and the person hears when. Knows no machine."""

from collections.abc import Sequence

from sqlalchemy import select

from hub.handling import Handling
from hub.promises import hand_over
from hub.store.tables import MediaFile
from hub.voices import drafts
from hub.voices.reading_back import SUBJECT


async def voices_of(handling: Handling) -> Sequence[MediaFile]:
    """Those that came with this text, and can be played."""
    if handling.message is None:
        return []
    came = select(MediaFile).where(MediaFile.message_id == handling.message.id).order_by(MediaFile.id)
    return [file for file in await handling.session.scalars(came) if drafts.is_voice(file)]


async def take(handling: Handling, voices: Sequence[MediaFile]) -> None:
    for voice in voices:
        draft = await drafts.begin(handling.hub, handling.session, voice, handling.person)
        handling.record("voice_came", f"media:{voice.id}", draft=draft.state)
    if handling.prompt and handling.prompt.subject_kind == SUBJECT:
        await handling.answered()  # said again, as they were asked to
    by = await hand_over(handling, "voice_message", detail=f"media:{voices[-1].id}")
    await handling.say("voices.have_it", answer_by=by)
