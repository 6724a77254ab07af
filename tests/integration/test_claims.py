"""Who sends what next: ranks first, agencies by weight, one text of a conversation at a time, a line at its pace."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from hub import claims
from hub.states import Direction, MessageState
from hub.store.tables import Agency, Conversation, Line, LinePace, Message
from hub.words import ChannelKind, Priority, Purpose, Side
from tests.world import MONDAY, World


async def agency_with_line(world: World, name: str, *, weight: int = 1) -> Line:
    async with world.hub.store.transaction() as session:
        agency = Agency(name=name, short_name=name, phone="0300 000 0000", send_weight=weight)
        session.add(agency)
        await session.flush()
        line = Line(
            agency_id=agency.id,
            side=Side.SUPERVISION,
            channel=ChannelKind.SMS,
            address=f"+447700900{200 + len(name)}",
            name=name,
        )
        session.add(line)
        await session.flush()
        return line


async def conversations(world: World, line: Line, count: int) -> list[int]:
    """So many people on a line; nothing of theirs is opened here."""
    async with world.hub.store.transaction() as session:
        first, known = await world.person(session, address=f"+447700900{300 + line.id % 600}")
        made = [known.id]
        for _ in range(count):
            person = type(first)(
                ref=f"{line.id}-{len(made)}-{first.id}",
                agency_id=line.agency_id,
                side=line.side,
                role=first.role,
                created_at=world.clock.now(),
            )
            session.add(person)
            await session.flush()
            conversation = Conversation(
                person_id=person.id, line_id=line.id, side=line.side, contact_point_id=known.contact_point_id
            )
            session.add(conversation)
            await session.flush()
            made.append(conversation.id)
        return made[1:]


async def queue(world: World, line: Line, ids: list[int], priority: Priority, *, due: datetime = MONDAY) -> list[int]:
    async with world.hub.store.transaction() as session:
        messages = [
            Message(
                conversation_id=conversation,
                line_id=line.id,
                direction=Direction.OUT,
                state=MessageState.QUEUED,
                state_at=due,
                created_at=due,
                purpose=Purpose.REMINDER,
                rank=priority.rank,
                due_at=due,
            )
            for conversation in ids
        ]
        session.add_all(messages)
        await session.flush()
        return [message.id for message in messages]


async def taken(world: World, ids: list[int]) -> list[Message]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Message).where(Message.id.in_(ids)).order_by(Message.id)))


async def claim(world: World, **parts: object) -> list[Message]:
    return await taken(world, await claims.claim(world.hub, "w", **parts))  # type: ignore[arg-type]


async def done(world: World, messages: list[Message]) -> None:
    async with world.hub.store.transaction() as session:
        ids = [message.id for message in messages]
        await session.execute(update(Message).where(Message.id.in_(ids)).values(state=MessageState.SENT))


def by_line(messages: list[Message]) -> Counter[int]:
    return Counter(message.line_id for message in messages)


async def test_one_agencys_many_texts_do_not_keep_anothers_waiting(world: World) -> None:
    many, few = await agency_with_line(world, "Many"), await agency_with_line(world, "Few ones")
    await queue(world, many, await conversations(world, many, 40), Priority.BULK)
    later = MONDAY + timedelta(minutes=5)
    await queue(world, few, await conversations(world, few, 10), Priority.BULK, due=later)
    world.clock.push(timedelta(minutes=5))
    assert by_line(await claim(world, batch=20)) == {many.id: 10, few.id: 10}


async def test_agencies_share_by_their_weight(world: World) -> None:
    light, heavy = await agency_with_line(world, "Light"), await agency_with_line(world, "Heavy weight", weight=3)
    for line in (light, heavy):
        await queue(world, line, await conversations(world, line, 35), Priority.BULK)
    assert by_line(await claim(world, batch=40)) == {light.id: 10, heavy.id: 30}


async def test_with_more_agencies_than_fit_into_a_batch_each_gets_its_turn(world: World) -> None:
    lines = [await agency_with_line(world, "A" * (n + 1)) for n in range(8)]
    for n, line in enumerate(lines):
        due = MONDAY + timedelta(minutes=n)  # the last one's texts are younger than all that the others have
        await queue(world, line, await conversations(world, line, 30), Priority.BULK, due=due)
    world.clock.push(timedelta(minutes=10))
    served: Counter[int] = Counter()
    for _ in range(30):
        served += by_line(await claim(world, batch=3))
        world.clock.push(timedelta(seconds=1))
    assert sum(served.values()) == 90
    assert min(served[line.id] for line in lines) >= 5  # 11 each, were it not for chance


async def test_a_higher_rank_goes_before_all_lower_ones_of_every_agency(world: World) -> None:
    many, few = await agency_with_line(world, "Many"), await agency_with_line(world, "Few ones")
    people = await conversations(world, many, 30)
    await queue(world, many, people, Priority.BULK)
    reminders = await queue(world, many, people[:3], Priority.REMINDER)
    replies = await queue(world, few, await conversations(world, few, 2), Priority.REPLY)
    claimed = [message.id for message in await claim(world, batch=5)]
    assert claimed == sorted(reminders + replies)


async def test_a_sender_kept_for_answers_takes_nothing_else(world: World) -> None:
    line = await agency_with_line(world, "Many")
    people = await conversations(world, line, 4)
    await queue(world, line, people[:2], Priority.BULK)
    await queue(world, line, people[2:3], Priority.REMINDER)
    (reply,) = await queue(world, line, people[3:], Priority.REPLY)
    assert [message.id for message in await claim(world, lowest=Priority.REPLY)] == [reply]


async def test_of_one_conversation_one_text_is_under_way_and_an_answer_waits_for_that_one_only(world: World) -> None:
    line = await agency_with_line(world, "Many")
    (sam,) = await conversations(world, line, 1)
    first, second = await queue(world, line, [sam, sam], Priority.BULK)
    under_way = await claim(world)
    assert [message.id for message in under_way] == [first]
    (reply,) = await queue(world, line, [sam], Priority.REPLY)
    assert await claim(world) == []
    await done(world, under_way)
    answer = await claim(world)
    assert [message.id for message in answer] == [reply]
    await done(world, answer)
    assert [message.id for message in await claim(world)] == [second]


async def test_claims_that_were_not_begun_go_back(world: World) -> None:
    line = await agency_with_line(world, "Many")
    ids = await queue(world, line, await conversations(world, line, 3), Priority.BULK)
    await claims.give_back(world.hub, await claims.claim(world.hub, "leaving"))
    assert [message.id for message in await claim(world)] == ids


async def test_workers_that_claim_at_the_same_moment_take_no_conversation_twice(world: World) -> None:
    line = await agency_with_line(world, "Many")
    people = await conversations(world, line, 12)
    for _ in range(4):
        await queue(world, line, people, Priority.REMINDER)
    batches = await asyncio.gather(*(claims.claim(world.hub, f"w{n}", batch=5) for n in range(4)))
    claimed = await taken(world, [id_ for batch in batches for id_ in batch])
    assert sorted(message.conversation_id for message in claimed) == people


async def paced(world: World, line: Line, per_second: float) -> None:
    async with world.hub.store.transaction() as session:
        session.add(LinePace(line_id=line.id, per_second=per_second, tokens=0.0, refilled_at=world.clock.now()))


async def test_a_line_sends_no_faster_than_its_pace_and_others_are_not_slowed(world: World) -> None:
    slow, fast = await agency_with_line(world, "Slow"), await agency_with_line(world, "Fast line")
    for line in (slow, fast):
        await queue(world, line, await conversations(world, line, 30), Priority.BULK)
    await paced(world, slow, 3)
    world.clock.push(timedelta(seconds=1))
    assert by_line(await claim(world, batch=20)) == {slow.id: 3, fast.id: 17}
    assert by_line(await claim(world, batch=20)) == {fast.id: 13}


async def test_the_last_tokens_of_a_line_go_to_its_highest_rank(world: World) -> None:
    line = await agency_with_line(world, "Slow")
    people = await conversations(world, line, 9)
    await queue(world, line, people[:8], Priority.BULK)
    (reply,) = await queue(world, line, people[8:], Priority.REPLY)
    await paced(world, line, 1)
    world.clock.push(timedelta(seconds=1))
    assert [message.id for message in await claim(world)] == [reply]


looks = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(1, 4), st.integers(1, 8), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(per_second=st.floats(0.2, 9), looks=looks)
async def test_never_more_than_the_rate_and_the_burst_whoever_looks_and_when(
    world: World, per_second: float, looks: list[tuple[int, int, int, bool]]
) -> None:
    """Whatever the workers' clocks say: some of them are a second behind."""
    line = await line_with_a_long_queue(world, per_second)
    began, total = world.clock.now(), 0
    for milliseconds, workers, batch, behind in looks:
        world.clock.push(timedelta(milliseconds=milliseconds))
        latest = world.clock.now()
        if behind:
            world.clock.push(timedelta(seconds=-1))
        batches = await asyncio.gather(*(claims.claim(world.hub, f"w{n}", batch=batch) for n in range(workers)))
        world.clock.push(latest - world.clock.now())
        total += sum(map(len, batches))
        elapsed = (latest - began).total_seconds()
        assert total <= per_second * elapsed + max(1.0, per_second * claims.BURST_SECONDS) + 1e-6
    assert line


async def line_with_a_long_queue(world: World, per_second: float) -> Line:
    """The same line for every example: full again, and with no tokens saved."""
    async with world.hub.store.transaction() as session:
        known = await session.scalar(select(Line).where(Line.name == "Slow"))
        await session.execute(delete(LinePace))
        await session.execute(update(Message).values(state=MessageState.QUEUED, due_at=world.clock.now()))
    if known is None:
        known = await agency_with_line(world, "Slow")
        await queue(world, known, await conversations(world, known, 150), Priority.BULK)
    await paced(world, known, per_second)
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Message)) == 150
    return known
