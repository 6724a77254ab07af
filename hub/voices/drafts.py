"""The words of a voice message as a row: made when the message comes, moved on by whoever knows more.

Knows neither the machine that hears nor how a person is asked.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.states import check_move
from hub.store.tables import MediaFile, Person, VoiceDraft
from hub.voices.states import VOICE_MOVES, VoiceState

LONGEST = 4000  # characters of a correction that are kept


def is_voice(file: MediaFile) -> bool:
    """A sound that can be played. One that was refused, or waits for the scanner, has no length yet."""
    return file.seconds is not None and not file.refused


async def begin(hub: Hub, session: AsyncSession, file: MediaFile, person: Person) -> VoiceDraft:
    """It waits for the machine, where there is one for this language; once a file."""
    found = await of(session, file.id)
    if found:
        return found
    reason = _why_not(hub, person)
    now = hub.clock.now()
    state = VoiceState.UNHEARD if reason else VoiceState.WAITING
    draft = VoiceDraft(media_id=file.id, media=file, state=state, state_at=now, reason=reason, due_at=now)
    session.add(draft)
    await session.flush()
    return draft


async def of(session: AsyncSession, media_id: int, *, lock: bool = False) -> VoiceDraft | None:
    wanted = select(VoiceDraft).where(VoiceDraft.media_id == media_id)
    found: VoiceDraft | None = await session.scalar(wanted.with_for_update(of=VoiceDraft) if lock else wanted)
    return found


def move(hub: Hub, draft: VoiceDraft, to: VoiceState) -> None:
    """Raises `MoveNotAllowed`."""
    draft.state, draft.state_at = check_move(VOICE_MOVES, draft.state, to), hub.clock.now()


def words_of(hub: Hub, person: Person, draft: VoiceDraft) -> str:
    """What the person says that they said, else what the machine heard."""
    sealed = draft.corrected_sealed or draft.words_sealed
    if sealed is None or person.wrapped_key is None:
        return ""
    return hub.vault.open_person_key(person.wrapped_key).open(sealed, "voice")


def correct(hub: Hub, person: Person, draft: VoiceDraft, words: str) -> None:
    """The person's own words for it. What the machine heard is kept beside them."""
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    draft.corrected_sealed = key.seal(words.strip()[:LONGEST], "voice")
    for to in (VoiceState.WRONG, VoiceState.CORRECTED):
        if to in VOICE_MOVES.get(draft.state, frozenset()):
            move(hub, draft, to)


def _why_not(hub: Hub, person: Person) -> str:
    if hub.transcriber is None:
        return "no_model"
    return "" if person.language in hub.transcriber.languages else "language"
