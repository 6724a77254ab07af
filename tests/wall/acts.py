"""What happens in a household, by lot: its people write, workers work, time passes. Every free word carries a mark."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import TypeVar

from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import (
    appointments,
    check_in_plans,
    conversations,
    duties,
    in_bulk,
    mailings,
    merging,
    saved_views,
    session_roll,
    tiers,
    transfers,
)
from hub.calendar_feeds import Scope
from hub.calendar_feeds import make as make_feed
from hub.errors import HandrailError, MoveNotAllowed, NotFound, SharedNumber
from hub.people import create_person
from hub.ports import Media
from hub.store.tables import Appointment, Conversation, Escalation, Person, Worker
from hub.words import AppointmentState, ChannelKind, Side, WorkerRole
from tests.integration.lives import full_life
from tests.wall.house import House
from tests.wall.households import ROLE, Drawn, Household, Member
from tests.wall.marks import new_mark
from tests.world import World

TEXTS = (
    "hello its {mark}",
    "cant come {mark} kids ill",
    "STOP",
    "START",
    "wrong person",
    "who is this",
    "i want to die {mark}",
    "he is outside my house {mark}",
    "{mark} is going to kill me",
    "call me {mark}",
    "change my number",
    "please move it {mark}",
    "1",
    "2",
    "yes",
    "no",
    "what do you know about {mark}",
    "HELP",
    "cymraeg",
    "@all {mark} went well",
    "@worker ring me {mark}",
    "invite nan {mark}",
    "remove mum",
    "JOIN 1234 5678",
    "WHO",
    "READ",
)
PROVIDERS_NUMBER = "+447700900090"
_CHANNELS = (ChannelKind.SMS, ChannelKind.SMS, ChannelKind.TELEGRAM, ChannelKind.WEBCHAT)


def photo(colour: str) -> Media:
    """The same picture on both sides, now and then: nobody is told that it was seen before on the other."""
    kept = BytesIO()
    Image.new("RGB", (24, 24), colour).save(kept, "PNG")
    return Media(kept.getvalue(), "image/png", "a.png")


async def write(house: House, dice: Random, member: Member, text: str = "") -> None:
    """One of them writes, from whatever they have in the hand."""
    channel = dice.choice(_CHANNELS)
    sender = {ChannelKind.SMS: member.mobile, ChannelKind.TELEGRAM: member.telegram}.get(channel, member.chat)
    line = house.lines[member.agency][member.side, channel]
    said = text or dice.choice(TEXTS).format(mark=member.mark)
    media = (photo(dice.choice(("red", "green"))),) if dice.random() < 0.1 else ()
    await house.world.simulator.text(sender, line, said, channel=channel, media=media)


async def write_all(house: House, dice: Random, members: Sequence[Member]) -> None:
    for member in dice.sample(members, len(members)):
        await write(house, dice, member)
    await house.world.settle()


@dataclass
class Desk:
    """A worker over one of their people, in the middle of a transaction."""

    world: World
    session: AsyncSession
    worker: Worker
    member: Member
    dice: Random

    @property
    def actor(self) -> str:
        return f"worker:{self.worker.id}"

    async def person(self) -> Person:
        return await self.session.get_one(Person, self.member.person_id)

    async def talk(self) -> Conversation:
        """Raises `NotFound`: nobody has written yet."""
        theirs = select(Conversation).where(Conversation.person_id == self.member.person_id).limit(1)
        return found_or_raise(await self.session.scalar(theirs))

    async def meeting(self) -> Appointment:
        """Raises `NotFound`: there is none."""
        theirs = select(Appointment).where(Appointment.ref == self.member.appointment)
        return found_or_raise(await self.session.scalar(theirs))


Found = TypeVar("Found")


def found_or_raise(found: Found | None) -> Found:
    if found is None:
        raise NotFound
    return found


async def _reply(at: Desk) -> None:
    await conversations.worker_reply(at.world.hub, at.session, at.worker, await at.talk(), f"I read {at.member.mark}")


async def _note(at: Desk) -> None:
    await conversations.add_note(at.world.hub, at.session, at.worker, await at.talk(), f"seen {at.member.mark}")


async def _take(at: Desk) -> None:
    await conversations.take_over(at.world.hub, at.session, at.worker, await at.talk())


async def _move(at: Desk) -> None:
    to = at.world.clock.now() + timedelta(days=3)
    await appointments.move(at.world.hub, at.session, at.actor, await at.meeting(), to)


async def _cancel(at: Desk) -> None:
    await appointments.cancel(at.world.hub, at.session, at.actor, await at.meeting())


async def _outcome(at: Desk) -> None:
    state = at.dice.choice((AppointmentState.ATTENDED, AppointmentState.MISSED))
    await appointments.set_outcome(at.world.hub, at.session, at.actor, await at.meeting(), state)


async def _check_in(at: Desk) -> None:
    await check_in_plans.ask_now(at.world.hub, at.session, at.actor, await at.person())


async def _tier(at: Desk) -> None:
    await tiers.set_tier(at.world.hub, at.session, at.actor, await at.person(), at.dice.choice((1, 2, 3, 4)))


async def _transfer(at: Desk) -> None:
    await transfers.transfer(at.world.hub, at.session, at.actor, await at.person(), at.worker.id)


WORK = (_reply, _note, _take, _move, _cancel, _outcome, _check_in, _tier, _transfer)


async def work(house: House, dice: Random, member: Member) -> None:
    """A worker does one thing with one of their people. What is not allowed just then is left."""
    world, act = house.worlds[member.agency], dice.choice(WORK)
    with suppress(HandrailError):
        async with world.hub.store.transaction() as session:
            worker = await session.get_one(Worker, world.workers[member.side])
            await act(Desk(world, session, worker, member, dice))


async def work_of_a_team(house: House, dice: Random, side: Side, members: Sequence[Member]) -> None:
    """What workers do with several at once, and for themselves: a mailing, a view, a calendar link, a duty."""
    desk, world = house.desk(side), house.world
    mine = [member for member in members if member.side is side and member.agency == 0]
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, desk.worker_id)
        boss = await session.get_one(Worker, house.desk(side, WorkerRole.SUPERVISOR).worker_id)
        mark = mine[0].mark if mine else new_mark(dice, side, 0)
        await saved_views.save(session, worker, f"View {mark}", "reason=wants_a_person")
        for each, scope in ((worker, Scope.MINE), (boss, Scope.TEAM)):
            await make_feed(world.hub, session, each, scope, names=True)
        await duties.add(world.hub, session, boss, worker.id, world.clock.now(), world.clock.now() + timedelta(days=1))
        with suppress(HandrailError):
            refs = [member.ref for member in mine[:5]]
            words = {"en": f"The office is shut, {mark}"}
            await mailings.send(world.hub, session, boss, refs, words, None, f"{side}-{dice.random()}")


async def work_in_bulk(house: House, dice: Random, side: Side) -> None:
    """Several at once, with numbers of the other side among them: those are not there."""
    world, act = house.world, dice.choice((in_bulk.take, in_bulk.close("answered"), in_bulk.put_aside(None)))
    async with world.hub.store.transaction() as session:
        boss = await session.get_one(Worker, house.desk(side, WorkerRole.SUPERVISOR).worker_id)
        found = (await session.execute(select(Conversation.id, Conversation.side))).all()
        some = dice.sample(found, min(20, len(found)))
        seen = frozenset(await session.scalars(select(Escalation.ref)))
        results = await in_bulk.do(world.hub, session, boss, act, [number for number, _ in some], seen)
    whose = [of_side for _, of_side in sorted(some)]
    crossed = [each for each, of_side in zip(results, whose, strict=True) if of_side is not side]
    assert {result.outcome for result in crossed} <= {in_bulk.Outcome.GONE}


async def ask_providers(house: House, side: Side, members: Sequence[Member]) -> None:
    """One provider serves both sides with one number, and is asked by text who came."""
    world, provider = house.world, house.desk(side, WorkerRole.PROVIDER)
    refs = [member.appointment for member in members if member.side is side and member.agency == 0]
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, provider.worker_id)
        with suppress(MoveNotAllowed, SharedNumber):
            await session_roll.set_mobile(world.hub, session, "hub", worker, PROVIDERS_NUMBER)
        theirs = Appointment.ref.in_(refs[::3])
        await session.execute(update(Appointment).where(theirs).values(worker_id=worker.id))


async def live_a_life(house: House, dice: Random, household: Household, side: Side, seed: str) -> None:
    """Somebody more of the household, of whom there is a row in every table that can be about a person."""
    drawn = Drawn(seed, household.number)
    member = household.members[side]
    world = house.worlds[member.agency]
    number = f"+447700900{100 + 8 * (household.number % 100) + 6 + list(Side).index(side):03}"
    with suppress(SharedNumber):  # they live there already
        async with world.hub.store.transaction() as session:
            mark = f"{new_mark(dice, side, household.number)}"
            name = drawn.value("name", side, f"Kim {mark.title()}", f"Kim Both{household.number:03}")
            await full_life(world, session, name, number, mark, ROLE[side])


async def make_one_of_two(house: House, dice: Random, household: Household, side: Side) -> None:
    """A second record of the same human on this side is merged into the first."""
    member = household.members[side]
    world = house.worlds[member.agency]
    with suppress(HandrailError):
        async with world.hub.store.transaction() as session:
            worker = await session.get_one(Worker, world.workers[side])
            again = await create_person(
                world.hub, session, agency_id=world.agency_id, side=side, role=ROLE[side], name=member.name,
                worker_id=worker.id,
            )  # fmt: skip
            keep = await session.get_one(Person, member.person_id)
            await merging.merge(world.hub, session, worker, keep, again)
