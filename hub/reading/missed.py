"""Whose nudges came too late: for the worker who was told how many. Opens names; knows no page."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.reading.texts import listed_name
from hub.states import NudgeState
from hub.store.tables import Nudge, Person, Worker
from hub.times import say_when

SHOWN_FOR = timedelta(days=14)
MOST = 500
WORDS = {
    "appointment": "A reminder of an appointment",
    "check_in": "A check-in",
    "return_check": "A question whether they are back",
    "survey_run": "A survey",
    "update": "News of the case",
    "update_plan": "A question how often they wish to hear",
    "condition": "A reminder of something agreed",
    "telling": "Something to be said at a good time",
    "case_date": "A reminder of a day of the case",
}


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    what: str
    was_due: str
    about: str  # when what it was about is, or was


async def rows(hub: Hub, session: AsyncSession, worker: Worker) -> list[Row]:
    """Of the people whom this worker may see, in order of due time."""
    wanted = (
        select(Nudge, Person)
        .join(Person, Person.id == Nudge.person_id)
        .where(
            may_see(worker),
            Nudge.state == NudgeState.MISSED,
            Nudge.state_at > hub.clock.now() - SHOWN_FOR,
            Person.erased_at.is_(None),
        )
        .order_by(Nudge.due_at, Nudge.id)
        .limit(MOST)
    )
    return [
        Row(
            ref=person.ref,
            name=listed_name(hub, person),
            what=WORDS[nudge.subject_kind],
            was_due=say_when(nudge.due_at, person.agency.time_zone),
            about=say_when(nudge.occurrence, person.agency.time_zone),
        )
        for nudge, person in await session.execute(wanted)
    ]
