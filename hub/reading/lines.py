"""How each of our lines does: what came in and went out last, how much failed, what holds it back. Knows no screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NoChannel
from hub.reading.wording import CHANNELS
from hub.store.tables import Attempt, Conversation, Hold, Line, LinePace, Team
from hub.words import ChannelKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a provider was called for a text, and how many of those did not go through."""

    number: int
    failed: int

    @property
    def in_words(self) -> str:
        if not self.number:
            return "nothing was sent"
        if not self.failed:
            return f"all {self.number} taken by the provider" if self.number > 1 else "1 taken by the provider"
        return f"{self.failed} of {self.number} did not go through ({self.failed / self.number:.0%})"


@dataclass(frozen=True, slots=True)
class Health:
    line: Line
    channel: str
    state: str  # "Works", "Off", "Held back", "Failing", "Not set up", "Waits"
    why: str
    last_in: datetime | None
    last_out: datetime | None  # within a day
    hour: Tries
    day: Tries
    per_second: float | None


async def health(hub: Hub, session: AsyncSession, team: Team) -> list[Health]:
    """Every line of the agency and side of a team."""
    theirs = and_(Line.agency_id == team.agency_id, Line.side == team.side)
    now = hub.clock.now()
    lines = (await session.scalars(select(Line).where(theirs).order_by(Line.id))).all()
    heard = dict((await session.execute(_last_in(theirs))).all())
    sent = {row[0]: row[1:] for row in (await session.execute(_sent(now))).all()}
    paces = {pace.line_id: pace for pace in await session.scalars(select(LinePace))}
    holds = {hold.line_id: hold for hold in await session.scalars(_holds(now, team.agency_id))}
    found = []
    for line in lines:
        last_out, hour, hour_failed, day, day_failed = sent.get(line.id, (None, 0, 0, 0, 0))
        pace, hold = paces.get(line.id), holds.get(line.id) or holds.get(None)
        state, why = _state(hub, line, pace, hold, now)
        found.append(
            Health(
                line=line,
                channel=CHANNELS[line.channel],
                state=state,
                why=why,
                last_in=heard.get(line.id),
                last_out=last_out,
                hour=Tries(hour, hour_failed),
                day=Tries(day, day_failed),
                per_second=pace.per_second if pace else None,
            )
        )
    return found


def _last_in(theirs: ColumnElement[bool]) -> Select[int, datetime | None]:
    wanted = select(Conversation.line_id, func.max(Conversation.last_in_at)).join(Line, Line.id == Conversation.line_id)
    return wanted.where(theirs).group_by(Conversation.line_id)


def _sent(now: datetime) -> Select[int | None, datetime | None, int, int, int, int]:
    """By line: the last, then attempts and failures of the last hour and of the last day."""
    recent, bad = Attempt.finished_at > now - HOUR, Attempt.outcome != "accepted"
    return (
        select(
            Attempt.line_id,
            func.max(Attempt.finished_at),
            func.count().filter(recent),
            func.count().filter(recent, bad),
            func.count(),
            func.count().filter(bad),
        )
        .where(Attempt.finished_at > now - DAY, Attempt.line_id.is_not(None))
        .group_by(Attempt.line_id)
    )


def _holds(now: datetime, agency_id: int) -> Select[Hold]:
    """Of lines, and of the whole agency (under None)."""
    stands = Hold.released_at.is_(None) & (Hold.until.is_(None) | (Hold.until > now)) & Hold.rule.is_(None)
    return select(Hold).where(stands, Hold.line_id.is_not(None) | (Hold.agency_id == agency_id))


def _state(hub: Hub, line: Line, pace: LinePace | None, hold: Hold | None, now: datetime) -> tuple[str, str]:
    if not line.enabled:
        return "Off", "Nothing goes out from it. What people write to it is still taken in."
    try:
        if line.channel is not ChannelKind.WEBCHAT:
            hub.channels.for_line(line.address, line.channel)
    except NoChannel:
        return "Not set up", "The credentials of its channel are missing in the settings of the program."
    if hold:
        return "Held back", f"Somebody holds back its texts: {hold.why}"
    if line.own_share < 1:
        return "Failing", f"Its provider fails; {line.own_share:.0%} of its texts try it, another line has the rest."
    if pace and pace.paused_until and pace.paused_until > now:
        return "Waits", "Its provider asked us to slow down."
    return "Works", ""
