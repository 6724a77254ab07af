"""Those whom a supporter stands by in transcripts: `given: standing_by:`, and the steps `consent:` and `alex:`."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import check_ins, conditions
from hub.states import CheckInState
from hub.store.tables import Case, CheckIn, Person, RuleSetting, Thread, ThreadMember
from hub.threads import members
from hub.threads.standing import thread_for
from hub.times import local
from hub.words import ChannelKind, Relation, Sees, Side
from tests.world import LINES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

NAMES = ("Alex Reed", "Bea Stone", "Cal Frost")  # in this order
NUMBERS = ("+447700900202", "+447700900203", "+447700900204")


async def give_standing(replay: "Replay", session: AsyncSession, supporter: Person, given: dict[str, Any]) -> None:
    for rule in given.get("rules_on", ()):
        await _turn_on(replay, session, supporter, rule)
    standing = given.get("standing_by", ())
    people = [await _stand_by(replay, session, supporter, *each) for each in enumerate(standing)]
    for person, words in reversed([*zip(people, standing, strict=True)]):  # steps speak of the first one's appointment
        if "appointment" in words:
            await replay.give_appointment(session, person, {"place": "", "with_whom": ""} | words["appointment"])


async def _turn_on(replay: "Replay", session: AsyncSession, supporter: Person, rule: str) -> None:
    now, by = replay.world.clock.now(), replay.world.workers[replay.side]
    session.add(RuleSetting(agency_id=supporter.agency_id, side=supporter.side, rule=rule, by_id=by, at=now))
    await session.flush()


async def _stand_by(
    replay: "Replay", session: AsyncSession, supporter: Person, number: int, words: dict[str, Any]
) -> Person:
    hub = replay.world.hub
    name = words.get("name", NAMES[number])
    person, _ = await replay.world.person(session, name=name, address=NUMBERS[number], side=replay.side)
    if "condition" in words:
        await _give_condition(replay, session, person, words["condition"])
    for weeks in range(words.get("check_ins_answered", 0), 0, -1):
        _answered(replay, session, person, weeks)
    if "check_in" in words:
        day = replay.moment(words["check_in"]["in_days"], "10:00")
        await check_ins.schedule(hub, session, person, day)
    thread = await thread_for(session, person, replay.world.clock.now())
    thread.paused_at = replay.world.clock.now() if words.get("paused") else None
    ends_in = words.get("for_days")
    member = await members.join(
        hub,
        session,
        thread,
        supporter,
        sees=Sees(words.get("sees", "dates")),
        relation=Relation(words.get("relation", "family")),
        ends_at=replay.world.clock.now() + timedelta(days=ends_in) if ends_in else None,
    )
    member.muted_at = replay.world.clock.now() if words.get("muted") else None
    return person


async def _give_condition(replay: "Replay", session: AsyncSession, person: Person, words: dict[str, Any]) -> None:
    now = replay.world.clock.now()
    case = Case(
        agency_id=person.agency_id,
        side=person.side,
        person_id=person.id,
        kind="conditional_caution",
        reference=f"T/of-{person.id}",
        opened_at=now,
        worker_id=person.worker_id,
        person=person,
    )
    session.add(case)
    await session.flush()
    due = local(now, "Europe/London").date() + timedelta(days=words["in_days"])
    await conditions.add(replay.world.hub, session, "hub", case, words["words"], due)


def _answered(replay: "Replay", session: AsyncSession, person: Person, weeks: int) -> None:
    due_at = replay.world.clock.now() - timedelta(weeks=weeks)
    state, closes_at = CheckInState.ANSWERED, due_at + check_ins.STAYS_OPEN
    row = CheckIn(person_id=person.id, due_at=due_at, closes_at=closes_at, state=state, answered_at=due_at, feeling=2)
    session.add(row)


async def change_consent(replay: "Replay", words: dict[str, Any]) -> None:
    """What a person, or the supporter, decides about it: `who` is which of them, from 1."""
    hub, number = replay.world.hub, NUMBERS[words.get("who", 1) - 1]
    async with hub.store.transaction() as session:
        member = await _member(replay, session, NUMBERS.index(number))
        if "sees" in words:
            await members.change(hub, session, "hub", member, Sees(words["sees"]), member.ends_at, "text")
        if "ends" in words:
            await members.end(hub, session, "hub", member, words["ends"])
        if "mute" in words:
            member.muted_at = replay.world.clock.now() if words["mute"] else None
    await replay.world.settle()


def alex_heard(replay: "Replay", expected: str | None, where: str) -> None:
    """What the first of them got last; an empty expectation: nothing at all."""
    if expected is None:
        return
    heard = [text.text for text in replay.world.simulator.phones.received(NUMBERS[0])]
    assert (bool(heard) and expected in heard[-1]) if expected else not heard, f"{where}: {heard}"


async def _member(replay: "Replay", session: AsyncSession, number: int) -> ThreadMember:
    wanted = select(ThreadMember).join(Thread, Thread.id == ThreadMember.thread_id)
    wanted = wanted.where(ThreadMember.person_id == replay.person_id).order_by(Thread.id)
    return (await session.scalars(wanted)).all()[number]


async def alex_writes(replay: "Replay", text: object) -> None:
    """The first of those whom they stand by."""
    line = LINES[Side.SUPERVISION, ChannelKind.SMS]
    await replay.world.simulator.text(NUMBERS[0], line, str(text), channel=ChannelKind.SMS)
    await replay.world.settle()
