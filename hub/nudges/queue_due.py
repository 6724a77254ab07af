"""From planned to queued: what is due becomes a message, if it is still true. The clock calls, the table decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_ins, experiments, proofs
from hub.core import Hub
from hub.escalations import escalate
from hub.handling import Handling
from hub.nudges import subjects
from hub.nudges.planner import replan
from hub.nudges.rules import NudgeRule
from hub.nudges.subjects import Subject
from hub.people import conversation_for, name_of
from hub.states import NUDGE_MOVES, NudgeState, check_move
from hub.store import audit
from hub.store.tables import Appointment, CaseEvent, CheckIn, Conversation, Nudge, Person, SurveyRun
from hub.surveys import runs
from hub.words import Awaiting

log = structlog.get_logger()


async def queue_due(hub: Hub, limit: int = 100) -> int:
    """Queue one batch in one transaction; a nudge that breaks is skipped with a reason and holds up no other.

    Returns how many rows were looked at: call again while it is not 0.
    """
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        due = (
            select(Nudge)
            .where(Nudge.state == NudgeState.PLANNED, Nudge.due_at <= now)
            .order_by(Nudge.due_at, Nudge.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        nudges = (await session.scalars(due)).all()
        for nudge in nudges:
            try:
                async with session.begin_nested():
                    await _queue(hub, session, nudge, now)
            except Exception:
                log.exception("nudge_failed", nudge=nudge.id)
                _end(session, nudge, NudgeState.SKIPPED, "error", now)
        return len(nudges)


async def _queue(hub: Hub, session: AsyncSession, nudge: Nudge, now: datetime) -> None:
    rule = hub.flows.nudges.get(nudge.rule)
    subject = await subjects.load(session, nudge.subject_kind, nudge.subject_id)
    if rule is None or subject is None or subject.since.get(rule.given) != nudge.occurrence:
        return _end(session, nudge, NudgeState.CANCELLED, "no_longer_true", now)
    person = await session.get_one(Person, nudge.person_id)
    conversation = await conversation_for(session, person)
    reason = await _reason_not_to(session, rule, nudge, person, conversation, now)
    if reason == "too_late":
        if conversation:
            await escalate(session, conversation, "nudges_missed", now, detail=nudge.rule)
        return _end(session, nudge, NudgeState.MISSED, reason, now)
    if reason or conversation is None:
        return _end(session, nudge, NudgeState.SKIPPED, reason or "no_way_to_reach", now)
    handling = Handling(hub, session, conversation, None, "", None, now, purpose=rule.purpose)
    await _say(handling, rule, nudge, subject)
    nudge.message_id = handling.said[-1].id if handling.said else None
    _end(session, nudge, NudgeState.QUEUED, "", now)
    if isinstance(subject.row, CheckIn):  # now that it is asked, its own reminder can be planned
        await replan(hub, session, nudge.subject_kind, nudge.subject_id)


async def _reason_not_to(
    session: AsyncSession,
    rule: NudgeRule,
    nudge: Nudge,
    person: Person,
    conversation: Conversation | None,
    now: datetime,
) -> str:
    if nudge.expires_at <= now:
        return "too_late"
    if person.wrapped_key is None:
        return "erased"
    if conversation is None:
        return "no_way_to_reach"
    if conversation.contact_point.stopped_at:
        return "stopped"
    if not await experiments.sends(session, rule.name, person, now):
        return "control_group"
    return ""


async def _say(handling: Handling, rule: NudgeRule, nudge: Nudge, subject: Subject) -> None:
    row = subject.row
    if isinstance(row, CheckIn):
        return await check_ins.on_asked(handling, row)
    if isinstance(row, SurveyRun):
        return await runs.on_invited(handling, row)
    if isinstance(row, Appointment) and rule.given == "proof_wanted":
        await proofs.ask(handling.hub, handling.session, row)
    facts = await _facts(handling, rule, subject)
    if rule.awaiting is Awaiting.NOTHING:
        await handling.say(rule.text, priority=rule.priority, expires_at=nudge.expires_at, **facts)
    else:
        about = (nudge.subject_kind, nudge.subject_id)
        await handling.ask(
            rule.text,
            rule.awaiting,
            subject=about,
            priority=rule.priority,
            expires_at=nudge.expires_at,
            **facts,
        )
    if isinstance(row, CaseEvent):
        row.told_at = handling.now


async def _facts(handling: Handling, rule: NudgeRule, subject: Subject) -> dict[str, Any]:
    row = subject.row
    if isinstance(row, Appointment):
        facts = handling.appointment_facts(row)
        if rule.to == "supporters":  # only that there is something and when: never where, why or with whom
            person = await handling.session.get_one(Person, subject.person_id)
            return {"when": facts["when"], "their_name": name_of(handling.hub, person).split(" ")[0]}
        return facts
    if isinstance(row, CaseEvent):
        milestone = handling.hub.flows.texts.template(f"victims.milestone_{row.milestone}", handling.language)
        reason = handling.key.open(row.reason_sealed, "reason") if row.reason_sealed else ""
        return {"milestone": milestone.text, "reason": reason}
    return {}


def _end(session: AsyncSession, nudge: Nudge, state: NudgeState, reason: str, now: datetime) -> None:
    nudge.state = check_move(NUDGE_MOVES, nudge.state, state)
    nudge.state_at, nudge.reason = now, reason
    audit.record(
        session,
        now,
        "hub",
        f"nudge_{state}",
        f"nudge:{nudge.id}",
        person_id=nudge.person_id,
        rule=nudge.rule,
        reason=reason,
    )


async def no_longer_true(hub: Hub, session: AsyncSession, message_ids: Sequence[int]) -> set[int]:
    """Which of these messages are nudges that are no longer so: asked again at the moment of sending.

    Only appointments move: what a check-in or a survey asks is true until it is answered or expires.
    """
    wanted = select(Nudge).where(Nudge.message_id.in_(message_ids), Nudge.subject_kind == "appointment")
    return {
        nudge.message_id or 0 for nudge in await session.scalars(wanted) if not await _still_true(hub, session, nudge)
    }


async def _still_true(hub: Hub, session: AsyncSession, nudge: Nudge) -> bool:
    rule = hub.flows.nudges.get(nudge.rule)
    subject = await subjects.load(session, nudge.subject_kind, nudge.subject_id)
    return bool(rule and subject and subject.since.get(rule.given) == nudge.occurrence)
