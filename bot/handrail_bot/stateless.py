"""A tracker store that keeps nothing. The hub owns the state and sends it with every turn.

Nothing shared between processes is nothing lost: with a shared lock in Redis, two processes were seen to
drop a third of concurrent messages. Must never write anywhere: texts hold personal data.
"""

from collections.abc import Iterable
from typing import Any

from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class StatelessTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Every turn starts a conversation of its own."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return None

    async def save(self, tracker: DialogueStateTracker, *_: Any) -> None:
        pass

    async def delete(self, sender_id: str) -> None:
        pass

    async def keys(self) -> Iterable[str]:
        return ()
