"""Somebody with every kind of link, for tests of the pages behind them."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import select

from hub import appointments, settings_links
from hub.people import add_contact, conversation_for
from hub.store.refs import hash_token
from hub.store.tables import Person
from hub.surveys import runs
from hub.words import ChannelKind, Role
from tests.world import World

VERA = "+447700900202"
CHAT = "mo-token-that-nobody-can-guess"


@dataclass(frozen=True)
class Led:
    """Paths of one person's links."""

    survey: str
    chat: str
    proof: str
    me: str

    @property
    def secrets(self) -> list[str]:
        return [path.rpartition("/")[2] for path in (self.survey, self.chat, self.me)]


async def leads(
    world: World,
    role: Role,
    name: str,
    address: str,
    *,
    chat: str = CHAT,
    channel: ChannelKind = ChannelKind.SMS,
) -> Led:
    """A person who is invited to a survey, chats, and has a link to the own settings."""
    survey = "victim_satisfaction" if role is Role.VICTIM else "session_feedback"
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=role, name=name, address=address, channel=channel)
        if channel is not ChannelKind.WEBCHAT:
            await add_contact(world.hub, session, person, ChannelKind.WEBCHAT, chat, preferred=False)
        run = await runs.invite(world.hub, session, person, survey)
    await world.push(minutes=5)
    async with world.hub.store.transaction() as session:
        run = await session.get_one(type(run), run.id)
        run.token_hash = run.token_hash or hash_token(runs._token(world.hub, run))
        link = runs.link_to(world.hub, run)
        person = (await session.scalars(select(Person).where(Person.id == run.person_id))).one()
        conversation = await conversation_for(session, person)
        assert conversation
        me = (await settings_links.make(world.hub, session, conversation)).removeprefix(world.hub.public_url)
    return Led(link, f"/chat/{chat}", f"/proof/{chat}", me)


async def proof_is_wanted(world: World) -> None:
    """An appointment that begins now, with proof asked for."""
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(minutes=5),
            with_whom="Priya",
            place="1 High St",
            proof_wanted=True,
        )
    await world.push(minutes=6)


def photo(colour: str = "red") -> dict[str, tuple[str, bytes, str]]:
    kept = BytesIO()
    Image.new("RGB", (40, 40), colour).save(kept, "PNG")
    return {"photo": ("here.png", kept.getvalue(), "image/png")}
