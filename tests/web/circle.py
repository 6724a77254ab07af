"""Sam with a circle: Jo may talk, Kit sees dates alone, Mo stands by Alex too. For the tests of supporters' pages."""

from dataclasses import dataclass

from sqlalchemy import select

from hub.store.tables import Person, Thread, ThreadMember
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import ChannelKind, Relation, Role, Sees
from tests.world import World

JO, KIT, MO, ALEX = "+447700900301", "+447700900302", "+447700900303", "+447700900102"


@dataclass(frozen=True)
class Circle:
    """References."""

    sam: str
    alex: str
    jo: str
    kit: str
    mo: str


async def circle(world: World) -> Circle:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session, name="Sam Carter")
        alex, _ = await world.person(session, name="Alex Poole", address=ALEX)
        jo, _ = await world.person(session, name="Jo Reed", role=Role.SUPPORTER, address=JO)
        kit, _ = await world.person(session, name="Kit Boyle", role=Role.SUPPORTER, address=KIT)
        mo, _ = await world.person(
            session, name="Mo Ade", role=Role.SUPPORTER, channel=ChannelKind.TELEGRAM, address="mo-chat"
        )
        for person, supporter, sees, relation in (
            (sam, jo, Sees.CHAT, Relation.FAMILY),
            (sam, kit, Sees.DATES, Relation.FRIEND),
            (sam, mo, Sees.CHAT, Relation.MENTOR),
            (alex, mo, Sees.PROGRESS, Relation.MENTOR),
        ):
            thread = await thread_for(session, person, world.clock.now())
            await members.join(world.hub, session, thread, supporter, sees=sees, relation=relation)
        return Circle(sam.ref, alex.ref, jo.ref, kit.ref, mo.ref)


async def member(world: World, person_ref: str, supporter_ref: str) -> ThreadMember:
    async with world.hub.store.transaction() as session:
        theirs = select(ThreadMember).join(Thread, Thread.id == ThreadMember.thread_id)
        person = (await session.scalars(select(Person).where(Person.ref == person_ref))).one()
        supporter = (await session.scalars(select(Person).where(Person.ref == supporter_ref))).one()
        wanted = theirs.where(Thread.person_id == person.id, ThreadMember.person_id == supporter.id)
        return (await session.scalars(wanted)).one()
