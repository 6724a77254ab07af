"""Whether a victim's address is known to be safe: what somebody who writes by themselves asks first. Knows no text."""

from hub.store.tables import ContactPoint
from hub.words import Side


def is_recorded(contact: ContactPoint) -> bool:
    """Whether the person, or a worker for them, has said how this address may be used. Only the victims' side asks."""
    return contact.side is not Side.VICTIMS or contact.safe_asked_at is not None
