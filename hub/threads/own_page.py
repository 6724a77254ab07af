"""What a supporter changes on their own page: quiet for one person, or an end to standing by them. Knows no page."""

from hub.errors import NotFound
from hub.handling import Handling
from hub.store.tables import ThreadMember
from hub.threads import members
from hub.threads.standing import stands_by


async def want_quiet(handling: Handling, thread_id: int, *, quiet: bool) -> None:
    """Nothing unasked of this person, and nothing of the talk, until they say so. Raises `NotFound`."""
    member = await _theirs(handling, thread_id)
    member.muted_at = (member.muted_at or handling.now) if quiet else None
    handling.record("thread_muted" if quiet else "thread_unmuted", f"thread:{thread_id}")


async def leave(handling: Handling, thread_id: int) -> None:
    """Raises `NotFound`."""
    member = await _theirs(handling, thread_id)
    await members.end(handling.hub, handling.session, f"person:{handling.person.id}", member, "left", "page")


async def _theirs(handling: Handling, thread_id: int) -> ThreadMember:
    standing = await stands_by(handling.session, handling.person.id, handling.now)
    for member, _ in standing:
        if member.thread_id == thread_id:
            return member
    raise NotFound
