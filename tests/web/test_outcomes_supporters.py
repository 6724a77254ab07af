"""The figures of those who stand by people, against rows that can be counted by hand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.states import MessageState
from hub.states_of_support import InvitationState
from hub.store.tables import Conversation, Invitation, Person, Thread, ThreadMember, ThreadPost, ThreadText
from hub.words import AppointmentState, PostTo, Purpose, Relation, Role, Sees, Side
from tests.web.conftest import Enter
from tests.web.months import met, somebody, wrote
from tests.web.test_outcomes import table
from tests.world import World

pytestmark = pytest.mark.slow

CAME, MISSED = AppointmentState.ATTENDED, AppointmentState.MISSED
Who = tuple[Person, Conversation]
FEW = "Too few to show"


async def beside(
    world: World, session: AsyncSession, who: Who, number: int, *, sees: Sees = Sees.CHAT, since: int = 60,
    left: int | None = None, why: str = "", until: datetime | None = None, muted: bool = False,
) -> Who:  # fmt: skip
    """Somebody has stood by them since so many days ago; left so many days ago."""
    now = world.clock.now()
    supporter = await somebody(world, session, number, role=Role.SUPPORTER)
    thread = Thread(person_id=who[0].id, side=who[0].side, created_at=now)
    session.add(thread)
    await session.flush()
    session.add(
        ThreadMember(
            thread_id=thread.id, person_id=supporter[0].id, side=thread.side, sees=sees, relation=Relation.FAMILY,
            invited_at=now, accepted_at=now - timedelta(days=since), ends_at=until, ended_for=why,
            left_at=now - timedelta(days=left) if left is not None else None, muted_at=now if muted else None,
        )
    )  # fmt: skip
    await session.flush()
    return supporter


async def wish(world: World, session: AsyncSession, who: Who, state: InvitationState, days: int = 0) -> None:
    """Made twenty days ago; what became of it came so many days after."""
    thread = Thread(person_id=who[0].id, side=who[0].side, created_at=world.clock.now())
    session.add(thread)
    await session.flush()
    made = world.clock.now() - timedelta(days=20)
    session.add(
        Invitation(
            thread_id=thread.id, side=thread.side, who_sealed=b"x", relation=Relation.FRIEND, sees=Sees.DATES,
            state=state, state_at=made + timedelta(days=days), made_at=made,
            code_index=f"{who[0].id}".encode(),
        )
    )  # fmt: skip


async def test_people_with_somebody_beside_them_and_what_those_may_see(world: World, enter: Enter) -> None:
    now = world.clock.now()
    async with world.hub.store.transaction() as session:
        for number in range(20):
            who = await somebody(world, session, 100 + number)
            who[0].created_at = now - timedelta(days=90)
            if number < 6:  # three of them have muted the talk
                await beside(world, session, who, 200 + number, muted=number < 3)
            elif number < 11:
                await beside(world, session, who, 200 + number, sees=Sees.DATES)
            elif number == 11:  # has left
                await beside(world, session, who, 200 + number, left=1)
            elif number == 12:  # the time that was agreed is over
                await beside(world, session, who, 200 + number, until=now - timedelta(days=1))
        gone = await somebody(world, session, 140)
        gone[0].created_at = now - timedelta(days=90)
        gone[0].ended_at = now - timedelta(days=9)
    priya = await enter()
    assert await table(priya, "supporters") == [["Somebody stands by them", "11", "55%"], ["Nobody yet", "9", "45%"]]
    assert await table(priya, "supporters-see") == [
        ["Days and times", "5", "45%"],
        ["And how it went", "0", "0%"],
        ["And the talk", "6", "55%"],
    ]
    page = (await priya.get("/outcomes")).text
    assert "who may join the talk have muted it" not in page, "three of six can be recognised"


async def test_who_has_muted_the_talk_is_said_of_enough_people(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(10):
            await beside(world, session, await somebody(world, session, 100 + number), 200 + number, muted=number < 5)
    assert "5 of the 10 who may join the talk have muted it." in (await (await enter()).get("/outcomes")).text


async def test_invitations_by_what_became_of_them_and_how_long_a_yes_took(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(7):
            who = await somebody(world, session, 100 + number)
            await wish(world, session, who, InvitationState.ACCEPTED, days=number)
        for number in range(5):
            await wish(world, session, await somebody(world, session, 120 + number), InvitationState.EXPIRED, days=14)
        await wish(world, session, await somebody(world, session, 130), InvitationState.REFUSED)
    priya = await enter()
    assert await table(priya, "supporter-invitations") == [
        ["Accepted: the code was given", "7", "54%"],
        ["Refused by a worker", FEW, FEW],
        ["The code was not used in time", FEW, FEW],  # or it could be worked out from the total
    ]
    assert "accepted within 3.0 days of the wish" in (await priya.get("/outcomes")).text


async def test_why_a_part_ended_counts_those_who_had_accepted_and_in_the_period(world: World, enter: Enter) -> None:
    now = world.clock.now()
    async with world.hub.store.transaction() as session:
        for number in range(5):
            who = await somebody(world, session, 100 + number)
            await beside(world, session, who, 200 + number, left=5, why="revoked")
        for number in range(6):  # nobody has to end what is over
            who = await somebody(world, session, 110 + number)
            await beside(world, session, who, 210 + number, until=now - timedelta(days=2))
        before = await somebody(world, session, 120)
        await beside(world, session, before, 220, since=300, left=200, why="left")
    assert await table(await enter(), "supporters-ended") == [
        ["The time that was agreed is over", "6", "55%"],
        ["The person ended it", "5", "45%"],
    ]


async def test_what_passes_is_counted_by_text_and_hidden_where_few_threads_have_it(world: World, enter: Enter) -> None:
    at = world.clock.now() - timedelta(days=3)
    async with world.hub.store.transaction() as session:
        for number in range(6):
            who = await somebody(world, session, 100 + number)
            supporter = await beside(world, session, who, 200 + number)
            await _said(world, session, who, supporter, at, idea=number < 5)
            if number == 0:
                await _said(world, session, supporter, who, at, idea=False)
    assert await table(await enter(), "supporters-texts") == [
        ["Written by people", "6", "6"],
        ["Written by supporters", FEW, FEW],
        ["Written by workers", "0", "0"],
        ["Passed on to a reader", "7", "6"],
        ["Reminders and ideas to supporters", "5", "5"],
    ]


async def _said(world: World, session: AsyncSession, author: Who, reader: Who, at: datetime, *, idea: bool) -> None:
    """One post that left to one reader, one that was blocked, and perhaps an idea for the reader."""
    both = Thread.person_id.in_((author[0].id, reader[0].id))
    thread = (await session.scalars(select(Thread).where(both))).one()
    post = ThreadPost(
        thread_id=thread.id, author_id=author[0].id, sent_to=PostTo.ALL, keyed_to_id=author[0].id, words_sealed=b"x",
        at=at,
    )  # fmt: skip
    session.add(post)
    await session.flush()
    left = await wrote(world, session, reader[1], at, purpose=Purpose.THREAD)
    blocked = await wrote(world, session, reader[1], at, state=MessageState.BLOCKED, purpose=Purpose.THREAD)
    blocked.left_at = None
    to = {"thread_id": thread.id, "to_id": reader[0].id}
    session.add_all(ThreadText(message_id=each.id, needs=Sees.CHAT, post_id=post.id, **to) for each in (left, blocked))
    if idea:
        nudge = await wrote(world, session, reader[1], at, purpose=Purpose.UPDATE)
        session.add(ThreadText(message_id=nudge.id, needs=Sees.DATES, **to))
    await session.flush()


async def test_attendance_stands_side_by_side_and_says_that_it_shows_no_cause(world: World, enter: Enter) -> None:
    """Beside them when it began: who came later, or had left by then, does not count."""
    async with world.hub.store.transaction() as session:
        for number in range(8):
            who = await somebody(world, session, 100 + number)
            await beside(world, session, who, 200 + number)
            await met(world, session, who, CAME if number < 6 else MISSED, reminded=False)
        for number in range(6):
            who = await somebody(world, session, 120 + number)
            if number < 3:
                await beside(world, session, who, 220 + number, since=2)
            elif number == 3:
                await beside(world, session, who, 220 + number, left=30)
            await met(world, session, who, CAME if number < 3 else MISSED, reminded=False)
    priya = await enter()
    assert await table(priya, "attendance-supporters") == [
        ["Somebody stands by them", "6", "2", "0", "8", "75%"],
        ["Nobody does", "3", "3", "0", "6", "50%"],
    ]
    assert "This shows no cause." in (await priya.get("/outcomes")).text


async def test_on_the_victims_side_and_where_nobody_stands_by_anybody_there_is_none_of_it(
    world: World, enter: Enter
) -> None:
    keys = ("supporters", "supporters-see", "supporters-texts", "supporters-ended", "attendance-supporters")
    now = world.clock.now()
    async with world.hub.store.transaction() as session:
        for number in range(6):
            await met(world, session, await somebody(world, session, 100 + number), CAME, reminded=False)
            vera, _ = await somebody(world, session, 200 + number, role=Role.VICTIM)
            jo, _ = await world.person(
                session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo", address=f"+447700900{300 + number}"
            )
            thread = Thread(person_id=vera.id, side=vera.side, created_at=now)
            session.add(thread)
            await session.flush()
            session.add(
                ThreadMember(thread_id=thread.id, person_id=jo.id, side=jo.side, invited_at=now, accepted_at=now)
            )
    for visitor in (await enter(), await enter(Side.VICTIMS)):
        page = (await visitor.get("/outcomes")).text
        for key in keys:
            assert f'href="#{key}"' not in page
