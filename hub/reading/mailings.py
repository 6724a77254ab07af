"""Texts to several people, as screens show them: whom one can choose, what became of one that was sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from hub import delivery
from hub.access import may_see
from hub.core import Hub
from hub.handling import STANDING
from hub.mailings import WHY_LEFT_OUT, Outlook
from hub.nudges import reasons
from hub.reading.going_out import may_change
from hub.reading.texts import listed_name
from hub.reading.wording import LANGUAGES
from hub.states import MessageState
from hub.store.tables import Appointment, Conversation, Mailing, Message, Person, Worker
from hub.times import local, say_when

MOST = 2000  # people whose names are opened

_M = MessageState
# What a text has come to, as people count: in this order.
STAGES: dict[str, frozenset[MessageState]] = {
    "Waiting": frozenset({_M.HELD, _M.QUEUED, _M.CLAIMED, _M.SENDING}),
    "Sent, not yet delivered": frozenset({_M.SENT, _M.UNCERTAIN}),
    "Delivered": frozenset({_M.DELIVERED}),
    "Not delivered": frozenset({_M.UNDELIVERED, _M.FAILED, _M.BLOCKED, _M.EXPIRED}),
    "Cancelled": frozenset({_M.CANCELLED}),
}


@dataclass(frozen=True, slots=True)
class Choose:
    """Which of the people: each empty for all."""

    worker: str = ""
    language: str = ""
    day: date | None = None
    place: str = ""

    def has(self, row: "Choice") -> bool:
        return (
            self.worker in {"", row.worker}
            and self.language in {"", row.language}
            and self.place in {"", row.place}
            and self.day in {None, row.day}
        )


@dataclass(frozen=True, slots=True)
class Choice:
    ref: str
    name: str
    worker: str
    language: str
    day: date | None
    appointment: str  # when, in words
    place: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One that was sent: `counts` by stage, `trouble`: who did not get it (name, ref, why)."""

    mailing: Mailing
    by: str
    at: str
    due: str
    words: Mapping[str, str]
    counts: Mapping[str, int]
    left_out: Sequence[tuple[str, int]]
    trouble: Sequence[tuple[str, str, str]]


async def choices(hub: Hub, session: AsyncSession, worker: Worker) -> list[Choice]:
    """Whom the worker may write to, by name."""
    wanted = select(Person).where(may_change(worker), Person.erased_at.is_(None), Person.known).limit(MOST)
    people = (await session.scalars(wanted)).unique().all()
    coming = await _next(hub, session, [person.id for person in people])
    found = [_choice(hub, person, coming.get(person.id)) for person in people]
    return sorted(found, key=lambda row: row.name.casefold())


def _choice(hub: Hub, person: Person, coming: tuple[datetime, str] | None) -> Choice:
    zone = person.agency.time_zone
    return Choice(
        ref=person.ref,
        name=listed_name(hub, person),
        worker=person.worker.name if person.worker else "Nobody",
        language=LANGUAGES.get(person.language, person.language),
        day=local(coming[0], zone).date() if coming else None,
        appointment=say_when(coming[0], zone) if coming else "",
        place=coming[1] if coming else "",
    )


async def _next(hub: Hub, session: AsyncSession, ids: list[int]) -> dict[int, tuple[datetime, str]]:
    wanted = (
        select(Appointment.person_id, Appointment.starts_at, Appointment.place)
        .where(Appointment.person_id.in_(ids), Appointment.state.in_(STANDING), Appointment.starts_at > hub.clock.now())
        .ext(distinct_on(Appointment.person_id))
        .order_by(Appointment.person_id, Appointment.starts_at)
    )
    return {person_id: (starts_at, place) for person_id, starts_at, place in await session.execute(wanted)}


def left_out_in_words(hub: Hub, outlook: Outlook) -> list[tuple[str, list[str]]]:
    """(why, names)."""
    found = outlook.left_out.items()
    return [(why_in_words(why), sorted(listed_name(hub, person) for person in people)) for why, people in found]


def why_in_words(why: str) -> str:
    return WHY_LEFT_OUT.get(why) or reasons.in_words(why)


async def before(session: AsyncSession, worker: Worker) -> list[tuple[str, str, int]]:
    """The last ones: (ref, "Tue 3 March at 2pm by Priya Shah", how many were chosen)."""
    wanted = (
        select(Mailing.ref, Mailing.at, Worker.name, Mailing.chosen)
        .join(Worker, Worker.id == Mailing.by_id)
        .where(Mailing.agency_id == worker.team.agency_id, Mailing.side == worker.team.side)
        .order_by(Mailing.id.desc())
        .limit(50)
    )
    if worker.role != "supervisor":
        wanted = wanted.where(Mailing.by_id == worker.id)
    zone = worker.team.agency.time_zone
    found = await session.execute(wanted)
    return [(ref, f"{say_when(at, zone)} by {name}", chosen) for ref, at, name, chosen in found]


async def one(hub: Hub, session: AsyncSession, worker: Worker, mailing: Mailing) -> Sent:
    counted = select(Message.state, func.count()).where(Message.mailing_id == mailing.id).group_by(Message.state)
    by_state = {row[0]: row[1] for row in await session.execute(counted)}
    zone = worker.team.agency.time_zone
    return Sent(
        mailing=mailing,
        by=(await session.get_one(Worker, mailing.by_id)).name,
        at=say_when(mailing.at, zone),
        due=say_when(mailing.due_at, zone) if mailing.due_at > mailing.at else "",
        words=_words(hub, mailing),
        counts={stage: sum(by_state.get(state, 0) for state in states) for stage, states in STAGES.items()},
        left_out=[(why_in_words(why), number) for why, number in mailing.left_out.items()],
        trouble=await _trouble(hub, session, worker, mailing),
    )


def _words(hub: Hub, mailing: Mailing) -> dict[str, str]:
    words: dict[str, str] = json.loads(hub.vault.master.open(mailing.words_sealed, "mailing"))
    return {LANGUAGES.get(language, language): text for language, text in words.items() if text}


async def _trouble(hub: Hub, session: AsyncSession, worker: Worker, mailing: Mailing) -> list[tuple[str, str, str]]:
    wanted = (
        select(Person, Message.state, Message.reason)
        .join(Conversation, Conversation.person_id == Person.id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(Message.mailing_id == mailing.id, Message.state.in_(STAGES["Not delivered"]), may_see(worker))
        .order_by(Message.id)
    )
    found = (await session.execute(wanted)).unique()
    return [(listed_name(hub, p), p.ref, delivery.in_words(state, reason).words) for p, state, reason in found]
