"""Conditions of a disposal: entered, changed, said to be done, decided. A worker decides; a bot never does.

A condition that is not spoken of has a time at which a worker is told (`look_at`, see hub/early_words.py). What is
said to the person about them is in hub/condition_words.py. Knows no screen.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import condition_words, escalations
from hub.core import Hub
from hub.errors import NotAllowed
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.states import CONDITION_MOVES, ConditionState, check_move
from hub.store import audit
from hub.store.tables import Case, Condition, Extension, Worker
from hub.times import at_local
from hub.working_time import add_working_days

AT = time(10)  # the hour of the first reminders: both speak of the same things
LONGEST_WHY = 160  # characters: a reason stands in a text
# Each needs words of the worker's, which the person reads.
NEEDS_REASON = frozenset({ConditionState.NOT_DONE, ConditionState.OPEN})


async def add(hub: Hub, session: AsyncSession, actor: str, case: Case, words: str, due_on: date | None) -> Condition:
    """Something that was agreed to be done, in the worker's plain words; sealed under the person's key."""
    now = hub.clock.now()
    key = hub.vault.open_person_key(case.person.wrapped_key or b"")
    condition = Condition(
        case_id=case.id,
        words_sealed=key.seal(words, "condition"),
        due_on=due_on,
        agreed_at=now,
        state=ConditionState.OPEN,
        state_at=now,
        case=case,
    )
    condition.look_at = next_look(condition, now)
    session.add(condition)
    await session.flush()
    record(session, now, actor, "condition_added", condition, **day_of(due_on))
    await replan(hub, session, "condition", condition.id)
    return condition


async def change(
    hub: Hub, session: AsyncSession, actor: str, condition: Condition, words: str, due_on: date | None
) -> None:
    """Other words, another day. The person is told of another day."""
    now = hub.clock.now()
    key = hub.vault.open_person_key(condition.case.person.wrapped_key or b"")
    other_day = due_on != condition.due_on
    condition.words_sealed = key.seal(words, "condition")
    fields = [*(["words"] if words else []), *(["due_on"] if other_day else [])]
    record(session, now, actor, "condition_changed", condition, fields=fields, **day_of(due_on))
    await set_day(hub, session, condition, due_on)
    if other_day and due_on and condition.state is ConditionState.OPEN:
        await condition_words.tell(hub, session, condition, "conditions.day_changed")


async def set_day(hub: Hub, session: AsyncSession, condition: Condition, due_on: date | None) -> None:
    """What is planned to be said follows the day."""
    condition.due_on = due_on
    await stands(hub, session, condition)


async def say_done(handling: Handling, condition: Condition) -> None:
    """The person says so: a worker will look."""
    _move(condition, ConditionState.SAID_DONE, handling.now)
    condition.done_at = handling.now
    handling.record("condition_reported_done", f"condition:{condition.id}")
    await spoken_of(handling, condition)


async def spoken_of(handling: Handling, condition: Condition) -> None:
    """They have said something: whoever was told of the silence need not look into that any more."""
    for reason in ("condition_due", "condition_passed"):
        found = await escalations.find_open(handling.session, handling.conversation.id, reason)
        if found and found.detail == f"condition:{condition.id}":
            await escalations.withdraw(handling.session, found, "they_answered", handling.now)
    await stands(handling.hub, handling.session, condition)


async def take_back(handling: Handling, condition: Condition) -> None:
    """The person says that it is not done after all."""
    _move(condition, ConditionState.OPEN, handling.now)
    condition.done_at = None
    handling.record("condition_taken_back", f"condition:{condition.id}")
    await stands(handling.hub, handling.session, condition)


async def decide(
    hub: Hub, session: AsyncSession, worker: Worker, condition: Condition, to: ConditionState, why: str = ""
) -> None:
    """A worker's decision; the person is told. The only way to `NOT_DONE`, `DONE` and `WAIVED`.

    Raises
    ------
    MoveNotAllowed
        when that does not follow on the state that it is in.
    NotAllowed
        when there is no reason where one is needed, or a reason too long for a text.
    """
    now, before = hub.clock.now(), condition.state
    check_why(why, wanted=to in NEEDS_REASON)
    _move(condition, to, now)
    condition.checked_at = None if to is ConditionState.OPEN else now
    condition.done_at = None if to is ConditionState.OPEN else condition.done_at
    condition.decided_by_id = worker.id
    key = hub.vault.open_person_key(condition.case.person.wrapped_key or b"")
    condition.reason_sealed = key.seal(why.strip(), "reason") if why.strip() else None
    what = "condition_opened_again" if to is ConditionState.OPEN else f"condition_{to}"
    record(session, now, f"worker:{worker.id}", what, condition)
    if to is not ConditionState.OPEN:  # nothing is left to be given longer for
        asked = update(Extension).where(Extension.condition_id == condition.id, Extension.state == "open")
        await session.execute(asked.values(state="withdrawn", decided_at=now))
    await stands(hub, session, condition)
    await settle(hub, session, worker, condition, what)
    await condition_words.tell_decision(hub, session, condition, before, why.strip())


async def settle(hub: Hub, session: AsyncSession, worker: Worker, condition: Condition, outcome: str) -> None:
    """Close what the worker has done, as far as no other condition of the person needs it still."""
    await session.flush()
    person_id, now = condition.case.person_id, hub.clock.now()
    theirs = await of_person(session, person_id)
    open_ones = {c.id for c in theirs if c.state is ConditionState.OPEN}
    asked = await session.scalar(
        select(exists().where(Extension.condition_id.in_([c.id for c in theirs]), Extension.state == "open"))
    )
    today = now.date()
    waits = {
        "condition_done": any(c.state is ConditionState.SAID_DONE for c in theirs),
        "wants_longer": bool(asked),
        "condition_due": any(c.id in open_ones and c.id != condition.id and is_near(c, now) for c in theirs),
        "condition_passed": any(c.id in open_ones and c.due_on and c.due_on < today for c in theirs),
    }
    done = [reason for reason, still in waits.items() if not still]
    await escalations.settle(session, person_id, done, worker.id, outcome, now)


async def of_person(session: AsyncSession, person_id: int) -> Sequence[Condition]:
    """Those of the person's open cases, the soonest due first."""
    wanted = (
        select(Condition)
        .join(Case, Case.id == Condition.case_id)
        .where(Case.person_id == person_id, Case.closed_at.is_(None))
        .order_by(Condition.due_on, Condition.id)
    )
    return (await session.scalars(wanted)).all()


