"""Ready words of a kit on their way to the person: said in the thread as if the supporter had written them."""

from hub.handling import Handling
from hub.store.tables import ThreadMember


async def pass_on(handling: Handling, member: ThreadMember, words: str) -> bool:
    """Whether they were relayed; not while a worker has paused the talk."""
    return False
