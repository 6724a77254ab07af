"""Driving the hub through time, for the demo, the simulation and tests. Stops at every moment at which something
is due, so that a clock pushed over a week behaves like a week; does only what is due, so that weeks are cheap.

Knows no wall clock: the clock that is driven is given.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    DateTime,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from hub.appointments import OUTCOME_WITHIN
from hub.core import Hub
from hub.handling import STANDING
from hub.nudges.queue_due import queue_due
from hub.proofs import EXPIRES_AFTER
from hub.receive import handle_next
from hub.reconcile import LIST_LAG, recover, settle_uncertain
from hub.reconcile import WAITS as WAITING
from hub.return_checks import UNANSWERED
from hub.rights_offers import NOT_LOOKED_AT
from hub.safe_checks import TO_ASK
from hub.safe_checks import WAITING as SAFE_WAITING
from hub.send import send_due
from hub.session_roll import IS_WAITED_FOR, OVER_AT
from hub.statements.states import OPEN as UNFINISHED
from hub.states import CheckInState, EscalationState, MessageState, NudgeState, ProofState
from hub.store.tables import (
    Appointment,
    Case,
    CheckIn,
    Condition,
    ContactPoint,
    Conversation,
    Escalation,
    Hold,
    Message,
    Nudge,
    Prompt,
    Proof,
    Proposal,
    Referral,
    ReturnCheck,
    SafeCheck,
    Statement,
    SurveyRun,
    Update,
    VoiceDraft,
)
from hub.surveys.runs import OPEN
from hub.threads import ending
from hub.unanswered import SILENT_FOR
from hub.update_plans import unplanned
from hub.updates_told import arrived, not_looked_at
from hub.updates_watch import is_late, is_near
from hub.voices.hearing import hear_next
from hub.voices.states import VoiceState
from integrations.channels.simulator import Simulator
from scheduler.upkeep import are_you_safe, windows

LOOP_NAME = "driver"
JUST_AFTER = timedelta(milliseconds=1)  # a lease has run out when its end lies in the past


class PushableClock(Protocol):
    def now(self) -> datetime: ...
    def push_to(self, moment: datetime) -> None: ...


class Kind(StrEnum):
    """What there is to do, in the order of one round."""

    ARE_YOU_SAFE = "are_you_safe"
    NUDGES = "nudges"
    WINDOWS = "windows"
    UNFINISHED = "unfinished"
    INBOUND = "inbound"
    OUTBOUND = "outbound"


HOLDING = select(Message.hold_id).where(Message.state == MessageState.HELD)  # a hold on nothing ends unnoticed
Waits = tuple[ColumnElement[Any], ColumnElement[bool]]  # from which moment on a row waits, and which rows do
WAITS: Mapping[Kind, tuple[Waits, ...]] = {
    Kind.ARE_YOU_SAFE: (
        (SafeCheck.due_at.expression, SafeCheck.state.in_(TO_ASK)),
        (SafeCheck.closes_at.expression, SafeCheck.state.in_(SAFE_WAITING)),
    ),
    Kind.NUDGES: ((Nudge.due_at.expression, Nudge.state == NudgeState.PLANNED),),
    Kind.WINDOWS: (
        (CheckIn.closes_at.expression, CheckIn.state.in_((CheckInState.PLANNED, CheckInState.ASKED))),
        (ReturnCheck.closes_at.expression, ReturnCheck.state.in_(UNANSWERED)),
        (ContactPoint.safe_look_at.expression, ContactPoint.safe_look_at.is_not(None)),
        (SurveyRun.expires_at.expression, SurveyRun.state.in_(OPEN)),
        (Statement.expires_at.expression, Statement.state.in_(UNFINISHED)),
        (Proof.asked_at + EXPIRES_AFTER, Proof.state == ProofState.ASKED),
        (Appointment.starts_at + OUTCOME_WITHIN, Appointment.state.in_(STANDING)),
        (OVER_AT, IS_WAITED_FOR),
        (Case.opened_at.expression, unplanned()),
        (Update.warn_at.expression, is_near()),
        (Update.due_at.expression, is_late()),
        (Message.state_at.expression, not_looked_at() & arrived()),
        (Condition.look_at.expression, Condition.look_at.is_not(None)),
        (Update.told_at.expression, NOT_LOOKED_AT),
        (Proposal.look_at.expression, Proposal.look_at.is_not(None)),
        (Referral.look_at.expression, Referral.look_at.is_not(None)),
        (ending.UNUSED_FROM, ending.UNUSED),
        (ending.ending_from(), ending.not_told()),
        (ending.OVER_FROM, ending.OVER),
        (ending.grown_up_from(), ending.has_guardian()),
        (Escalation.snoozed_until.expression, Escalation.state == EscalationState.SNOOZED),
        (Escalation.due_at.expression, (Escalation.state == EscalationState.OPEN) & Escalation.escalated_at.is_(None)),
        (Prompt.asked_at + SILENT_FOR, Prompt.closed_at.is_(None) & Prompt.chased_at.is_(None)),
    ),
    Kind.UNFINISHED: (
        (Message.due_at.expression, (Message.state == MessageState.HELD) & Message.reason.in_(WAITING)),
        (Hold.until.expression, Hold.released_at.is_(None) & Hold.id.in_(HOLDING)),
        (Message.lease_until.expression, Message.state.in_((MessageState.CLAIMED, MessageState.SENDING))),
        (Message.state_at + LIST_LAG, Message.state == MessageState.UNCERTAIN),
        (VoiceDraft.due_at.expression, VoiceDraft.state == VoiceState.WAITING),
    ),
    Kind.INBOUND: (
        (
            func.greatest(Conversation.waiting_since, Conversation.handling_until + JUST_AFTER),
            Conversation.waiting_since.is_not(None),
        ),
    ),
    Kind.OUTBOUND: ((Message.due_at.expression, Message.state == MessageState.QUEUED),),
}


@cache
def moments_statement(kinds: tuple[Kind, ...], *, after: bool) -> CompoundSelect[Any]:
    """Asks for (kind, moment), given `now`. Made once: making it took longer than PostgreSQL needs to answer it."""
    now = bindparam("now", None, type_=DateTime(timezone=True))
    return union_all(
        *(
            select(literal_column(f"'{kind}'"), func.min(moment)).where(rows, moment > now if after else moment <= now)
            for kind in kinds
            for moment, rows in WAITS[kind]
        )
    )


class Driver:
    """Works through what is due. With several `workers`, each claims for itself, as on several machines."""

    def __init__(
        self, hub: Hub, clock: PushableClock, simulator: Simulator, *, workers: Collection[str] = (LOOP_NAME,)
    ) -> None:
        self.hub, self.clock, self.simulator = hub, clock, simulator
        self.workers = workers
        self.kinds: Collection[Kind] = tuple(Kind)  # what is worked on at all
        self._work: Mapping[Kind, Callable[[], Awaitable[object]]] = {
            Kind.ARE_YOU_SAFE: lambda: are_you_safe(self.hub),
            Kind.NUDGES: lambda: queue_due(self.hub),
            Kind.WINDOWS: lambda: windows(self.hub),
            Kind.UNFINISHED: self._finish,
            Kind.INBOUND: lambda: self._each(handle_next),
            Kind.OUTBOUND: lambda: self._each(send_due),
        }

    async def settle(self) -> None:
        """Let everything happen that is due now: plan, handle, send, report, until nothing moves."""
        moved = True
        while moved:
            moved = False
            for kind in await self.due():
                moved = bool(await self.do(kind)) or moved
            moved = bool(await self.report()) or moved

    async def do(self, kind: Kind) -> object:
        """One round of a kind of work; true when something moved."""
        return await self._work[kind]()

    async def report(self) -> int:
        """Let the carrier say what it has to say by now."""
        return await self.simulator.push_receipts()

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

    async def due(self) -> list[Kind]:
        """What the tables want done now, in the order of a round."""
        found = await self.moments(self.kinds, after=False)
        return [kind for kind in Kind if kind in found]

    async def next_due(self) -> datetime | None:
        """The next moment after now at which the tables want something done."""
        return min((await self.moments(self.kinds, after=True)).values(), default=None)

    async def moments(self, kinds: Collection[Kind], *, after: bool) -> dict[Kind, datetime]:
        """The first moment of each kind that lies after now, or else the first that does not."""
        if not kinds:
            return {}
        found: dict[Kind, datetime] = {}
        async with self.hub.store.transaction() as session:
            for name, moment in await session.execute(
                moments_statement(tuple(kinds), after=after), {"now": self.clock.now()}
            ):
                if moment is not None:
                    found[Kind(name)] = min(moment, found.get(Kind(name), moment))
        return found

    async def _each(self, work: Callable[[Hub, str], Awaitable[object]]) -> bool:
        """Every worker once, all of them together."""
        return any(await asyncio.gather(*(work(self.hub, worker) for worker in self.workers)))

    async def _finish(self) -> int:
        return await recover(self.hub) + await settle_uncertain(self.hub) + await hear_next(self.hub)
