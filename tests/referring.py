"""A referral as a teacher sends it, for tests: invented people, numbers kept for fiction."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub.referrals import doors, receipt, said
from hub.referrals.said import Said
from hub.store.tables import Agency, Referral, Worker
from hub.times import local
from hub.words import Side
from tests.world import World

WORD = "northshire"
YOUNG, GUARDIAN = "+447700900610", "+447700900611"
TYPED = {
    "referrer_name": "Ada Teacher",
    "referrer_role": "teacher",
    "organisation": "Northshire School",
    "email": "ada@school.example",
    "referrer_phone": "0300 000 0100",
    "young_name": "Jo Marsh",
    "born": "2011-03-27",  # 14 on 2 March 2026
    "told": "yes",
    "young_phone": "07700 900610",
    "young_safe": "yes",
    "language": "en",
    "guardian_name": "Kim Marsh",
    "guardian_relation": "parent",
    "guardian_phone": "07700 900611",
    "guardian_safe": "yes",
    "guardian_told": "yes",
    "why": "school,friends",
    "why_words": "Often late since the summer.",
    "good_at": "Football, and fixing bikes.",
    "safety": "A dog in the house.",
}
PERSONAL = ("Jo", "Marsh", "Kim", "Ada", "900610", "900611", "Often late", "bikes", "dog in", "school.example")


def told(**changes: str) -> Said:
    found, errors = said.check({**TYPED, **changes}, date(2026, 3, 2), adults=True, fictional=True)
    assert found, errors
    return found


def aged(years: int) -> str:
    return (date(2026, 3, 2) - timedelta(days=round(years * 365.25) + 40)).isoformat()


async def refer(world: World, session: AsyncSession, *, key_id: int | None = None, **changes: str) -> Referral:
    agency = await session.get_one(Agency, world.agency_id)
    return (await receipt.take(world.hub, session, agency, told(**changes), key_id)).referral


async def open_door(world: World, session: AsyncSession, **changes: Any) -> None:
    wanted = {"word": WORD, "is_open": True, "adults": False} | changes
    await doors.set_door(world.hub, session, "worker:1", world.agency_id, **wanted)


async def worker_of(world: World, session: AsyncSession, side: Side = Side.SUPERVISION) -> Worker:
    return await session.get_one(Worker, world.workers[side])


def today(world: World) -> date:
    return local(world.clock.now(), "Europe/London").date()
