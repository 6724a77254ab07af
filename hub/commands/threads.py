"""The talk among a person, those around them and the worker: for whom a text is, and the few words that steer it."""

from hub import thread_talk, when_safe
from hub.answering import Kind, takes_answers
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.threads import muting
from hub.threads.addressing import SUBJECT
from hub.voices import arrived


@carries_out("tell_thread")
async def tell_thread(handling: Handling, _entities: dict[str, str]) -> None:
    await thread_talk.tell(handling)


@carries_out("tell_worker")
async def tell_worker(handling: Handling, _entities: dict[str, str]) -> None:
    await thread_talk.tell_worker(handling)


@takes_answers(SUBJECT)
async def take_for_whom(handling: Handling, kind: Kind, words: str) -> None:
    """Leaving it out or putting it off is for nobody: what waits is not kept for another day."""
    await thread_talk.tell(handling, "nobody" if kind in {Kind.SKIP, Kind.LATER} else words)


@carries_out("keep_file_back")
async def keep_file_back(handling: Handling, _entities: dict[str, str]) -> None:
    """A human listens to what was spoken: a cry for help may be in it. A photo lies unread in the inbox."""
    voices = await arrived.voices_of(handling)
    if voices:
        await arrived.take(handling, voices)
    handling.handed_over = True
    await handling.say("threads.not_relayed")


@carries_out("mute_thread")
async def mute_thread(handling: Handling, _entities: dict[str, str]) -> None:
    await muting.mute(handling)
    await handling.say("threads.muted")


@carries_out("unmute_thread")
async def unmute_thread(handling: Handling, _entities: dict[str, str]) -> None:
    """Says how many there were: what was said meanwhile is not told afterwards."""
    missed = await muting.unmute(handling)
    if missed == 0:
        return await handling.say("threads.unmuted")
    if missed == 1:
        return await handling.say("threads.unmuted_one")
    await handling.say("threads.unmuted_many", number=str(missed))


@carries_out("who_in_thread")
async def who_in_thread(handling: Handling, _entities: dict[str, str]) -> None:
    """Names people, so only where it is safe."""
    await when_safe.tell(handling, "who_in_thread")


@carries_out("read_thread")
async def read_thread(handling: Handling, _entities: dict[str, str]) -> None:
    """They are alone: what waited goes out, in its order and once."""
    if not await thread_talk.let_read(handling):
        await handling.say("threads.nothing_new")
