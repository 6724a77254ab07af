"""One thread for its page: who sees what, what was said day by day, for whom one can write. Knows no page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.support_words import RELATIONS, SEES
from hub.reading.supporters import day_and_year
from hub.reading.threads import Said, posts
from hub.store.tables import Conversation, Person, Thread, ThreadMember, Worker
from hub.threads.naming import names_in
from hub.threads.standing import members_of, thread_of
from hub.times import local, say_time, say_when
from hub.words import PostTo, Sees


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody in the thread."""

    ref: str
    name: str
    relation: str
    sees: str
    talks: bool
    muted: bool
    until: str
    staff: bool


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    time: str
    author: str
    ours: bool
    words: str
    to: str
    notes: tuple[str, ...]  # how many have it, what was taken out
    new: bool


@dataclass(frozen=True, slots=True)
class Talk:
    name: str  # of whom it is about, by first name
    readers: list[Reader]
    days: list[tuple[str, list[Post]]]
    paused: str  # since when and by whom; empty while it goes on
    earlier: int  # the oldest post on the page, when there are older ones
    conversations: list[int]  # that tell when something has changed


async def talk_of(
    hub: Hub, session: AsyncSession, person: Person, *, before: int | None = None, most: int = 100
) -> Talk | None:
    """None: nobody has ever stood by them."""
    thread = await thread_of(session, person.id)
    if thread is None:
        return None
    names = await names_in(hub, session, thread)
    members = await members_of(session, person.id, hub.clock.now())
    said = await posts(hub, session, thread, before=before, most=most + 1)
    shown, zone = said[-most:], person.agency.time_zone
    ids = [person.id, *(member.person_id for member in members)]
    return Talk(
        name=names.get(person.id, ""),
        readers=[_reader(member, names, zone) for member in members],
        days=_by_day(shown, zone),
        paused=await _paused(session, thread, zone),
        earlier=shown[0].id if len(said) > most else 0,
        conversations=list(await session.scalars(select(Conversation.id).where(Conversation.person_id.in_(ids)))),
    )


def _reader(member: ThreadMember, names: Mapping[int, str], zone: str) -> Reader:
    return Reader(
        ref=member.supporter.ref,
        name=names.get(member.person_id, ""),
        relation=RELATIONS[member.relation],
        sees=SEES[member.sees],
        talks=member.sees.allows(Sees.CHAT),
        muted=member.muted_at is not None,
        until=day_and_year(member.ends_at, zone),
        staff=member.staff_id is not None,
    )


async def _paused(session: AsyncSession, thread: Thread, zone: str) -> str:
    if thread.paused_at is None:
        return ""
    who = await session.get(Worker, thread.paused_by_id) if thread.paused_by_id else None
    return f"since {say_when(thread.paused_at, zone)}" + (f", by {who.name}" if who else "")


def _by_day(said: Sequence[Said], zone: str) -> list[tuple[str, list[Post]]]:
    days: dict[date, list[Post]] = {}
    for each in said:
        days.setdefault(local(each.at, zone).date(), []).append(_post(each, zone))
    return [(f"{day:%A} {day.day} {day:%B %Y}", found) for day, found in days.items()]


def _post(said: Said, zone: str) -> Post:
    return Post(
        id=said.id,
        time=say_time(said.at, zone),
        author=said.author or "Somebody",
        ours=said.by_worker,
        words=said.words,
        to=_to(said),
        notes=tuple(note for note in (_have_it(said), _taken_out(said)) if note),
        new=said.to is PostTo.WORKER and not said.seen,
    )


def _to(said: Said) -> str:
    if said.to is PostTo.WORKER:
        return "to you alone"
    return f"to {said.only_to or 'one of them'} alone" if said.to is PostTo.ONE else "to all"


def _have_it(said: Said) -> str:
    """Without hovering: how many have it, and for how many it still waits."""
    if said.to is PostTo.WORKER:
        return ""
    if not said.relayed:
        return "Nobody else got it: the talk was paused"
    if not said.readers:
        return "Nobody was there to get it"
    waits = said.readers - said.have_it
    if said.readers == 1:
        return "Has it" if not waits else "Still waits to go out"
    if not waits:
        return f"All {said.readers} have it"
    return f"{said.have_it} of {said.readers} have it, {waits} still {'waits' if waits == 1 else 'wait'}"


def _taken_out(said: Said) -> str:
    if not said.masked:
        return ""
    return "A number or name was taken out" if said.masked == 1 else f"{said.masked} numbers or names were taken out"
