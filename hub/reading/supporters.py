"""Who stands by a person, and who is wished for: as a worker of that person sees it. Knows no page.

A supporter who is somebody else's business is shown by first name and cannot be opened.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from hub.access import may_see
from hub.core import Hub
from hub.people import name_of
from hub.reading.people import ways_of
from hub.reading.stream import names_of
from hub.reading.support_words import AGREED_HOW, INVITATIONS, RELATIONS, SEES, WAITING
from hub.reading.texts import key_of, shown_name
from hub.reading.wording import CHANNELS
from hub.states_of_support import InvitationState
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Invitation, Person, Thread, ThreadMember, ThreadPost, Worker
from hub.threads import naming
from hub.threads.checks import WHY
from hub.threads.members import BOTH, ENDED_FOR, HELD, LEAVING
from hub.threads.standing import thread_of
from hub.times import local, say_when

HELD_FOR = (HELD, LEAVING, BOTH)


@dataclass(frozen=True, slots=True)
class Supporter:
    ref: str
    name: str  # the whole one only where the worker may see them
    first: str
    may_open: bool
    relation: str
    sees: str
    channel: str
    since: str
    until: str
    muted: bool
    last_word: str
    staff: str  # the name of the colleague who they also are
    in_force: bool
    held: str  # why nothing reaches them until somebody has said who goes
    ended: str  # when and why


@dataclass(frozen=True, slots=True)
class Invited:
    number: int
    name: str
    relation: str
    sees: str
    months: str
    state: InvitationState
    words: str
    until: str
    coded: bool  # the code can be given
    by: str  # the worker who proposed them; empty: the person did
    made: str
    why: tuple[str, ...]  # somebody looks first
    agreed: str  # when and how the person said yes
    guardian: str
    under_18: bool
    staff: str
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class Circle:
    here: list[Supporter]
    gone: list[Supporter]
    waiting: list[Invited]
    paused: bool


async def circle_of(hub: Hub, session: AsyncSession, worker: Worker, person: Person) -> Circle:
    thread = await thread_of(session, person.id)
    if thread is None:
        return Circle([], [], [], False)
    rows = await _supporters(hub, session, worker, person, thread)
    return Circle(
        here=[row for row in rows if row.in_force or row.held],
        gone=[row for row in rows if row.ended],
        waiting=await invited(hub, session, person, thread, WAITING),
        paused=thread.paused_at is not None,
    )


async def _supporters(
    hub: Hub, session: AsyncSession, worker: Worker, person: Person, thread: Thread
) -> list[Supporter]:
    wanted = (
        select(ThreadMember)
        .where(ThreadMember.thread_id == thread.id)
        .options(joinedload(ThreadMember.supporter).options(*PERSON_ALONE))
        .order_by(ThreadMember.invited_at, ThreadMember.person_id)
    )
    found = (await session.scalars(wanted)).unique().all()
    ids = [member.person_id for member in found]
    beside = _Beside(
        seen=await seen_of(session, worker, ids),
        channels={i: CHANNELS[ways[0].channel] for i, ways in (await ways_of(session, ids)).items()},
        said=await _last_words(session, thread.id),
        staff=await names_of(session, {member.staff_id for member in found if member.staff_id}),
    )
    return [_supporter(hub, member, person, beside) for member in found]


@dataclass(frozen=True, slots=True)
class _Beside:
    seen: set[int]
    channels: dict[int, str]
    said: dict[int, datetime]
    staff: dict[int, str]


def _supporter(hub: Hub, member: ThreadMember, person: Person, beside: _Beside) -> Supporter:
    who, zone, now = member.supporter, person.agency.time_zone, hub.clock.now()
    over = member.ends_at is not None and member.ends_at <= now
    held = ENDED_FOR[member.ended_for] if member.ended_for in HELD_FOR and not over else ""
    ended_at = None if held else member.left_at or (member.ends_at if over else None)
    may_open = who.id in beside.seen
    return Supporter(
        ref=who.ref,
        name=shown_name(hub, who) if may_open else first_name(hub, who),
        first=first_name(hub, who),
        may_open=may_open,
        relation=RELATIONS[member.relation],
        sees=SEES[member.sees],
        channel=beside.channels.get(who.id, "No way to reach them"),
        since=day_and_year(member.accepted_at, zone),
        until=day_and_year(member.ends_at, zone),
        muted=member.muted_at is not None,
        last_word=say_when(beside.said[who.id], zone) if who.id in beside.said else "",
        staff=beside.staff.get(member.staff_id or 0, ""),
        in_force=member.accepted_at is not None and ended_at is None and not held,
        held=held,
        ended=f"{day_and_year(ended_at, zone)}. {_why_ended(member, over=over)}" if ended_at else "",
    )


def _why_ended(member: ThreadMember, *, over: bool) -> str:
    return ENDED_FOR.get(member.ended_for or ("expired" if over else "left"), "")


async def invited(
    hub: Hub, session: AsyncSession, person: Person, thread: Thread, states: Collection[InvitationState]
) -> list[Invited]:
    """Those that wait for a worker first."""
    wanted = select(Invitation).where(Invitation.thread_id == thread.id, Invitation.state.in_(states))
    found = (await session.scalars(wanted.order_by(Invitation.id.desc()))).all()
    names = await names_of(session, {i for each in found for i in (each.worker_id, each.staff_id) if i})
    rows = [_invited(hub, person, each, names) for each in found]
    return sorted(rows, key=lambda row: WAITING.index(row.state) if row.state in WAITING else len(WAITING))


async def invitation_of(hub: Hub, session: AsyncSession, person: Person, row: Invitation) -> Invited:
    ids = {number for number in (row.worker_id, row.staff_id) if number}
    return _invited(hub, person, row, await names_of(session, ids))


def _invited(hub: Hub, person: Person, row: Invitation, names: dict[int, str]) -> Invited:
    zone, key = person.agency.time_zone, key_of(hub, person)
    return Invited(
        number=row.id,
        name=key.open(row.who_sealed, "name") if key else "",
        relation=RELATIONS[row.relation],
        sees=SEES[row.sees],
        months=f"{row.months} month{'' if row.months == 1 else 's'}" if row.months else "Until somebody ends it",
        state=row.state,
        words=_waits_for(row),
        until=say_when(row.expires_at, zone) if row.expires_at else "",
        coded=row.code_index is not None,
        by=names.get(row.worker_id or 0, ""),
        made=say_when(row.made_at, zone),
        why=tuple(WHY.get(each, each) for each in row.checks),
        agreed=_yes(row.agreed_at, row.agreed_how, zone),
        guardian=_yes(row.guardian_at, row.guardian_how, zone),
        under_18=row.under_18,
        staff=names.get(row.staff_id or 0, ""),
        staff_id=row.staff_id,
    )


def _waits_for(row: Invitation) -> str:
    """An open one waits for one of three: the code, a good time to tell it, or the yes of whoever gave it."""
    if row.state is not InvitationState.OPEN:
        return INVITATIONS[row.state]
    if row.supporter_id:
        return "Waits for the supporter’s yes"
    return INVITATIONS[row.state] if row.code_index else "Waits for a good time to tell the code"


def _yes(at: datetime | None, how: str, zone: str) -> str:
    return f"{say_when(at, zone)}. {AGREED_HOW.get(how, '')}" if at else ""


async def seen_of(session: AsyncSession, worker: Worker, ids: Sequence[int]) -> set[int]:
    """Those of them whose pages the worker may open."""
    return set(await session.scalars(select(Person.id).where(Person.id.in_(ids), may_see(worker)))) if ids else set()


async def _last_words(session: AsyncSession, thread_id: int) -> dict[int, datetime]:
    said = select(ThreadPost.author_id, func.max(ThreadPost.at)).where(ThreadPost.thread_id == thread_id)
    rows = await session.execute(said.where(ThreadPost.author_id.is_not(None)).group_by(ThreadPost.author_id))
    return {author: at for author, at in rows if author is not None}


def first_name(hub: Hub, person: Person) -> str:
    return naming.first_name(name_of(hub, person)) or shown_name(hub, person)


def day_and_year(at: datetime | None, zone: str) -> str:
    """ "3 March 2026"; empty for never."""
    day = local(at, zone) if at else None
    return f"{day.day} {day:%B %Y}" if day else ""
