"""The history of who allowed what around a person, in words and newest first. Knows no page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.stream import names_of
from hub.reading.support_words import AGREED_HOW, SEES
from hub.reading.supporters import day_and_year, first_name
from hub.reading.texts import key_of
from hub.store.loading import PERSON_ALONE
from hub.store.tables import Invitation, Person, SupportConsent, Thread
from hub.threads.consents import WHAT
from hub.threads.members import ENDED_FOR
from hub.times import say_time
from hub.words import Sees

NOTHING_SEEN = frozenset({"refused", "declined", "withdrawn", "expired", "ended"})  # what they might see says nothing


@dataclass(frozen=True, slots=True)
class Line:
    when: str
    what: str
    about: str  # the supporter: the name that the person gave, or their own first name
    who: str
    sees: str
    until: str
    how: str


@dataclass(frozen=True, slots=True)
class _Names:
    person_id: int
    people: dict[int, str]
    workers: dict[int, str]
    wished: dict[int, str]

    def of(self, actor: str) -> str:
        kind, _, number = actor.partition(":")
        if kind == "worker":
            return self.workers.get(int(number), "A worker")
        if kind == "person":
            return "The person" if int(number) == self.person_id else self.people.get(int(number), "The supporter")
        return "Handrail"

    def about(self, row: SupportConsent) -> str:
        own = self.people.get(row.supporter_id, "") if row.supporter_id else ""
        return own or self.wished.get(row.invitation_id or 0, "")


async def consents_of(session: AsyncSession, person: Person) -> Sequence[SupportConsent]:
    wanted = select(SupportConsent).join(Thread, Thread.id == SupportConsent.thread_id)
    newest = wanted.where(Thread.person_id == person.id).order_by(SupportConsent.id.desc())
    return (await session.scalars(newest)).all()


async def history_of(hub: Hub, session: AsyncSession, person: Person) -> list[Line]:
    rows = await consents_of(session, person)
    names = await _names(hub, session, person, rows)
    return [_line(row, names, person.agency.time_zone) for row in rows]


def _line(row: SupportConsent, names: _Names, zone: str) -> Line:
    shown = row.what not in NOTHING_SEEN
    return Line(
        when=f"{day_and_year(row.at, zone)}, {say_time(row.at, zone)}",
        what=WHAT.get(row.what, row.what),
        about=names.about(row),
        who=names.of(row.by),
        sees=SEES[Sees(row.sees)] if shown and row.sees else "",
        until=day_and_year(row.ends_at, zone) if shown else "",
        how=AGREED_HOW.get(row.how) or ENDED_FOR.get(row.how, ""),
    )


async def _names(hub: Hub, session: AsyncSession, person: Person, rows: Sequence[SupportConsent]) -> _Names:
    actors = [row.by.partition(":") for row in rows]
    people = {row.supporter_id for row in rows if row.supporter_id}
    people |= {int(number) for kind, _, number in actors if kind == "person"}
    workers = {int(number) for kind, _, number in actors if kind == "worker"}
    known = await session.scalars(select(Person).where(Person.id.in_(people)).options(*PERSON_ALONE))
    return _Names(
        person_id=person.id,
        people={each.id: first_name(hub, each) for each in known.unique()},
        workers=await names_of(session, workers),
        wished=await wished_names(hub, session, person, rows),
    )


async def wished_names(
    hub: Hub, session: AsyncSession, person: Person, rows: Sequence[SupportConsent]
) -> dict[int, str]:
    """The names that the person gave, by invitation."""
    key, ids = key_of(hub, person), {row.invitation_id for row in rows if row.invitation_id}
    if key is None or not ids:
        return {}
    found = await session.scalars(select(Invitation).where(Invitation.id.in_(ids)))
    return {each.id: key.open(each.who_sealed, "name") for each in found}
