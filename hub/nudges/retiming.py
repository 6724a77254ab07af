"""An agency's side turns a rule off or on, or moves it within limits. What lies ahead is planned again at once.

Knows no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotAllowed
from hub.nudges import settings
from hub.nudges.again import ahead
from hub.nudges.planner import Change, Effect, preview_rule, replan_all
from hub.nudges.rules import NudgeRule
from hub.nudges.settings import Setting, Whose, as_in_flows
from hub.outcomes import end
from hub.rewording import DECIDE
from hub.states import MessageState, NudgeState
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import (
    Agency,
    Appointment,
    Case,
    CaseDate,
    CheckIn,
    Condition,
    Message,
    Nudge,
    Person,
    ReturnCheck,
    RuleSetting,
    SurveyRun,
    Telling,
    Worker,
)

MOST_DAYS = 14
WAITING = (MessageState.HELD, MessageState.QUEUED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be changed of a rule: the number of days (None: not), and the time of day."""

    days: range | None
    start: time
    end: time

    def problem(self, wish: Setting) -> str:
        """What is wrong with it; nothing when it is within the limits."""
        if wish.days is not None and (self.days is None or wish.days not in self.days):
            return f"Enter a number of days from 1 to {MOST_DAYS}."
        if wish.clock is not None and not self.start <= wish.clock < self.end:
            return f"Enter a time from {self.start:%H:%M} to before {self.end:%H:%M}."
        return ""


def limits(rule: NudgeRule, agency: Agency) -> Limits | None:
    """None for a rule that counts minutes from its subject: it can only be turned off and on."""
    if rule.at is None:
        return None
    days = days_of(rule)
    allowed = None if days == 0 else range(1, MOST_DAYS + 1) if days > 0 else range(-MOST_DAYS, 0)
    return Limits(allowed, agency.contact_from, min(rule.until or agency.contact_until, agency.contact_until))


def days_of(rule: NudgeRule) -> int:
    return rule.days if rule.working_days is None else rule.working_days


def check_may(worker: Worker) -> None:
    """Raises `NotAllowed` for a role that sees rules and does not set them."""
    if worker.role not in DECIDE:
        raise NotAllowed


async def effect(hub: Hub, session: AsyncSession, worker: Worker, rule: NudgeRule, wish: Setting) -> Effect:
    """What saving it would do: nothing is changed."""
    whose = (worker.team.agency_id, worker.team.side)
    wished = (await settings.load(session)).but(rule, whose, wish)
    return await preview_rule(hub, session, rule, await _subjects(hub, session, rule, whose), wished)


async def save(
    hub: Hub, session: AsyncSession, worker: Worker, rule: NudgeRule, wish: Setting, *, why: str = ""
) -> Change:
    """From now on. Raises `NotAllowed` for another role, or with what is wrong."""
    check_may(worker)
    may = limits(rule, worker.team.agency)
    problem = may.problem(wish) if may else "" if Setting(wish.off) == wish else "This rule has no time of day."
    if problem:
        raise NotAllowed(problem)
    whose = (worker.team.agency_id, worker.team.side)
    await _keep(hub, session, worker, rule, wish, why)
    facts: dict[str, Any] = {
        "off": wish.off,
        "days": wish.days,
        "clock": wish.clock.isoformat() if wish.clock else None,
    }
    audit.record(session, hub.clock.now(), f"worker:{worker.id}", "rule_set", f"rule:{rule.name}", **facts)
    if wish.off:
        await _take_back_what_waits(hub, session, worker, rule, whose)
    because = "rule_off" if wish.off else "no_longer_true"
    ids = await _subjects(hub, session, rule, whose)
    return await replan_all(hub, session, rule.subject, ids, only=rule.name, because=because)


async def _keep(hub: Hub, session: AsyncSession, worker: Worker, rule: NudgeRule, wish: Setting, why: str) -> None:
    own = {"agency_id": worker.team.agency_id, "side": worker.team.side, "rule": rule.name}
    if wish == as_in_flows(rule):
        of_rule = (RuleSetting.agency_id == own["agency_id"], RuleSetting.side == own["side"])
        await session.execute(delete(RuleSetting).where(*of_rule, RuleSetting.rule == rule.name))
        return
    said: dict[str, Any] = {"off": wish.off, "days": wish.days, "clock": wish.clock, "why": why.strip()}
    said |= {"by_id": worker.id, "at": hub.clock.now()}
    keep = insert(RuleSetting).values(**own, **said)
    await session.execute(keep.on_conflict_do_update(index_elements=list(own), set_=said))


async def _take_back_what_waits(hub: Hub, session: AsyncSession, worker: Worker, rule: NudgeRule, whose: Whose) -> None:
    """Texts of the rule that are queued already. One that says another rule's words too goes out as it is."""
    shared = select(Nudge.message_id).where(Nudge.message_id.is_not(None), Nudge.rule != rule.name)
    wanted = (
        select(Message)
        .join(Nudge, Nudge.message_id == Message.id)
        .join(Person, Person.id == Nudge.person_id)
        .where(Nudge.rule == rule.name, Message.state.in_(WAITING), Message.id.not_in(shared), _of(whose))
        .with_for_update(of=Message)
    )
    now = hub.clock.now()
    for message in (await session.scalars(wanted)).unique().all():
        end(message, MessageState.CANCELLED, "rule_off", now)
        audit.record(session, now, f"worker:{worker.id}", "message_cancelled", f"message:{message.id}")
        notify(session, CHANGED, str(message.conversation_id))


async def _subjects(hub: Hub, session: AsyncSession, rule: NudgeRule, whose: Whose) -> Sequence[int]:
    """Whatever the rule may speak of: what lies ahead, and what it has nudges for that are not over."""
    now = hub.clock.now()
    open_ones = (NudgeState.PLANNED, NudgeState.CANCELLED)
    known = (
        select(Nudge.subject_id)
        .join(Person, Person.id == Nudge.person_id)
        .where(Nudge.rule == rule.name, Nudge.state.in_(open_ones), Nudge.expires_at > now, _of(whose))
    )
    ids = set(await session.scalars(known))
    wanted = _ahead_of(rule.subject, whose, now)
    if wanted is not None:
        ids |= set(await session.scalars(wanted))
    return sorted(ids)


def _ahead_of(kind: str, whose: Whose, now: datetime) -> Select[int] | None:
    wanted = ahead(now).get(kind)
    if wanted is None:
        return None
    direct = {
        "appointment": Appointment.person_id,
        "check_in": CheckIn.person_id,
        "return_check": ReturnCheck.person_id,
        "survey_run": SurveyRun.person_id,
        "telling": Telling.person_id,
    }
    of_case = {"condition": Condition.case_id, "case_date": CaseDate.case_id}
    person = direct.get(kind, Case.person_id)
    if kind in of_case:
        wanted = wanted.join(Case, Case.id == of_case[kind])
    return wanted.join(Person, Person.id == person).where(_of(whose))


def _of(whose: Whose) -> ColumnElement[bool]:
    agency_id, side = whose
    return (Person.agency_id == agency_id) & (Person.side == side)
