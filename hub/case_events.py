"""News of a case. Recording it is a promise: who is owed it is told within so many working days (hub/updates_owed.py).

A decision is never recorded without its reason. Knows no screen.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hub import update_plans, updates_owed
from hub.core import Hub
from hub.errors import NotAllowed, ReasonMissing, TextMissing
from hub.milestones import NO_NEWS
from hub.nudges.planner import replan_all
from hub.states import UpdateState
from hub.store import audit
from hub.store.tables import Case, CaseEvent, Update
from hub.updates_owed import WORD
from hub.words import Side


async def record_event(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    case: Case,
    milestone: str,
    reason: str,
    happened_at: datetime,
    known_at: datetime | None = None,
) -> CaseEvent:
    """Store a milestone; `reason` is why, in plain words. `known_at`: when the agency knew, now by default.

    Raises
    ------
    NotAllowed
        for a case that is no victim's, or when it was known before it happened, or has not happened yet.
    TextMissing
        for a milestone that no text tells of.
    ReasonMissing
        for a decision without its reason.
    """
    now = hub.clock.now()
    check(hub, case, milestone, reason)
    if happened_at > now or (known_at and not happened_at <= known_at <= now):
        raise NotAllowed("It must have happened, and been known after that. Check the two times.")
    event = await _keep(hub, session, actor, case, milestone, reason.strip(), happened_at, known_at or now)
    await updates_owed.owe_news(hub, session, event, await update_plans.plan_of(hub, session, case))
    return event


async def say_no_news(hub: Hub, session: AsyncSession, actor: str, word: Update) -> None:
    """Nothing has happened, and they are told so: the text is planned at once."""
    if word.kind != WORD or word.state is not UpdateState.OWED or word.event_id is not None:
        raise NotAllowed("This has been done already.")
    now = hub.clock.now()
    word.event = await _keep(hub, session, actor, word.case, NO_NEWS, "", now, now)
    word.event_id = word.event.id
    await replan_all(hub, session, "update", [word.id])


async def send_again(hub: Hub, session: AsyncSession, actor: str, update: Update) -> None:
    """The same once more, as the first did not do it."""
    if update.state is not UpdateState.OWED or update.event_id is None:
        raise NotAllowed("There is nothing to send again.")
    update.again_at, update.heard_at = hub.clock.now(), None
    case = update.case
    audit.record(session, hub.clock.now(), actor, "update_sent_again", f"update:{update.id}", person_id=case.person_id)
    await replan_all(hub, session, "update", [update.id])


def check(hub: Hub, case: Case, milestone: str, reason: str) -> None:
    """Raises what `record_event` would."""
    if case.side is not Side.VICTIMS:
        raise NotAllowed("News is for victims, witnesses and bereaved family. This case is of the other side.")
    kind = hub.flows.milestones.get(milestone)
    if kind is None:
        raise TextMissing(f"({milestone})")
    hub.flows.texts.template(kind.text, case.person.language)
    if kind.needs_reason and not reason.strip():
        raise ReasonMissing


async def _keep(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    case: Case,
    milestone: str,
    reason: str,
    happened_at: datetime,
    known_at: datetime,
) -> CaseEvent:
    key = hub.vault.open_person_key(case.person.wrapped_key or b"")
    event = CaseEvent(
        case_id=case.id,
        milestone=milestone,
        reason_sealed=key.seal(reason, "reason") if reason else None,
        happened_at=happened_at,
        known_at=known_at,
        case=case,
    )
    session.add(event)
    await session.flush()
    about, now = f"case:{case.id}", hub.clock.now()
    audit.record(session, now, actor, "case_event_recorded", about, person_id=case.person_id, milestone=milestone)
    return event
