"""A supporter's own page: whom they stand by, what they hear, words that help, help for them. Knows no page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub import services
from hub.core import Hub
from hub.kit_data import in_language
from hub.people import name_of
from hub.services import Service
from hub.store.tables import Person, ThreadMember
from hub.support_talk import FAMILY
from hub.threads.for_me import items_of
from hub.threads.standing import stands_by
from hub.times import say_day
from hub.words import Relation, Sees, Side

MOST_SERVICES = 6


@dataclass(frozen=True, slots=True)
class Stood:
    """Somebody whom they stand by. `until`: the last day that was agreed; empty: until somebody ends it."""

    thread: int
    name: str
    sees: Sees
    until: str
    muted: bool


@dataclass(frozen=True, slots=True)
class Titled:
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandingBy:
    people: Sequence[Stood]
    ideas: Sequence[Titled]
    information: Sequence[Titled]  # of the supervision side alone: it is about probation and cautions
    services: Sequence[Service]


async def standing_by(hub: Hub, session: AsyncSession, supporter: Person) -> StandingBy:
    standing = await stands_by(session, supporter.id, hub.clock.now())
    ours = supporter.side is Side.SUPERVISION
    mentor = any(member.relation is Relation.MENTOR for member, _ in standing)
    known = await services.all_of(hub, session, supporter.agency, supporter.side) if ours else []
    return StandingBy(
        people=[_stood(hub, supporter, member, person) for member, person in standing],
        ideas=_ideas(hub, supporter),
        information=_information(hub, supporter, mentor=mentor) if ours else [],
        services=[service for service in known if FAMILY in service.needs][:MOST_SERVICES],
    )


def _stood(hub: Hub, supporter: Person, member: ThreadMember, person: Person) -> Stood:
    zone = supporter.agency.time_zone
    until = say_day(member.ends_at, zone, supporter.language) if member.ends_at else ""
    name = name_of(hub, person).split(" ")[0]
    return Stood(member.thread_id, name, member.sees, until, member.muted_at is not None)


def _ideas(hub: Hub, supporter: Person) -> list[Titled]:
    kits = hub.flows.supporters.kits.values()
    return [Titled(in_language(kit.title, supporter.language), _said(hub, supporter, kit.keys)) for kit in kits]


def _information(hub: Hub, supporter: Person, *, mentor: bool) -> list[Titled]:
    return [
        Titled(in_language(item.title, supporter.language).capitalize(), _said(hub, supporter, (item.key,)))
        for item in items_of(hub, mentor=mentor)
    ]


def _said(hub: Hub, supporter: Person, keys: Sequence[str]) -> tuple[str, ...]:
    texts = hub.texts_for(supporter)
    return tuple(texts.render(key, supporter.language, {}).text for key in keys)
