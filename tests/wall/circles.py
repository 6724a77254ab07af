"""Who stands by whom in a household, and who may not: with the phones of the other side wherever that can be.

A mother who stands by one record and is the victim on the other side with the same phone; one who stands by both; the
very one who is supervised, beside the victim; a number on the no-contact list that is the victim's own.
"""

from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from hub import no_contact
from hub.errors import HandrailError
from hub.people import add_contact, create_person
from hub.store.tables import ChosenContact, Person, Worker
from hub.threads import invitations, members, posts
from hub.threads.standing import thread_for
from hub.words import ChannelKind, Relation, Role, Sees, Side
from tests.wall.marks import Book
from tests.world import World

if TYPE_CHECKING:
    from tests.wall.house import House
    from tests.wall.households import Drawn, Household, Member

SAID = (
    *("hello {mark}", "@worker {mark}", "how is {mark}", "i want to die {mark}"),
    *("MUTE", "UNMUTE", "READ", "WHO", "LEAVE"),
)


async def gather(world: World, session: AsyncSession, book: Book, drawn: "Drawn", person: Person) -> str:
    """A mother stands by them. Returns her number; nothing where she cannot."""
    side, mark = person.side, drawn.marks[person.side]
    number = _mothers_number(drawn, side)
    if number == drawn.number_of(side, "number", 0):
        return ""  # nobody stands by themselves
    book.add_number(number, side)
    name = drawn.value("supporter", side, f"Mum {mark.title()}", f"Mum Both{drawn.number:03}")
    mother = await create_person(
        world.hub, session, agency_id=world.agency_id, side=side, role=Role.SUPPORTER, name=name,
        worker_id=person.worker_id,
    )  # fmt: skip
    await add_contact(world.hub, session, mother, ChannelKind.SMS, number)
    thread = await thread_for(session, person, world.clock.now())
    sees = drawn.dice.choice(list(Sees)) if side is Side.SUPERVISION else Sees.DATES
    await members.join(world.hub, session, thread, mother, sees=sees, relation=Relation.FAMILY)
    if side is Side.VICTIMS and drawn.often():
        now = world.clock.now()
        session.add(ChosenContact(person_id=person.id, supporter_id=mother.id, asked_at=now, agreed_at=now))
    return number


def _mothers_number(drawn: "Drawn", side: Side) -> str:
    if "supervised_supporter" in drawn.shared and side is Side.VICTIMS:
        return drawn.number_of(Side.SUPERVISION, "number", 0)
    if "victims_phone" in drawn.shared and side is Side.SUPERVISION:
        return drawn.number_of(Side.VICTIMS, "number", 0)
    return drawn.number_of(side, "supporters_number", 1)


async def bar(world: World, session: AsyncSession, book: Book, drawn: "Drawn", person: Person) -> None:
    """A worker has entered the victim's number: from then on it is known on this side, too."""
    number = drawn.number_of(Side.VICTIMS, "number", 0)
    if person.side is not Side.SUPERVISION or number == drawn.number_of(Side.SUPERVISION, "number", 0):
        return
    book.add_number(number, Side.SUPERVISION)
    await no_contact.add(
        world.hub, session, world.workers[person.side], person, name=f"Al {drawn.marks[person.side]}",
        numbers=[number], why=drawn.dice.choice(list(no_contact.WHY)),
    )  # fmt: skip


async def mother_writes(house: "House", dice: Random, member: "Member") -> None:
    line = house.lines[member.agency][member.side, ChannelKind.SMS]
    words = dice.choice(SAID).format(mark=member.mark)
    await house.world.simulator.text(member.mother, line, words, channel=ChannelKind.SMS)


async def worker_speaks(house: "House", dice: Random, member: "Member") -> None:
    """To all of a thread, or the talk is stopped. On the victims' side there is none."""
    world = house.worlds[member.agency]
    with suppress(HandrailError):
        async with world.hub.store.transaction() as session:
            worker = await session.get_one(Worker, world.workers[member.side])
            person = await session.get_one(Person, member.person_id)
            thread = await thread_for(session, person, world.clock.now())
            if dice.random() < 0.3:
                await posts.pause(world.hub, session, worker, thread)
            else:
                await posts.say(world.hub, session, worker, thread, f"Hello all from {member.mark}")


async def wish(house: "House", member: "Member", name: str) -> str:
    """A worker with the person's yes. Returns the code; nothing where it cannot be."""
    world = house.worlds[member.agency]
    with suppress(HandrailError):
        async with world.hub.store.transaction() as session:
            worker = world.workers[member.side]
            wished = await invitations.wish(
                world.hub, session, await session.get_one(Person, member.person_id), f"worker:{worker}", name=name,
                relation=Relation.FAMILY, sees=Sees.CHAT, months=3, agreed_how="spoken", worker_id=worker,
            )  # fmt: skip
            return wished.code or ""
    return ""


async def hand_on_a_code(house: "House", dice: Random, book: Book, household: "Household") -> None:
    """The code comes from the phone that the victim has, from the person's own, and on the line of the other side."""
    member = household.members[Side.SUPERVISION]
    code = await wish(house, member, f"Nan {member.mark}")
    phones = [household.members[side].mobile for side in Side]
    for number in dice.sample(phones, len(phones)):
        for side in dice.sample(list(Side), dice.choice((1, 2))):
            book.add_number(number, side)
            line = house.lines[member.agency][side, ChannelKind.SMS]
            await house.world.simulator.text(number, line, f"JOIN {code}", channel=ChannelKind.SMS)
            await house.world.settle()
            await house.world.simulator.text(number, line, dice.choice(("1", "2")), channel=ChannelKind.SMS)
