"""What is said to somebody when it is a good time: planned for a moment, begun by a nudge, told when it is safe.

A topic registers what it tells and, where it wishes, when that may be said: now, later, or never. On a phone that
others may read, "is now a good time?" comes first (`hub/when_safe.py`); hours, pauses, consent and what else goes on
with the person are the nudge's (`flows/rights/nudges.yml`, rule `good_time`). Knows no topic.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import when_safe
from hub.core import Hub
from hub.handling import Handling
from hub.nudges.planner import replan, replan_all
from hub.prompts import open_prompt
from hub.states import check_move
from hub.states_of_care import TELLING_MOVES, TellingState
from hub.store.tables import Person, Telling
from hub.texts import Rendered
from hub.when_safe import told_when_safe

TELLING = "telling"
PATIENCE = timedelta(days=1)  # with a question that is open
APART = timedelta(hours=1)  # between two things

Tell = Callable[[Handling, int], Awaitable[None]]
When = Callable[[Handling, int], Awaitable[datetime | None]]


@dataclass(frozen=True, slots=True)
class Topic:
    """`first` is the text that it begins with, for whoever looks at what goes out."""

    first: str
    tell: Tell
    when: When | None
    patient: bool  # waits while a question of any topic is open


_TOPICS: dict[str, Topic] = {}


def tells(topic: str, first: str, when: When | None = None, *, patient: bool = False) -> Callable[[Tell], Tell]:
    """Register what tells a topic. It gets the handling and the topic's own number.

    Raises
    ------
    ValueError
        when another function tells it.
    """

    def register(function: Tell) -> Tell:
        if topic in _TOPICS:
            raise ValueError(f"two functions tell {topic}")
        _TOPICS[topic] = Topic(first, function, when, patient)
        return function

    return register


async def plan(
    hub: Hub, session: AsyncSession, person: Person, topic: str, number: int, due_at: datetime | None = None
) -> Telling:
    """Say it from `due_at` on, at the first good hour; at once when that is left out."""
    telling = Telling(
        person_id=person.id, topic=topic, number=number, state=TellingState.PLANNED, due_at=due_at or hub.clock.now()
    )
    session.add(telling)
    await session.flush()
    await replan(hub, session, "telling", telling.id)
    return telling


async def call_off(hub: Hub, session: AsyncSession, topic: str, number: int) -> None:
    """It is not to be said any more."""
    waiting = select(Telling).where(
        Telling.topic == topic,
        Telling.number == number,
        Telling.state.in_((TellingState.PLANNED, TellingState.ASKED)),
    )
    found = (await session.scalars(waiting)).all()
    for telling in found:
        telling.state = check_move(TELLING_MOVES, telling.state, TellingState.OFF)
    await replan_all(hub, session, "telling", [telling.id for telling in found])


async def on_due(handling: Handling, telling: Telling) -> None:
    """Its time has come: the topic says whether it still holds."""
    topic = _TOPICS[telling.topic]
    at = await topic.when(handling, telling.number) if topic.when else handling.now
    if at is not None:
        at = max(at, await _free_at(handling, topic))
    if at is None:
        telling.state = check_move(TELLING_MOVES, telling.state, TellingState.OFF)
    elif at > handling.now:
        telling.due_at = at
        await replan(handling.hub, handling.session, "telling", telling.id)
    else:
        telling.state = check_move(TELLING_MOVES, telling.state, TellingState.ASKED)
        telling.asked_at = handling.now
        await when_safe.tell(handling, TELLING, telling.id)


async def _free_at(handling: Handling, topic: Topic) -> datetime:
    """Now, or a day after the open question: "is now a good time?" for something else is not asked over."""
    asked = await open_prompt(handling.session, handling.conversation.id, handling.now)
    if asked is None or not (topic.patient or asked.facts.get("then") == TELLING):
        return handling.now
    return max(handling.now, asked.asked_at + PATIENCE)


def begins_with(handling: Handling, telling: Telling) -> Rendered:
    """What would be said first as things stand, its facts left open; on a phone that others may read, the question."""
    discreet = handling.conversation.contact_point.discreet
    name = "victims.safe_to_talk" if discreet else _TOPICS[telling.topic].first
    known = handling.texts.template(name, handling.language)
    open_facts = dict.fromkeys(known.fields(), "…")
    return handling.texts.render(name, handling.language, open_facts | handling.facts(), discreet=discreet)


async def last(session: AsyncSession, topic: str, number: int) -> Telling | None:
    """How far the newest one about it has come."""
    about = Telling.topic == topic, Telling.number == number
    found: Telling | None = await session.scalar(select(Telling).where(*about).order_by(Telling.id.desc()).limit(1))
    return found


@told_when_safe(TELLING)
async def _tell(handling: Handling, number: int | None) -> None:
    telling = await handling.session.get(Telling, number)
    if telling is None or telling.person_id != handling.person.id or telling.state is TellingState.OFF:
        return
    if telling.state is TellingState.ASKED:
        telling.state = check_move(TELLING_MOVES, telling.state, TellingState.TOLD)
        telling.told_at = handling.now
    await _TOPICS[telling.topic].tell(handling, telling.number)
    await _begin_others_again(handling, telling)


async def _begin_others_again(handling: Handling, told: Telling) -> None:
    """What was asked about before and never answered has not been told: its turn comes in an hour."""
    waiting = select(Telling).where(
        Telling.person_id == told.person_id, Telling.state == TellingState.ASKED, Telling.id != told.id
    )
    for other in (await handling.session.scalars(waiting.order_by(Telling.id))).all():
        other.state = check_move(TELLING_MOVES, other.state, TellingState.OFF)
        due_at = handling.now + APART
        await plan(handling.hub, handling.session, handling.person, other.topic, other.number, due_at)
