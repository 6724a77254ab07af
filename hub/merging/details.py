"""Who they are, of two records: what the one who stays lacks is taken from the other; what differs becomes a note.

Knows no screen.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Conversation, Note, Person, Worker
from hub.store.vault import Key

# Taken where the one who stays has none.
_FILLED = ("name_sealed", "name_index", "preferred_name_sealed", "time_zone", "worker_id", "tier")


async def take(hub: Hub, session: AsyncSession, worker: Worker, keep: Person, other: Person, key: Key) -> None:
    """`key` opens what is sealed of both."""
    await _note_what_differs(hub, session, worker, keep, other, key)
    if other.known and not keep.known:  # whoever wrote from an unknown number got a role and a language by guess
        keep.role, keep.language, keep.known = other.role, other.language, True
    for field in _FILLED:
        setattr(keep, field, getattr(keep, field) or getattr(other, field))
    keep.created_at = min(keep.created_at, other.created_at)
    if keep.external_index is None and other.external_index is not None:
        index, sealed = other.external_index, other.external_sealed
        other.external_index = None
        await session.flush()  # no two rows may have it, not even for a moment
        keep.external_index, keep.external_sealed = index, sealed


def empty(other: Person, keep: Person, now: datetime) -> None:
    """Nothing is left but where it leads. A reference in the case system stays too: the next import brings it again."""
    other.wrapped_key = None
    other.name_sealed = other.name_index = other.preferred_name_sealed = other.external_sealed = None
    other.worker_id = other.paused_until = other.time_zone = None
    other.paused_for = ""
    other.erased_at, other.merged_into_id = now, keep.id


async def _note_what_differs(
    hub: Hub, session: AsyncSession, worker: Worker, keep: Person, other: Person, key: Key
) -> None:
    """In the newest conversation; where nothing was ever said, there is nobody who would miss it."""
    talks = select(Conversation.id).where(Conversation.person_id == keep.id).order_by(Conversation.last_at.desc())
    talk = await session.scalar(talks.limit(1))
    words = ", ".join(
        f"{said} {key.open(theirs, kind)}"
        for said, kind, ours, theirs in (
            ("named", "name", keep.name_sealed, other.name_sealed),
            ("called", "name", keep.preferred_name_sealed, other.preferred_name_sealed),
            ("in the case system", "external", keep.external_sealed, other.external_sealed),
        )
        if ours and theirs and key.open(ours, kind) != key.open(theirs, kind)
    )
    if words and talk:
        note = f"They were here a second time: {words}."
        session.add(
            Note(conversation_id=talk, worker_id=worker.id, body_sealed=key.seal(note, "note"), at=hub.clock.now())
        )
