"""When a line's provider fails: another line of the same agency and side speaks for it, until it recovers slowly.

    watch()     counts what became of recent attempts and sets each line's share of its own texts: `share_after`
    way_out()   which line a text leaves from
    first_of()  whose conversation an answer to a standby belongs to: that of the line it stands in for

A text from a number that somebody does not know can be dangerous: a partner who reads along asks who that is. So a
standby never speaks to anybody who has asked for care: a discreet contact, or one with a safe-contact window of its
own. Their texts wait for their own line. Nor does it carry bulk: surveys can wait.

Knows no provider.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import MoveNotAllowed
from hub.safe_contact import is_careful
from hub.store import audit
from hub.store.tables import Attempt, ContactPoint, Conversation, Line, Message
from hub.words import Priority

log = structlog.get_logger()

WINDOW = timedelta(minutes=5)
ENOUGH = 10  # attempts before a line that worked is called failing
PROBES = 3  # attempts before one that failed is believed, either way
STEPS = (0.05, 0.25, 1.0)  # its share of its own texts on the way back
STEP = timedelta(minutes=1)  # the shortest time on one step
SILENCE = timedelta(minutes=15)  # with too few texts to tell anything for so long, the next step is tried
SLOW = timedelta(seconds=8)  # an answer near the time-out of 10 s is as bad as none


@dataclass(frozen=True, slots=True)
class Seen:
    """Attempts since the share was last changed, five minutes ago at most; how many of them failed or were slow."""

    attempts: int
    bad: int


def share_after(share: float, lasted: timedelta, seen: Seen) -> float:
    """The next share of its own texts for a line that has had `share` for so long."""
    enough = ENOUGH if share >= 1 else PROBES
    if seen.attempts >= enough and seen.bad * 2 > seen.attempts:
        return STEPS[0]
    proven = seen.attempts >= PROBES and lasted >= STEP
    if share < 1 and (proven or lasted >= SILENCE):
        return next(step for step in STEPS if step > share)
    return share


async def watch(hub: Hub) -> None:
    """Look at every line that has a standby, and change its share where that is due."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        wanted = select(Line).where(Line.standby_line_id.is_not(None)).order_by(Line.id)
        for line in (await session.scalars(wanted.with_for_update(of=Line))).all():
            seen = await _seen(session, line, now)
            share = share_after(line.own_share, now - (line.share_since or now), seen)
            failing_again = share == STEPS[0] and seen.bad * 2 > seen.attempts
            if share != line.own_share or (failing_again and seen.attempts >= PROBES):
                line.own_share, line.share_since = share, now
                log.warning("line_share_changed", line=line.id, share=share, attempts=seen.attempts, bad=seen.bad)
                what = "line_failing" if share == STEPS[0] else "line_recovering"
                audit.record(session, now, "hub", what, f"line:{line.id}", share=share)


async def _seen(session: AsyncSession, line: Line, now: datetime) -> Seen:
    lasted = Attempt.finished_at - Attempt.started_at
    failed = or_(
        Attempt.outcome.not_in(("accepted", "refused")),  # a refusal is about the address, not about the line
        lasted > SLOW,
        Attempt.finished_at.is_(None) & (Attempt.started_at < now - SLOW),
    )
    since = max(now - WINDOW, line.share_since or now - WINDOW)
    counted = await session.execute(
        select(func.count(), func.count(case((failed, 1)))).where(
            Attempt.started_at > since, Attempt.line_id == line.id
        )
    )
    attempts, bad = counted.one()
    return Seen(attempts, bad)


async def standbys(session: AsyncSession, messages: Sequence[Message]) -> Mapping[int, Line]:
    """The standby of each line that does not have all its own texts now; asks nothing while all is well."""
    lines = {message.conversation.line.id: message.conversation.line for message in messages}
    wanted = {line.id: line.standby_line_id for line in lines.values() if line.own_share < 1}
    if not wanted:
        return {}
    found = await session.scalars(select(Line).where(Line.id.in_(wanted.values()), Line.enabled))
    by_id = {line.id: line for line in found}
    return {line_id: by_id[standby] for line_id, standby in wanted.items() if standby in by_id}


def way_out(message: Message, standing_in: Mapping[int, Line]) -> Line:
    """The line that this attempt leaves from. By the message's own lot: the same again for the same attempt."""
    own = message.conversation.line
    standby = standing_in.get(own.id)
    if standby is None or not may_stand_in(message, message.conversation.contact_point):
        return own
    lot = Random(f"{message.id}/{message.attempts}/way").random()  # noqa: S311  # spreads load, keeps no secret
    return own if lot < own.own_share else standby


def may_stand_in(message: Message, contact: ContactPoint) -> bool:
    """Whether a text may come from another of our numbers than the one this person knows."""
    return message.rank != Priority.BULK.rank and not asks_for_care(contact)


def asks_for_care(contact: ContactPoint) -> bool:
    """Others may read it, or it is safe at certain hours only."""
    return bool(is_careful(contact) or contact.safe_from or contact.safe_until)


async def first_of(session: AsyncSession, line: Line, person_id: int) -> Line:
    """The line that a standby spoke for to this person; the line itself when it did not."""
    if not line.stands_in:
        return line
    wanted = (
        select(Line)
        .join(Conversation, Conversation.line_id == Line.id)
        .where(Line.standby_line_id == line.id, Conversation.person_id == person_id)
        .order_by(Conversation.last_at.desc().nulls_last(), Line.id)
        .limit(1)
    )
    return await session.scalar(wanted) or line


def appoint(line: Line, standby: Line | None) -> None:
    """Name the line that speaks for another while it fails; None for nobody.

    Raises
    ------
    MoveNotAllowed
        unless both are of one agency, one side and one kind.
    """
    if standby:
        same = (line.agency_id, line.side, line.channel) == (standby.agency_id, standby.side, standby.channel)
        if not same or standby.id == line.id:
            raise MoveNotAllowed("(a standby is another line of the same agency, side and kind)")
        standby.stands_in = True
    line.standby_line_id = standby.id if standby else None
    line.own_share, line.share_since = 1.0, None
