"""Driving the hub through time, for the demo, the simulation and tests. Stops at every moment at which something
is due, so that a clock pushed over a week behaves like a week.

Knows no wall clock: the clock that is driven is given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import CompoundSelect, func, select, union_all

from hub.core import Hub
from hub.receive import handle_next
from hub.reconcile import LIST_LAG
from hub.send import send_due
from hub.states import CheckInState, EscalationState, MessageState, NudgeState, SurveyState
from hub.store.tables import CheckIn, Escalation, Message, Nudge, SurveyRun
from integrations.channels.simulator import Simulator
from scheduler.upkeep import nudges, unfinished, windows

LOOP_NAME = "driver"


class PushableClock(Protocol):
    def now(self) -> datetime: ...
    def push_to(self, moment: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Driver:
    hub: Hub
    clock: PushableClock
    simulator: Simulator

    async def settle(self) -> None:
        """Let everything happen that is due now: plan, handle, send, report, until nothing moves."""
        moved = True
        while moved:
            await nudges(self.hub)
            await windows(self.hub)
            await unfinished(self.hub)
            moved = await handle_next(self.hub, LOOP_NAME)
            moved = bool(await send_due(self.hub, LOOP_NAME)) or moved
            moved = bool(await self.simulator.push_receipts()) or moved

    async def advance_to(self, moment: datetime) -> None:
        """Go to `moment`, through every moment before it at which something is due."""
        await self.settle()
        while (due := await self.next_due()) and due < moment:
            self.clock.push_to(due)
            await self.settle()
        self.clock.push_to(moment)
        await self.settle()

    async def advance(self, by: timedelta) -> None:
        await self.advance_to(self.clock.now() + by)

    async def next_due(self) -> datetime | None:
        """The next moment after now at which the tables want something done."""
        now = self.clock.now()
        moments: CompoundSelect[Any] = union_all(
            select(func.min(Nudge.due_at)).where(Nudge.state == NudgeState.PLANNED, Nudge.due_at > now),
            select(func.min(Message.due_at)).where(
                Message.state.in_((MessageState.QUEUED, MessageState.HELD)), Message.due_at > now
            ),
            select(func.min(Message.lease_until)).where(
                Message.state.in_((MessageState.CLAIMED, MessageState.SENDING)), Message.lease_until > now
            ),
            select(func.min(Message.state_at) + LIST_LAG).where(
                Message.state == MessageState.UNCERTAIN, Message.state_at + LIST_LAG > now
            ),
            select(func.min(Escalation.snoozed_until)).where(
                Escalation.state == EscalationState.SNOOZED, Escalation.snoozed_until > now
            ),
            select(func.min(CheckIn.closes_at)).where(CheckIn.state == CheckInState.ASKED, CheckIn.closes_at > now),
            select(func.min(SurveyRun.expires_at)).where(
                SurveyRun.state.in_((SurveyState.INVITED, SurveyState.STARTED, SurveyState.PAUSED)),
                SurveyRun.expires_at > now,
            ),
        )
        async with self.hub.store.transaction() as session:
            found = [moment for moment in await session.scalars(moments) if moment is not None]
        return min(found, default=None)
