"""A mentor who also works here: as a friend of the person they hear what that person lets them hear, and no more.

Their own pages are closed to them (`hub/access.py`), from the code until the end of it. Knows nothing of pages.
"""

from typing import Any

from sqlalchemy import Select, or_, select

from hub.store.tables import Thread, ThreadMember


def mentored_by(worker_id: int) -> Select[Any]:
    """Ids of those by whom this worker stands. Held is not over (`hub/threads/leaving.py`)."""
    stands = or_(ThreadMember.left_at.is_(None), ThreadMember.ended_for.like("held%"))
    return (
        select(Thread.person_id)
        .join(ThreadMember, ThreadMember.thread_id == Thread.id)
        .where(ThreadMember.staff_id == worker_id, stands)
    )
