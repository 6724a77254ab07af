"""Passing a conversation to a colleague: they hold it, they have its open reasons, and the inbox says so to both."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.conversations import Seen, add_note, check_holder, check_seen
from hub.core import Hub
from hub.errors import NotAllowed
from hub.escalations import assign, escalate
from hub.states import EscalationState
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import Conversation, Escalation, Worker
from hub.words import WorkerRole

ANSWERS = (WorkerRole.WORKER, WorkerRole.SUPERVISOR)


async def colleagues(session: AsyncSession, worker: Worker) -> list[Worker]:
    """Who of the same team could answer instead."""
    theirs = (
        select(Worker)
        .where(
            Worker.team_id == worker.team_id,
            Worker.id != worker.id,
            Worker.role.in_(ANSWERS),
            Worker.disabled_at.is_(None),
        )
        .order_by(Worker.name)
    )
    return list((await session.scalars(theirs)).all())


async def pass_to(
    hub: Hub,
    session: AsyncSession,
    worker: Worker,
    conversation: Conversation,
    to: int,
    note: str = "",
    seen: Seen | None = None,
) -> None:
    """`to` answers from now on. A supervisor may pass on what somebody else holds, as when they are ill.

    Raises
    ------
    NotAllowed
        when `to` is no colleague who answers, while another worker holds, or when the person has written something
        that the page of `worker` does not show.
    """
    if to not in {colleague.id for colleague in await colleagues(session, worker)}:
        raise NotAllowed("Choose a colleague to pass it to.")
    if worker.role is not WorkerRole.SUPERVISOR:
        await check_holder(session, conversation, worker)
    await check_seen(session, worker, conversation, seen)
    if note.strip():
        await add_note(hub, session, worker, conversation, note.strip())
    await _give_reasons(hub, session, worker, conversation, to)
    conversation.holder_id, conversation.unread = to, True
    subject, actor = f"conversation:{conversation.id}", f"worker:{worker.id}"
    audit.record(
        session,
        hub.clock.now(),
        actor,
        "conversation_passed_on",
        subject,
        person_id=conversation.person_id,
        to=to,
    )
    notify(session, CHANGED, str(conversation.id))


async def _give_reasons(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation, to: int) -> None:
    """All that press; where none does, being passed on is the reason, so that it stands in their inbox."""
    now = hub.clock.now()
    pressing = (
        Escalation.conversation_id == conversation.id,
        Escalation.state.in_((EscalationState.OPEN, EscalationState.TAKEN)),
    )
    found = list(await session.scalars(select(Escalation).where(*pressing).with_for_update(of=Escalation)))
    for reason in found or [await escalate(session, conversation, "passed_on", now)]:
        await assign(session, reason, worker.id, to, now)
