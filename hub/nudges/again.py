"""When the rules in flows/ have changed, what lies ahead is planned again: everything, a thousand at a time.

A row of the heartbeats keeps the fingerprint of the rules that were planned with, so this happens once a change, on
whichever machine looks first. Knows no rule.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from hub.core import Hub
from hub.handling import STANDING
from hub.nudges.planner import AT_ONCE, Change, replan_all
from hub.states import CheckInState, ConditionState, ReturnState, SurveyState
from hub.states_of_care import TellingState
from hub.store.tables import (
    Appointment,
    CaseDate,
    CheckIn,
    Condition,
    ContactPoint,
    Heartbeat,
    ReturnCheck,
    SurveyRun,
    Telling,
)
from hub.words import Side

PLANNED_WITH = "nudge_rules:"


async def plan_again_if_rules_changed(hub: Hub) -> Change | None:
    """None when they have not. Stopped half-way, it begins anew: what stands already is not written twice."""
    mark = PLANNED_WITH + _fingerprint(hub)
    async with hub.store.transaction() as session:
        if await session.get(Heartbeat, mark):
            return None
    change = await plan_again(hub)
    async with hub.store.transaction() as session:
        await session.execute(delete(Heartbeat).where(Heartbeat.name.startswith(PLANNED_WITH)))
        await session.execute(insert(Heartbeat).values(name=mark, at=hub.clock.now()).on_conflict_do_nothing())
    return change


async def plan_again(hub: Hub) -> Change:
    """Everything that lies ahead, each thousand in a transaction of its own."""
    change = Change(0, 0)
    for kind, wanted in ahead(hub.clock.now()).items():
        last = 0
        while True:
            async with hub.store.transaction() as session:
                column = wanted.selected_columns[0]
                ids = list(await session.scalars(wanted.where(column > last).order_by(column).limit(AT_ONCE)))
                change += await replan_all(hub, session, kind, ids)
            if len(ids) < AT_ONCE:
                break
            last = ids[-1]
    return change


def ahead(now: datetime) -> Mapping[str, Select[int]]:
    """News is left alone: it is told once, when it comes."""
    return {
        "appointment": select(Appointment.id).where(Appointment.state.in_(STANDING), Appointment.starts_at > now),
        "check_in": select(CheckIn.id).where(CheckIn.state.in_((CheckInState.PLANNED, CheckInState.ASKED))),
        "return_check": select(ReturnCheck.id).where(ReturnCheck.state.in_((ReturnState.PLANNED, ReturnState.NOT_YET))),
        "telling": select(Telling.id).where(Telling.state == TellingState.PLANNED),
        "survey_run": select(SurveyRun.id).where(SurveyRun.state == SurveyState.INVITED),
        "condition": select(Condition.id).where(Condition.due_on >= now.date(), Condition.state == ConditionState.OPEN),
        "safe_contact": select(ContactPoint.id).where(ContactPoint.side == Side.VICTIMS),
        "case_date": select(CaseDate.id).where(CaseDate.on >= now.date(), CaseDate.called_off_at.is_(None)),
    }


def _fingerprint(hub: Hub) -> str:
    rules = sorted(hub.flows.nudges.items())
    return sha256(repr(rules).encode()).hexdigest()[:16]
