"""A worker says what a text meant. Nothing is run again and nothing is sent: the assistant may learn from it later.

Knows no page. How corrections become examples is in `hub/candidates.py`.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import access_person
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.meanings import MEANINGS
from hub.states import CORRECTION_MOVES, CorrectionState, check_move
from hub.store import audit
from hub.store.tables import Conversation, Correction, Message, TurnRecord, Worker

READ_BY = frozenset({"assistant", "exact"})  # keywords and words of danger are lists: nothing is learned there


async def correct(hub: Hub, session: AsyncSession, worker: Worker, ref: str, message_id: int, meant: str) -> None:
    """Keep what a text of the person with that reference meant. Choosing what was understood takes a correction back.

    Raises
    ------
    NotFound
        when there is no such text or meaning, or not for this worker.
    NotAllowed
        when neither the assistant nor the exact replies read that text, or the role sees nobody.
    """
    person = await access_person(hub, session, worker, ref)
    message = await session.scalar(
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id == message_id, Conversation.person_id == person.id)
        .with_for_update(of=Message)  # of two who correct at once, the second sees what the first did
    )
    if message is None or meant not in MEANINGS:
        raise NotFound
    understood = await _understood(session, message_id)
    before = await session.scalar(select(Correction).where(Correction.message_id == message_id))
    if understood == [meant]:
        if before is None:
            return
        await session.delete(before)
    else:
        _keep(hub, session, before, worker, message_id, understood, meant)
    details = {"understood": understood, "meant": meant}
    what, actor = "understanding_corrected", f"worker:{worker.id}"
    audit.record(session, hub.clock.now(), actor, what, f"message:{message_id}", person_id=person.id, **details)


async def _understood(session: AsyncSession, message_id: int) -> list[str]:
    """The commands of all that was read; raises `NotAllowed` where no learning reader has been at work."""
    turns = await session.scalars(select(TurnRecord).where(TurnRecord.message_id == message_id).order_by(TurnRecord.id))
    found = [turn.commands for turn in turns if turn.decided_by in READ_BY]
    if not found:
        raise NotAllowed("Only what the bot has read for itself can be corrected.")
    return [command for commands in found for command in commands]


def _keep(
    hub: Hub,
    session: AsyncSession,
    before: Correction | None,
    worker: Worker,
    message_id: int,
    understood: list[str],
    meant: str,
) -> None:
    now = hub.clock.now()
    if before is None:
        made = Correction(message_id=message_id, understood=understood, meant=meant, by_id=worker.id, at=now)
        session.add(made)
        return
    if before.state is not CorrectionState.NEW:
        before.state = check_move(CORRECTION_MOVES, before.state, CorrectionState.NEW)
    before.understood, before.meant, before.reason = understood, meant, ""
    before.by_id, before.at = worker.id, now