def early_day(condition: Condition) -> date | None:
    """From this day on it is due soon: so many working days before, as the agency wants it."""
    agency = condition.case.person.agency
    return add_working_days(condition.due_on, -agency.early_days, agency.holidays) if condition.due_on else None


def is_near(condition: Condition, now: datetime) -> bool:
    day = early_day(condition)
    return day is not None and now >= at_local(day, AT, condition.case.person.agency.time_zone)


def next_look(condition: Condition, now: datetime) -> datetime | None:
    """When a worker is told if nothing is said: early, then when the day has passed; None: there is no need."""
    day = early_day(condition)
    if day is None or condition.due_on is None or condition.state is not ConditionState.OPEN:
        return None
    zone = condition.case.person.agency.time_zone
    early, passed = at_local(day, AT, zone), at_local(condition.due_on + timedelta(days=1), AT, zone)
    return early if now < early else passed


def check_why(why: str, *, wanted: bool) -> None:
    """Raises `NotAllowed`."""
    if wanted and not why.strip():
        raise NotAllowed("Write the reason: the person reads it.")
    if len(why.strip()) > LONGEST_WHY:
        raise NotAllowed(f"The reason is longer than {LONGEST_WHY} characters: make it shorter, it stands in a text.")


def record(
    session: AsyncSession, now: datetime, actor: str, what: str, condition: Condition, **details: object
) -> None:
    subject = f"condition:{condition.id}"
    audit.record(session, now, actor, what, subject, person_id=condition.case.person_id, **details)


def day_of(due_on: date | None) -> dict[str, str]:
    """The day as the record keeps it: what was agreed then, whatever is changed after."""
    return {"due_on": due_on.isoformat()} if due_on else {}


async def stands(hub: Hub, session: AsyncSession, condition: Condition) -> None:
    """Plan anew what is said and when a worker is told."""
    condition.look_at = next_look(condition, hub.clock.now())
    await replan(hub, session, "condition", condition.id)


def _move(condition: Condition, to: ConditionState, now: datetime) -> None:
    condition.state, condition.state_at = check_move(CONDITION_MOVES, condition.state, to), now
