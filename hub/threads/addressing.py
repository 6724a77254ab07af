"""For whom a text is: “@all”, “@worker”, “@alex”, or nobody named. A pure reading of its first word.

The person's own texts go to the bot unless they name somebody; what a supporter who may chat writes is for the thread.
Knows no names: whose “@alex” is, `hub/threads/circles.py` finds.
"""

import re
from dataclasses import dataclass

from hub.threads.plain import simple
from hub.words import Role

ALL, WORKER = "all", "worker"
_WORDS = {
    ALL: {"all", "everyone", "everybody", "pawb", "bawb"},
    WORKER: {"worker", "myworker", "gweithiwr", "weithiwr"},
}
_BEGINS = re.compile(r"\s*@ ?(?P<to>[^\s@:,;.!?]+)[\s:,;.!?-]*(?P<words>.*)", re.DOTALL)

SUBJECT = "thread_post"  # of the question “for whom?”; the id is the conversation's


@dataclass(frozen=True, slots=True)
class Address:
    """`to`: `ALL`, `WORKER`, the name as it was written, or nothing. `words`: what is said to them."""

    to: str
    words: str


def read(text: str) -> Address:
    found = _BEGINS.fullmatch(text)
    if found is None:
        return Address("", text.strip())
    to = simple(found["to"])
    meant = next((who for who, words in _WORDS.items() if to in words), to)
    return Address(meant, found["words"].strip())


def command_for(text: str, role: Role, circles: int, *, own: bool, wants_words: bool) -> str:
    """What is to be done with a text that nothing else claims; empty: it is none of the thread's.

    `circles`: in how many they may chat; `own`: they have a thread themselves; `wants_words`: an open question waits
    for words of their own, which are nobody else's.
    """
    to = read(text).to
    if to == WORKER:
        return "tell_worker" if circles or own or role is Role.SUPERVISED else ""
    if role is not Role.SUPPORTER:
        return "tell_thread" if to == ALL or (to and circles) else ""
    return "tell_thread" if circles and (to or not wants_words) else ""
