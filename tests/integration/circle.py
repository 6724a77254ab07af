"""A person and those around them, on several channels, for tests of what they say to each other."""

from dataclasses import dataclass, field

from sqlalchemy import select

from hub.reading.threads import posts
from hub.store.tables import Message, Thread, ThreadMember, ThreadText
from hub.threads import members
from hub.threads.standing import thread_for
from hub.words import ChannelKind, Relation, Role, Sees, Side
from tests.world import LINES, World


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    channel: ChannelKind
    address: str
    zone: str | None = None


SAM = Somebody("Sam Carter", ChannelKind.SMS, "+447700900101")
MUM = Somebody("Mum Pritchard", ChannelKind.SMS, "+447700900202")
JO = Somebody("Jo Okafor", ChannelKind.TELEGRAM, "900303")
KIT = Somebody("Kit Lindqvist", ChannelKind.WEBCHAT, "token-404", "America/New_York")
DAI = Somebody("Dai Pugh", ChannelKind.SMS, "+447700900505")
AROUND = (MUM, JO, KIT, DAI)


@dataclass
class Circle:
    world: World
    thread_id: int = 0
    person_id: int = 0
    ids: dict[str, int] = field(default_factory=dict)  # by address

    async def writes(self, who: Somebody, text: str) -> None:
        """As it reaches us: nothing is handled yet."""
        line = LINES[Side.SUPERVISION, who.channel]
        words = f"@all {text}" if who is SAM else text
        await self.world.simulator.text(who.address, line, words, channel=who.channel)

    async def said(self) -> list[tuple[str, str]]:
        """(whose, as the others read it), in the order in which it was said."""
        async with self.world.hub.store.transaction() as session:
            thread = await session.get_one(Thread, self.thread_id)
            found = await posts(self.world.hub, session, thread, most=1000)
        return [(each.author, f"{each.author}: {each.words}") for each in found]

    def member(self, who: Somebody) -> tuple[int, int]:
        return self.thread_id, self.ids[who.address]

    async def texts_to(self, who: Somebody) -> list[Message]:
        async with self.world.hub.store.transaction() as session:
            theirs = select(Message).join(ThreadText, ThreadText.message_id == Message.id)
            wanted = theirs.where(ThreadText.to_id == self.ids[who.address]).order_by(Message.id)
            return list((await session.scalars(wanted)).all())


async def make_circle(world: World, around: tuple[Somebody, ...] = AROUND) -> Circle:
    circle = Circle(world)
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session, name=SAM.name, address=SAM.address)
        thread = await thread_for(session, sam, world.clock.now())
        circle.thread_id, circle.person_id = thread.id, sam.id
        circle.ids[SAM.address] = sam.id
        for each in around:
            person, _ = await world.person(
                session, role=Role.SUPPORTER, name=each.name, channel=each.channel, address=each.address
            )
            person.time_zone = each.zone
            await members.join(world.hub, session, thread, person, sees=Sees.CHAT, relation=Relation.FRIEND)
            circle.ids[each.address] = person.id
    return circle


async def membership(circle: Circle, session: object, who: Somebody) -> ThreadMember:
    found: ThreadMember = await session.get_one(ThreadMember, circle.member(who))  # type: ignore[attr-defined]
    return found
