"""News of a case. Recording it plans the text that tells the victim (Victims' Code, Right 6). Knows no
screen."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.store import audit
from hub.store.tables import Case, CaseEvent


async def record_event(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    case: Case,
    milestone: str,
    reason: str,
    happened_at: datetime,
) -> CaseEvent:
    """Store a milestone; `reason` is why, in the worker's plain words, and may be empty.

    Raises
    ------
    TextMissing
        when no text `victims.milestone_<milestone>` says it.
    """
    hub.flows.texts.template(f"victims.milestone_{milestone}", case.person.language)
    key = hub.vault.open_person_key(case.person.wrapped_key or b"")
    event = CaseEvent(
        case_id=case.id,
        milestone=milestone,
        reason_sealed=key.seal(reason, "reason") if reason else None,
        happened_at=happened_at,
        case=case,
    )
    session.add(event)
    await session.flush()
    audit.record(
        session,
        hub.clock.now(),
        actor,
        "case_event_recorded",
        f"case:{case.id}",
        person_id=case.person_id,
        milestone=milestone,
    )
    await replan(hub, session, "case_event", event.id)
    return event


async def last_event(handling: Handling) -> CaseEvent | None:
    """The person's latest news, told or not."""
    found: CaseEvent | None = await handling.session.scalar(
        select(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.person_id == handling.person.id, CaseEvent.happened_at <= handling.now)
        .order_by(CaseEvent.happened_at.desc(), CaseEvent.id.desc())
        .limit(1)
    )
    return found


async def tell(handling: Handling, event: CaseEvent) -> None:
    """Say it in full: only to somebody who has just asked, or has said that it is safe."""
    milestone = handling.texts.template(f"victims.milestone_{event.milestone}", handling.language)
    reason = handling.key.open(event.reason_sealed, "reason") if event.reason_sealed else ""
    await handling.say("victims.case_told", milestone=milestone.text, reason=reason)
    if event.told_at is None and not handling.quiet:
        event.told_at = handling.now
        await replan(handling.hub, handling.session, "case_event", event.id)
