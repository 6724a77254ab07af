"""An invented morning with everything on it that the screens can show."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pyotp
from PIL import Image, ImageDraw
from sqlalchemy import select

from hub import appointments, escalations, sign_in
from hub.ports import Inbound, Media
from hub.receive import accept
from hub.store.tables import Conversation, Proof, Team, Worker
from hub.surveys import runs
from hub.words import ChannelKind, Role, Side, WorkerRole
from tests.world import LINES, World

VERA = "+447700900202"
CHAT = "chat-token-of-mo"
PASSWORD = "correct horse battery staple"

_OTHERS = (
    ("Amir Khan", "+447700900111", "cannot_attend", "cant make it thursday, boss changed my shift again"),
    (
        "Bethan Rees",
        "+447700900112",
        "wants_to_move",
        "Could we do next week instead please? My mum is in hospital",
    ),
    ("Callum O'Neill", "+447700900113", "not_understood", "is it the one by the chippy or the other 1"),
    ("Destiny Clarke", "+447700900114", "struggling", "been better to be honest. not sleeping much"),
    ("Jo Wright", "+447700900115", "travel_help", "no money for the bus til friday"),
    ("Leon Baptiste", "+447700900116", "crisis_self", "cant do this anymore, whats the point"),
)


@dataclass
class Scene:
    ref: str  # Sam, whose conversation is shown
    proof: str
    secret: str  # of Priya's authenticator
    survey: str  # the secret of Vera's link


async def morning(world: World) -> Scene:
    """Sam talks, six others need something, Mo is on the web chat, Vera is invited to a survey."""
    secret = await _give_priya_her_keys(world)
    ref = await _sam(world)
    await world.push(minutes=7)
    for name, number, reason, words in _OTHERS:
        await _needs(world, name, number, reason, words)
    await _mo(world)
    await _vera(world)
    await world.push(minutes=2)
    async with world.hub.store.transaction() as session:
        proof = (await session.scalars(select(Proof.ref))).first() or ""
    survey = world.heard(VERA)[0].rpartition("/s/")[2]
    return Scene(ref, proof, secret, survey)


async def _give_priya_her_keys(world: World) -> str:
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        priya.password_hash = await sign_in.hash_password(PASSWORD)
        secret = pyotp.parse_uri(sign_in.new_authenticator(world.hub, priya)).secret
        team = await session.get_one(Team, priya.team_id)
        session.add(
            Worker(
                team_id=team.id,
                role=WorkerRole.WORKER,
                name="Tom Field",
                first_name="Tom",
                email="tom@example.org",
            )
        )
    return secret


async def _sam(world: World) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(minutes=20),
            with_whom="Priya",
            place="1 High St, DE1 1AA",
            proof_wanted=True,
            worker_id=world.workers[Side.SUPERVISION],
        )
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(days=8, hours=4),
            with_whom="Priya",
            place="1 High St, DE1 1AA",
            worker_id=world.workers[Side.SUPERVISION],
        )
    await world.push(minutes=3)
    await world.text("where is it again?")
    await world.push(minutes=6)
    await world.text("on my way, running a bit late")
    await world.push(minutes=16)
    await accept(
        world.hub,
        Inbound(
            LINES[Side.SUPERVISION, ChannelKind.SMS],
            ChannelKind.SMS,
            "+447700900101",
            "photo-1",
            "here now",
            world.clock.now(),
            (Media(_photo(), "image/jpeg", "here.jpg"),),
        ),
    )
    await world.settle()
    await world.push(minutes=2)
    await world.text("can i talk to priya after")
    return person.ref


async def _needs(world: World, name: str, number: str, reason: str, words: str) -> None:
    async with world.hub.store.transaction() as session:
        await world.person(session, name=name, address=number)
    await world.text(words, number)
    async with world.hub.store.transaction() as session:
        conversation = (await session.scalars(select(Conversation).order_by(Conversation.id.desc()))).first()
        assert conversation
        await escalations.escalate(session, conversation, reason, world.clock.now() - timedelta(minutes=3))


async def _mo(world: World) -> None:
    line = LINES[Side.SUPERVISION, ChannelKind.WEBCHAT]
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name="Mo Ali", channel=ChannelKind.WEBCHAT, address=CHAT)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(days=1, hours=4),
            with_whom="Priya",
            place="1 High St, DE1 1AA",
        )
    await world.settle()
    await world.text("when is my appointment", CHAT, line)


async def _vera(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        await runs.invite(world.hub, session, person, "victim_satisfaction")


def _photo() -> bytes:
    """A drawn poster in a drawn room."""
    image = Image.new("RGB", (900, 675), "#b9c4c9")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, 900, 675), fill="#7d6a55")
    draw.rectangle((190, 110, 710, 400), fill="#ffffff", outline="#444444", width=6)
    draw.multiline_text(
        (450, 255), "PROBATION OFFICE\n1 HIGH STREET", fill="#12393d", font_size=38, anchor="mm", align="center"
    )
    kept = BytesIO()
    image.save(kept, "JPEG")
    return kept.getvalue()
