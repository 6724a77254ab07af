"""The kill switch: what a line, an agency or a nudge rule would send is kept back, with who did it and why.

A hold concerns what waits now and what is queued while it stands. Safety answers go out all the same, unless the hold
says everything. What is held is asked again at the moment of sending, like everything else.

Knows no screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import NotFound
from hub.states import MessageState
from hub.store import audit
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Agency, Hold, Line, Message, Nudge
from hub.words import Purpose


@dataclass(frozen=True, slots=True)
class What:
    """What a hold is about: exactly one of the three."""

    line_id: int | None = None
    agency_id: int | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The holds that stand now, and the nudge rules of the messages that are asked about."""

    holds: Sequence[Hold] = ()
    rules: Mapping[int, str] = field(default_factory=dict)

    def over(self, message: Message) -> Hold | None:
        """The hold that keeps this message back, if one does."""
        for hold in self.holds:
            if (hold.everything or message.purpose is not Purpose.SAFETY) and self._is_about(hold, message):
                return hold
        return None

    def _is_about(self, hold: Hold, message: Message) -> bool:
        return (
            hold.line_id == message.line_id
            or hold.agency_id == message.conversation.person.agency_id
            or (hold.rule is not None and hold.rule == self.rules.get(message.id))
        )


def reason(hold: Hold) -> str:
    """A key of `hub.delivery.MEANINGS`."""
    if hold.rule is not None:
        return "rule_held"
    return "line_held" if hold.line_id is not None else "agency_held"


def _stands(now: datetime) -> ColumnElement[bool]:
    return Hold.released_at.is_(None) & or_(Hold.until.is_(None), Hold.until > now)


async def standing(session: AsyncSession, message_ids: Sequence[int], now: datetime) -> Standing:
    holds = (await session.scalars(select(Hold).where(_stands(now)).order_by(Hold.id))).all()
    if not any(hold.rule for hold in holds):
        return Standing(holds)
    found = await session.execute(select(Nudge.message_id, Nudge.rule).where(Nudge.message_id.in_(message_ids)))
    return Standing(holds, {message_id or 0: rule for message_id, rule in found})


async def hold(
    session: AsyncSession,
    what: What,
    actor: str,
    now: datetime,
    *,
    why: str = "",
    lasts: timedelta | None = None,
    everything: bool = False,
) -> Hold:
    """Keep it back from now on; without `lasts` until somebody releases it."""
    made = Hold(
        line_id=what.line_id,
        agency_id=what.agency_id,
        rule=what.rule,
        everything=everything,
        why=why,
        by=actor,
        at=now,
        until=now + lasts if lasts else None,
    )
    session.add(made)
    await session.flush()
    audit.record(session, now, actor, "sending_held", f"hold:{made.id}", **_facts(made))
    return made


async def release(session: AsyncSession, what: What, actor: str, now: datetime) -> int:
    """End every hold on it, and let go what it kept back. Returns how many texts. Raises `NotFound`."""
    same = (Hold.line_id == what.line_id, Hold.agency_id == what.agency_id, Hold.rule == what.rule)
    given = [each for each, value in zip(same, (what.line_id, what.agency_id, what.rule), strict=True) if value]
    found = (await session.scalars(select(Hold).where(_stands(now), *given).with_for_update())).all()
    if not found:
        raise NotFound("(nothing of that is held back)")
    for each in found:
        each.released_at, each.released_by = now, actor
        audit.record(session, now, actor, "sending_released", f"hold:{each.id}", **_facts(each))
    await session.flush()
    return await let_go(session, now)


async def let_go(session: AsyncSession, now: datetime) -> int:
    """Queue again what no standing hold keeps back any more. Returns how many."""
    ended = select(Hold.id).where(~_stands(now))
    freed = (
        update(Message)
        .where(Message.state == MessageState.HELD, Message.hold_id.in_(ended))
        .values(state=MessageState.QUEUED, state_at=now, reason="", hold_id=None)
        .returning(Message.id)
    )
    count = len((await session.scalars(freed)).all())
    if count:
        notify(session, OUTBOUND)
    return count


async def listed(session: AsyncSession, now: datetime) -> list[tuple[Hold, str]]:
    """The holds that stand, and what each is about, as people call it."""
    wanted = (
        select(Hold, Line.address, Agency.name)
        .outerjoin(Line, Line.id == Hold.line_id)
        .outerjoin(Agency, Agency.id == Hold.agency_id)
        .where(_stands(now))
        .order_by(Hold.id)
    )
    return [(hold, address or name or hold.rule or "") for hold, address, name in await session.execute(wanted)]


def _facts(hold: Hold) -> dict[str, Any]:
    facts = {"line": hold.line_id, "agency": hold.agency_id, "rule": hold.rule}
    return {name: value for name, value in facts.items() if value is not None} | {
        "everything": hold.everything
    }  # why stays with the hold: audit details are ids and codes
