"""What somebody says to those around them, or to their worker alone; who is there; reading what waited.

Whom a text is for is asked where it is not plain (`hub/thread_for_whom.py`), never guessed. Knows no model.
"""

from collections.abc import Sequence

from sqlalchemy import select

from hub import thread_for_whom
from hub.consent import READ_ALONE, WHEN_ALONE
from hub.escalations import find_open
from hub.handling import Handling
from hub.promises import hand_over
from hub.repair import SAY_AGAIN
from hub.states import MessageState
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Message, Thread, Worker
from hub.threads import posts
from hub.threads.addressing import ALL, read
from hub.threads.circles import Circle, circles_of, named, the_only
from hub.threads.naming import names_in
from hub.threads.plain import simple
from hub.threads.standing import members_of
from hub.when_safe import told_when_safe
from hub.words import Role, Sees


async def tell(handling: Handling, answer: str = "") -> None:
    """To the circle that is meant; where that is not plain, "for whom?". `answer`: to that, as it was understood."""
    circles = await circles_of(handling.hub, handling.session, handling.person)
    to, words = (address := read(handling.text)).to, address.words
    if await thread_for_whom.answered(handling, circles, answer or handling.text):
        return None
    if _is_their_worker(handling, circles, to):
        return await tell_worker(handling)
    circle = _meant(handling.person.role, circles, to)
    if circle is None:
        return await thread_for_whom.ask(handling, circles)
    # “@mum are you there” in the one circle there is: the name is part of what is said.
    words = words if to in {"", ALL} or circle is named(circles, to) else handling.text
    await thread_for_whom.post(handling, circle, words)


async def tell_worker(handling: Handling) -> None:
    """The others hear nothing of it. Who has several circles is answered in their own conversation all the same."""
    words = read(handling.text).words
    if not words:
        return await handling.say("threads.no_words")
    circle = the_only(await circles_of(handling.hub, handling.session, handling.person), handling.person.role)
    if circle:
        await posts.tell_worker(handling, circle.thread_id, words)
    before = await find_open(handling.session, handling.conversation.id, "thread_to_worker")
    by = await hand_over(handling, "thread_to_worker")
    if before is None or handling.now - before.opened_at > SAY_AGAIN:
        await handling.say("threads.to_worker", answer_by=by)


async def let_read(handling: Handling) -> int:
    """How many."""
    waits = (
        select(Message)
        .where(
            Message.conversation_id == handling.conversation.id,
            Message.state == MessageState.HELD,
            Message.reason == WHEN_ALONE,
        )
        .order_by(Message.id)
        .with_for_update(of=Message)
    )
    found = (await handling.session.scalars(waits)).all()
    for message in found:
        message.text_key = READ_ALONE.get(message.text_key or "", message.text_key)
        message.state, message.state_at, message.reason = MessageState.QUEUED, handling.now, ""
        message.due_at = handling.now
    if found:
        notify(handling.session, OUTBOUND)
    return len(found)


@told_when_safe("who_in_thread")
async def tell_who(handling: Handling, _number: int | None) -> None:
    hub, session = handling.hub, handling.session
    circles = await circles_of(hub, session, handling.person)
    for circle in circles:
        thread = await session.get_one(Thread, circle.thread_id)
        names = await names_in(hub, session, thread)
        members = await members_of(session, thread.person_id, handling.now)
        here = [thread.person_id, *(member.person_id for member in members if member.sees.allows(Sees.CHAT))]
        shown = ", ".join(names[each] for each in here if each != handling.person.id)
        if circle.own and not shown:
            await handling.say("threads.nobody_here")
        else:
            await handling.say("threads.who", names=shown, worker=await _worker_of(handling, thread))
    if not circles:
        await handling.say("threads.nobody_here")


async def _worker_of(handling: Handling, thread: Thread) -> str:
    """Of whoever the circle is around."""
    worker = await handling.session.get(Worker, thread.person.worker_id) if thread.person.worker_id else None
    return worker.first_name if worker else handling.agency.short_name


def _meant(role: Role, circles: Sequence[Circle], to: str) -> Circle | None:
    """A name that is one of theirs; “@all” of whoever the circle is around; else the only one."""
    found = named(circles, to) if to else None
    if found or role is Role.SUPPORTER:
        return found or the_only(circles, role)
    return next((each for each in circles if each.own), None) if to == ALL else None


def _is_their_worker(handling: Handling, circles: Sequence[Circle], to: str) -> bool:
    """“@priya”."""
    worker = handling.person.worker
    return bool(to and worker and simple(worker.first_name) == to and named(circles, to) is None)
