"""The chat on our own page as a `Channel`. The page reads the stored conversation, so to store is to deliver.

Must not know the pages or the store.
"""

# ruff: noqa: ARG002  # a port gives more than every channel needs
from collections.abc import Collection, Sequence
from datetime import datetime

from hub.ports import Accepted, Inbound, Outgoing
from hub.words import ChannelKind


class WebChat:
    """Serves every chat site. Nothing leaves the house, so nothing can fail here."""

    kind = ChannelKind.WEBCHAT

    async def send(self, outgoing: Outgoing) -> Accepted:
        """The message is already in the store, where the page reads it."""
        return Accepted(f"web-{outgoing.message_id}")

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        """It always left: the same id as `send` gives."""
        return await self.send(outgoing)

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        """Empty: the page puts what people write straight into the hub."""
        return []
