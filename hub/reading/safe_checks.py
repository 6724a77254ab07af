"""“Are you safe?” of one person, in words: what is set, how they are asked, who is told, how it went. Knows no screen.

The word that means no is never shown, only whether there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_check_plans, safe_circle, safe_wishes
from hub.core import Hub
from hub.day_words import days_in_words
from hub.people import name_of
from hub.safe_check_facts import facts_of
from hub.safe_checks import TO_ASK
from hub.safe_wishes import zone_of
from hub.states import SafeState
from hub.store.tables import ChosenContact, Person, SafeCheck, SafePlan, Worker
from hub.times import at_local, say_day, say_time, say_when

SHOWN = 10  # checks that have come
STATES = {
    SafeState.PLANNED: "Set",
    SafeState.ASKED: "Asked",
    SafeState.LATER: "Wants more time",
    SafeState.SAFE: "Safe",
    SafeState.DURESS: "Said the word that means no",
    SafeState.NOT_SAFE: "Not safe",
    SafeState.SILENT: "No answer",
    SafeState.ENDED: "Taken back",
}


@dataclass(frozen=True, slots=True)
class Set:
    """A time that stands. `weekly`: days of the week; `ends`: whether it can still be taken back."""

    number: int
    words: str
    answer_by: str
    by: str
    weekly: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Past:
    when: str
    state: str
    facts: str


@dataclass(frozen=True, slots=True)
class Contact:
    """`state`: "asked", "agreed", "no" or nothing."""

    ref: str
    name: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    times: Sequence[Set]
    past: Sequence[Past]
    question: str
    has_word: bool
    patience: int
    tells_contacts: bool
    contacts: Sequence[Contact]


async def standing(hub: Hub, session: AsyncSession, person: Person, language: str = "en") -> Standing:
    """`language`: of the times, for the person's own page."""
    return Standing(
        times=[*await _weekly(session, person, language), *await _once(session, person, language)],
        past=await _past(session, person),
        question=await safe_wishes.question_of(hub, session, person),
        has_word=await safe_wishes.has_duress(session, person),
        patience=await safe_wishes.patience_of(session, person),
        tells_contacts=await safe_wishes.tells_contacts(session, person),
        contacts=await _contacts(hub, session, person),
    )


async def _weekly(session: AsyncSession, person: Person, language: str) -> Sequence[Set]:
    zone = zone_of(person)
    return [
        Set(
            plan.id,
            _days(plan, language, say_time(at_local(plan.first_on, plan.clock, zone), zone, language)),
            "",
            await _by(session, plan, zone),
            weekly=True,
            ends=True,
        )
        for plan in await safe_check_plans.plans_of(session, person)
    ]


async def _once(session: AsyncSession, person: Person, language: str) -> Sequence[Set]:
    """Those of no plan; of a plan, the one that is open now."""
    zone = zone_of(person)
    found = await safe_check_plans.waiting(session, person)
    return [
        Set(
            each.id,
            say_when(each.due_at, zone, language),
            say_time(each.closes_at, zone, language),
            await _by(session, each, zone),
            weekly=False,
            ends=each.state in TO_ASK,
        )
        for each in found
        if each.plan_id is None or each.state is not SafeState.PLANNED
    ]


def _days(plan: SafePlan, language: str, clock: str) -> str:
    said = days_in_words(plan.weekdays, language)
    return f"{said[0].upper()}{said[1:]} {'am' if language == 'cy' else 'at'} {clock}"


async def _past(session: AsyncSession, person: Person) -> Sequence[Past]:
    zone = zone_of(person)
    newest = select(SafeCheck).where(SafeCheck.person_id == person.id, SafeCheck.state != SafeState.PLANNED)
    found = (await session.scalars(newest.order_by(SafeCheck.due_at.desc()).limit(SHOWN))).all()
    return [
        Past(say_when(each.due_at, zone), STATES[each.state], await facts_of(session, each, zone)) for each in found
    ]


async def _contacts(hub: Hub, session: AsyncSession, person: Person) -> Sequence[Contact]:
    """Everybody who stands by them, and what we may tell each."""
    known, zone = await safe_circle.standing(session, person), zone_of(person)
    return [
        Contact(each.ref, name_of(hub, each), *_agreement(known.get(each.id), zone))
        for each in await safe_circle.supporters_of(session, person, hub.clock.now())
    ]


def _agreement(contact: ChosenContact | None, zone: str) -> tuple[str, str]:
    if contact is None:
        return "", "Not asked"
    if contact.ended_at:
        return "no", f"Is not told (since {say_day(contact.ended_at, zone)})"
    if contact.agreed_at:
        return "agreed", f"Is told: agreed on {say_day(contact.agreed_at, zone)}"
    return "asked", f"Asked on {say_day(contact.asked_at, zone)}, no answer yet"


async def _by(session: AsyncSession, row: SafeCheck | SafePlan, zone: str) -> str:
    kind, _, number = row.set_by.partition(":")
    worker = await session.get(Worker, int(number)) if kind == "worker" else None
    return f"{worker.name if worker else 'Themselves'}, {say_day(row.set_at, zone)}"
