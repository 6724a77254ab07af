"""“For whom?”: asked of somebody who stands in several circles and names none of them.

    ask()       the words wait, sealed in their own message; the open question keeps only the messages' ids
    answered()  a number, a name or nobody: what waited is said there, in its order, or nowhere
    post()      said in one circle

An open question that has run out relays nothing. Knows no model and no wording.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hub.handling import Handling
from hub.safe_contact import is_careful
from hub.sms import sanitise
from hub.states import Direction
from hub.store.tables import Message, Thread
from hub.threads import posts
from hub.threads.addressing import SUBJECT, read
from hub.threads.circles import Circle, named
from hub.threads.plain import simple
from hub.threads.standing import members_of
from hub.words import Awaiting, Role, Sees

ANSWERED_WITHIN = timedelta(hours=12)  # whoever comes back to it later has forgotten what they wrote
NOBODY = frozenset({"0", "nobody", "noone", "none", "neb"})


async def ask(handling: Handling, circles: Sequence[Circle]) -> None:
    """Numbers for names; on a phone that others may read no names: they begin with "@" and one of them."""
    around = _choices(handling, circles)
    if not around:
        return await handling.say("threads.nobody_here")
    message_id = handling.message.id if handling.message else 0
    keep = {"messages": [*_waiting(handling), message_id], "threads": [each.thread_id for each in around]}
    names = [f"{number} {each.name}" for number, each in enumerate(around, 1)]
    buttons = [{"reply": str(number), "label": each.name} for number, each in enumerate(around, 1)]
    await handling.ask(
        "threads.for_whom",
        Awaiting.SURVEY_CHOICE,
        subject=(SUBJECT, handling.conversation.id),
        keep=keep,
        lasts=ANSWERED_WITHIN,
        choices=[] if is_careful(handling.conversation.contact_point) else buttons,
        names=", ".join(names),
        number=str(len(around) + 1),
    )


async def answered(handling: Handling, circles: Sequence[Circle], words: str) -> bool:
    """Whether it was an answer to that."""
    waiting = _waiting(handling)
    if not waiting:
        return False
    around, kept = _choices(handling, circles), handling.prompt.facts["threads"] if handling.prompt else []
    wanted = _wanted(words)
    if wanted in NOBODY or wanted == str(len(kept) + 1):
        await handling.answered()
        await handling.say("threads.for_nobody")
        return True
    circle = _numbered(around, kept, wanted) or named(around, wanted)
    if circle is None:
        return False
    await handling.answered()
    for message_id, said in await _said(handling, waiting):
        await post(handling, circle, said, message_id)
    return True


async def post(handling: Handling, circle: Circle, words: str, message_id: int | None = None) -> None:
    if not words.strip():
        return await handling.say("threads.no_words")
    if circle.own and not await _hears_anybody(handling, circle):
        return await handling.say("threads.nobody_here")
    await posts.post(handling, circle.thread_id, words, message_id)


def _choices(handling: Handling, circles: Sequence[Circle]) -> list[Circle]:
    """Their own they name as “@all”."""
    return [each for each in circles if not each.own] if handling.person.role is Role.SUPPORTER else list(circles)


def _waiting(handling: Handling) -> list[int]:
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != SUBJECT:
        return []
    found: list[int] = prompt.facts["messages"]
    return found


def _wanted(words: str) -> str:
    """“@sam”, “Sam please”, “2.”: as it is compared. What says more is no answer but one more text."""
    address = read(words)
    if address.to:
        return address.to if not address.words else ""
    said = simple(words)
    return said.removesuffix("please").removesuffix("pls")


def _numbered(around: Sequence[Circle], kept: Sequence[Any], wanted: str) -> Circle | None:
    """As it was asked: who has left a circle meanwhile does not shift the numbers of the others."""
    if not wanted.isdigit() or not 1 <= int(wanted) <= len(kept):
        return None
    return next((each for each in around if each.thread_id == kept[int(wanted) - 1]), None)


async def _said(handling: Handling, message_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Their own words, in the order in which they came."""
    theirs = select(Message).where(
        Message.id.in_(message_ids),
        Message.conversation_id == handling.conversation.id,
        Message.direction == Direction.IN,
    )
    found = await handling.session.scalars(theirs.order_by(Message.id))
    return [(each.id, sanitise(handling.key.open(each.body_sealed or b"", "body"))) for each in found]


async def _hears_anybody(handling: Handling, circle: Circle) -> bool:
    thread = await handling.session.get_one(Thread, circle.thread_id)
    members = await members_of(handling.session, thread.person_id, handling.now)
    return any(member.sees.allows(Sees.CHAT) for member in members)
