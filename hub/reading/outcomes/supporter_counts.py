"""What the figures of supporters are counted from: one query each, of one scope. Knows no words and hides nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from hub.reading.outcomes.attendance import Group
from hub.reading.outcomes.scope import PEOPLE, Scope
from hub.store.tables import Appointment, Invitation, Message, Person, Thread, ThreadMember, ThreadPost, ThreadText
from hub.threads.members import BOTH, HELD, LEAVING
from hub.threads.standing import was_in_force
from hub.words import AppointmentState, Role, Side

Column = InstrumentedAttribute[Any]
_P = aliased(Person, name="p")  # as PEOPLE calls them
_CLOSED = (AppointmentState.ATTENDED, AppointmentState.MISSED, AppointmentState.UNKNOWN)
_HELD = (HELD, LEAVING, BOTH)  # it is not said yet whose part ends
_PASSED = (
    "Written by people",
    "Written by supporters",
    "Written by workers",
    "Passed on to a reader",
    "Reminders and ideas to supporters",
)


async def people(session: AsyncSession, scope: Scope) -> tuple[int, int]:
    """Who is under supervision at the end of the period: with somebody who stands by them, and without."""
    here = (
        _P.role == Role.SUPERVISED,
        _P.known,
        _P.erased_at.is_(None),
        _P.created_at < scope.until,
        or_(_P.ended_at.is_(None), _P.ended_at > scope.until),
    )
    beside = _beside(scope.until)
    wanted = select(func.count().filter(beside), func.count().filter(~beside)).select_from(_P)
    ((with_one, without),) = await _all(session, scope, wanted.where(*here, _people_of(scope)))
    return with_one, without


async def invitations(session: AsyncSession, scope: Scope) -> Sequence[Any]:
    wanted = _of_threads(scope, Invitation.thread_id, Invitation.state, Invitation.made_at, Invitation.state_at)
    return await _all(session, scope, wanted.where(*_within(scope, Invitation.made_at)))


async def in_force(session: AsyncSession, scope: Scope) -> Sequence[Any]:
    """What each supporter may see at the end of the period, and since when they have muted the talk."""
    wanted = _of_threads(scope, ThreadMember.thread_id, ThreadMember.sees, ThreadMember.muted_at)
    return await _all(session, scope, wanted.where(was_in_force(scope.until)))


async def ended(session: AsyncSession, scope: Scope) -> list[str]:
    """Keys of `ENDED_FOR`. What is past its end needs nobody to end it."""
    wanted = _of_threads(scope, ThreadMember.thread_id, ThreadMember.ended_for, ThreadMember.left_at)
    wanted = wanted.where(ThreadMember.accepted_at.is_not(None))
    left = wanted.where(ThreadMember.ended_for.not_in(_HELD), *_within(scope, ThreadMember.left_at))
    over = wanted.where(ThreadMember.left_at.is_(None), *_within(scope, ThreadMember.ends_at))
    by_somebody = [row.ended_for for row in await _all(session, scope, left)]
    return [*by_somebody, *("expired" for _ in await _all(session, scope, over))]


async def passed(session: AsyncSession, scope: Scope) -> list[tuple[str, int, int]]:
    """What it is, how many texts, of how many threads."""
    post, reader = ThreadPost.thread_id, ThreadText.thread_id
    by_post = (
        *_counted(post, ThreadPost.author_id == Thread.person_id),
        *_counted(post, ThreadPost.author_id != Thread.person_id),
        *_counted(post, ThreadPost.worker_id.is_not(None)),
    )
    of_itself = and_(ThreadText.post_id.is_(None), ThreadText.to_id != Thread.person_id)
    by_text = (*_counted(reader, ThreadText.post_id.is_not(None)), *_counted(reader, of_itself))
    posts = _of_threads(scope, post, *by_post).where(*_within(scope, ThreadPost.at))
    texts = _of_threads(scope, reader, *by_text).join(Message, Message.id == ThreadText.message_id)
    ((*said,),) = await _all(session, scope, posts)
    ((*sent,),) = await _all(session, scope, texts.where(*_within(scope, Message.left_at)))
    return list(zip(_PASSED, (said + sent)[::2], (said + sent)[1::2], strict=True))


async def attendance(session: AsyncSession, scope: Scope) -> dict[bool, Group]:
    """By whether somebody stood by them when it began."""
    beside = _beside(Appointment.starts_at).label("beside")
    counts = [func.count().filter(Appointment.state == state) for state in _CLOSED]
    wanted = select(beside, *counts).select_from(Appointment).join(_P, _P.id == Appointment.person_id).group_by(beside)
    closed = (Appointment.state.in_(_CLOSED), *_within(scope, Appointment.starts_at))
    found = await _all(session, scope, wanted.where(*closed, _people_of(scope)))
    return {with_one: Group(*numbers) for with_one, *numbers in found}


def _beside(at: datetime | Column) -> ColumnElement[bool]:
    """Of `_P`: a supporter of theirs was in force then."""
    theirs = (Thread.person_id == _P.id, ThreadMember.thread_id == Thread.id, was_in_force(at))
    return exists().where(*theirs).correlate_except(Thread, ThreadMember)


def _counted(thread_id: Column, which: ColumnElement[bool]) -> tuple[ColumnElement[int], ...]:
    return func.count().filter(which), func.count(thread_id.distinct()).filter(which)


def _of_threads(scope: Scope, thread_id: Column, *columns: Any) -> Any:
    threads = select(*columns).select_from(thread_id.class_).join(Thread, Thread.id == thread_id)
    return threads.join(_P, _P.id == Thread.person_id).where(_people_of(scope))


def _people_of(scope: Scope) -> TextClause:
    """On the victims' side nobody."""
    return text(PEOPLE if scope.side is Side.SUPERVISION else "false")


def _within(scope: Scope, at: Column) -> tuple[ColumnElement[bool], ...]:
    return at >= scope.since, at < scope.until


async def _all(session: AsyncSession, scope: Scope, wanted: Any) -> Sequence[Any]:
    facts = scope.facts if scope.side is Side.SUPERVISION else {}
    return (await session.execute(wanted, facts)).all()
