"""The history of who allowed what: by whom a supporter was wished for, what they may see, until when, and its end.

Rows are only added. Knows nothing of what follows from them.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.store.tables import Invitation, SupportConsent, ThreadMember
from hub.words import Sees

WHAT = {
    "wished": "Wished for a supporter",
    "proposed": "A worker proposed a supporter",
    "agreed": "Said yes to a supporter",
    "guardian_agreed": "Whoever looks after them said yes",
    "checked": "A worker looked and agreed",
    "refused": "A worker looked and said no",
    "declined": "Said no",
    "withdrawn": "Took the invitation back",
    "expired": "The code was not used in time",
    "accepted": "The supporter gave the code",
    "changed": "Changed what the supporter may see, or for how long",
    "ending": "Both were told that the time is nearly over",
    "ended": "The supporter’s part ended",
}


def note(
    hub: Hub,
    session: AsyncSession,
    thread_id: int,
    what: str,
    by: str,
    *,
    invitation: Invitation | None = None,
    member: ThreadMember | None = None,
    sees: Sees | None = None,
    ends_at: datetime | None = None,
    how: str = "",
) -> None:
    """`by`: "person:12", "worker:3" or "hub". What is not said is taken from the member or the invitation."""
    of_invitation = invitation.sees if invitation else None
    session.add(
        SupportConsent(
            thread_id=thread_id,
            invitation_id=invitation.id if invitation else None,
            supporter_id=member.person_id if member else None,
            what=what,
            sees=sees or (member.sees if member else of_invitation),
            ends_at=ends_at or (member.ends_at if member else None),
            how=how,
            by=by,
            at=hub.clock.now(),
        )
    )
