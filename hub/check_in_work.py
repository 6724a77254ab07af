"""What a worker does with a check-in: look at it, ring, send it again. The asking itself is in `hub/check_ins.py`."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_ins, conversations, escalations
from hub.core import Hub
from hub.errors import MoveNotAllowed, NotAllowed
from hub.people import conversation_for
from hub.speaking import speak_to
from hub.states import CHECK_IN_MOVES, CheckInState, check_move
from hub.store import audit
from hub.store.tables import CheckIn, Conversation, Person, Worker
from hub.words import Purpose

LONGEST_NOTE = 2000  # characters
SETTLED_BY_A_CALL = frozenset({"struggling", "wants_a_call", "something_changed"})


class Call(StrEnum):
    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    LATER = "later"  # put into the inbox


CALLS = {
    Call.SPOKE: "I rang and spoke to them",
    Call.NO_ANSWER: "I rang and nobody answered",
    Call.LATER: "Somebody should ring them: put it in the inbox",
}


async def review(hub: Hub, session: AsyncSession, worker: Worker, check_in: CheckIn, note: str = "") -> None:
    """A worker has looked at it.

    Raises
    ------
    MoveNotAllowed
        when there is nothing to look at yet.
    NotAllowed
        when it was not answered and there is no note of what the worker did about that.
    """
    if check_in.state is CheckInState.EXPIRED and not note.strip():
        raise NotAllowed("Nobody answered this check-in: write down what you did about it.")
    check_in.state = check_move(CHECK_IN_MOVES, check_in.state, CheckInState.REVIEWED)
    check_in.reviewed_at, check_in.reviewed_by_id = hub.clock.now(), worker.id
    person = await session.get_one(Person, check_in.person_id)
    if note.strip() and person.wrapped_key:
        check_in.note_sealed = hub.vault.open_person_key(person.wrapped_key).seal(note.strip()[:LONGEST_NOTE], "note")
    _record(hub, session, worker, check_in, "check_in_reviewed")
    await _close(session, worker, check_in, {"check_in_silent"}, "check_in_reviewed", hub.clock.now())


async def record_call(
    hub: Hub, session: AsyncSession, worker: Worker, check_in: CheckIn, call: Call, words: str
) -> None:
    """A note in the conversation; who was spoken to has been looked at too. `LATER` puts it in front of a human."""
    conversation = await _conversation(session, check_in)
    if call is Call.LATER:
        detail = f"check_in:{check_in.id}"
        await escalations.escalate(session, conversation, "wants_a_call", hub.clock.now(), detail=detail)
        return
    said = "spoke to them." if call is Call.SPOKE else "nobody answered."
    note = f"Rang about the check-in: {said} {words.strip()}".strip()
    await conversations.add_note(hub, session, worker, conversation, note[:LONGEST_NOTE])
    _record(hub, session, worker, check_in, "check_in_called", outcome=call)
    if call is Call.SPOKE:
        await _close(session, worker, check_in, SETTLED_BY_A_CALL, "called", hub.clock.now())
        if CheckInState.REVIEWED in CHECK_IN_MOVES.get(check_in.state, frozenset()):
            await review(hub, session, worker, check_in, note)


async def send_again(hub: Hub, session: AsyncSession, worker: Worker, check_in: CheckIn) -> None:
    """The reminder while it is open; once it has closed, a new one that is asked now.

    Raises
    ------
    MoveNotAllowed
        when it has been answered, or was not asked yet.
    NotAllowed
        when there is no way to reach the person.
    """
    person = await session.get_one(Person, check_in.person_id)
    if text_again(check_in) == "":
        raise MoveNotAllowed
    handling = await speak_to(hub, session, person, Purpose.CHECK_IN)
    if handling is None:
        raise NotAllowed("There is no way to reach this person: add a number first.")
    if check_in.state is CheckInState.ASKED:
        await check_ins.on_asked(handling, check_in)
    else:
        await check_ins.schedule(hub, session, person, hub.clock.now())
    _record(hub, session, worker, check_in, "check_in_sent_again")


def text_again(check_in: CheckIn) -> str:
    """Which text `send_again` would send; empty: it cannot be sent again."""
    if check_in.state is CheckInState.ASKED:
        return "check_ins.feeling_reminder"
    unanswered = check_in.answered_at is None and check_in.state in {CheckInState.EXPIRED, CheckInState.REVIEWED}
    return "check_ins.feeling" if unanswered else ""


async def _conversation(session: AsyncSession, check_in: CheckIn) -> Conversation:
    conversation = await conversation_for(session, await session.get_one(Person, check_in.person_id))
    if conversation is None:
        raise NotAllowed("There is no conversation with this person: add a number first.")
    return conversation


async def _close(
    session: AsyncSession, worker: Worker, check_in: CheckIn, reasons: Collection[str], outcome: str, now: datetime
) -> None:
    """What this check-in had put in front of a human has been done."""
    about = f"check_in:{check_in.id}"
    await escalations.settle(session, check_in.person_id, reasons, worker.id, outcome, now, detail=about)


def _record(hub: Hub, session: AsyncSession, worker: Worker, check_in: CheckIn, what: str, **details: str) -> None:
    subject, actor = f"check_in:{check_in.id}", f"worker:{worker.id}"
    audit.record(session, hub.clock.now(), actor, what, subject, person_id=check_in.person_id, **details)
