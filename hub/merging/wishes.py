"""What two records of one human said about being texted, taken together: the more careful always wins.

A STOP of a whole record holds for the other's ways too, unless the person has written from them since: their last word
counts. A "no" to a purpose, careful wording, "ask first" and hours of their own hold for every way; whether an address
is safe is said of that one address, and stays. Knows no screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.safe_contact import forbidden
from hub.store.tables import Consent, ContactPoint, Conversation, Person
from hub.words import Purpose

Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What changes for the ways of the one who stays. `falls_silent`: way → since when."""

    ways: Sequence[ContactPoint]
    first: int | None  # the way that is used first
    stopped: bool  # one of the ways is silent, as it was
    falls_silent: Mapping[int, datetime]
    refused: Mapping[Purpose, Consent]
    discreet: bool
    ask_first: bool
    hours: Hours | None
    paused_until: datetime | None
    paused_for: str
    goes_on: bool  # our contact had ended with one of the two only


async def together(session: AsyncSession, keep: Person, other: Person) -> Wishes:
    ways = {each.id: await _ways(session, each) for each in (keep, other)}
    both = [way for some in ways.values() for way in some]
    heard = await _last_heard(session, [keep.id, other.id])
    silent = _falls_silent(ways[keep.id], _stop_of(ways[other.id]), heard)
    silent |= _falls_silent(ways[other.id], _stop_of(ways[keep.id]), heard)
    paused = max((keep, other), key=lambda person: person.paused_until.timestamp() if person.paused_until else 0)
    return Wishes(
        ways=both,
        first=next((way.id for way in sorted(both, key=_is_forbidden) if way.preferred), None),
        stopped=any(way.stopped_at for way in both),
        falls_silent=silent,
        refused=await _refused(session, both),
        discreet=any(way.discreet for way in both),
        ask_first=any(way.ask_first for way in both),
        hours=_narrowest(both),
        paused_until=paused.paused_until,
        paused_for=paused.paused_for,
        goes_on=(keep.ended_at is None) != (other.ended_at is None),
    )


async def carry_out(session: AsyncSession, wishes: Wishes, keep: Person) -> None:
    for way in wishes.ways:
        way.stopped_at = way.stopped_at or wishes.falls_silent.get(way.id)
        way.discreet, way.ask_first = wishes.discreet, wishes.ask_first
        if wishes.hours and way.safe_from is None:
            way.safe_from, way.safe_until = wishes.hours
        way.preferred = way.id == wishes.first
        for purpose, said in wishes.refused.items():
            row = Consent(contact_point_id=way.id, purpose=purpose, given=False, at=said.at, source=said.source)
            await session.merge(row)
    keep.paused_until, keep.paused_for = wishes.paused_until, wishes.paused_for
    if wishes.goes_on:
        keep.ended_at, keep.ended_for = None, ""


def _is_forbidden(way: ContactPoint) -> bool:
    return bool(forbidden(way))


async def _ways(session: AsyncSession, person: Person) -> Sequence[ContactPoint]:
    theirs = select(ContactPoint).where(ContactPoint.person_id == person.id).order_by(ContactPoint.id)
    return (await session.scalars(theirs)).all()


async def _last_heard(session: AsyncSession, ids: Sequence[int]) -> dict[int, datetime]:
    """When they last wrote from each way that a conversation goes to."""
    wanted = (
        select(Conversation.contact_point_id, func.max(Conversation.last_in_at))
        .where(Conversation.person_id.in_(ids), Conversation.last_in_at.is_not(None))
        .group_by(Conversation.contact_point_id)
    )
    return {way: at for way, at in await session.execute(wanted) if at}


def _stop_of(ways: Sequence[ContactPoint]) -> datetime | None:
    """When the record as a whole stopped our texts."""
    stops = [way.stopped_at for way in ways if way.stopped_at]
    return max(stops) if stops and len(stops) == len(ways) else None


def _falls_silent(
    ways: Sequence[ContactPoint], stop: datetime | None, heard: Mapping[int, datetime]
) -> dict[int, datetime]:
    if stop is None:
        return {}
    return {way.id: stop for way in ways if not way.stopped_at and (way.id not in heard or heard[way.id] <= stop)}


async def _refused(session: AsyncSession, ways: Sequence[ContactPoint]) -> dict[Purpose, Consent]:
    said = select(Consent).where(Consent.contact_point_id.in_([way.id for way in ways]), Consent.given.is_(False))
    return {each.purpose: each for each in await session.scalars(said.order_by(Consent.at))}


def _narrowest(ways: Sequence[ContactPoint]) -> Hours | None:
    own = [(way.safe_from, way.safe_until) for way in ways if way.safe_from and way.safe_until]
    return min(own, key=_length, default=None)


def _length(hours: Hours) -> float:
    """In seconds; hours may run over midnight."""
    start, end = (datetime.combine(date.min, clock) for clock in hours)
    return (end - start).total_seconds() % 86_400
