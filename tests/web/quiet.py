"""Quentin, who is nobody else's business: a person of Priya's with all that a page can show, and nothing open.

Whoever has no duty towards him must meet none of `SECRETS`, anywhere.
"""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import select

from hub import appointments, conditions, conversations, escalations
from hub.ports import Media
from hub.states import EscalationState
from hub.store.tables import (
    Appointment,
    Case,
    ContactPoint,
    Conversation,
    Escalation,
    MediaFile,
    Message,
    Person,
    Proof,
    Worker,
)
from hub.surveys import runs
from hub.words import ChannelKind, Side
from tests.world import LINES, World

NAME, NUMBER, WORDS, NOTE = "Quentin Zebrowski", "+447700900177", "my purple wellingtons leak", "likes brass bands"
CONDITION = "mend the marquee"
SECRETS = ("Quentin", "Zebrowski", "900177", "900 177", "wellingtons", "brass bands", "marquee")


@dataclass(frozen=True)
class Quiet:
    """Where everything of Quentin's is: what stands in an address."""

    person: str
    conversation: int
    message: int
    appointment: str
    proof: str
    media: int
    escalation: str
    way: int
    case: int


async def quiet_life(world: World) -> Quiet:
    """He has texted, been answered and noted, was proved to be there, and all of it is closed."""
    priya_id = world.workers[Side.SUPERVISION]
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, name=NAME, address=NUMBER)
        case = Case(agency_id=person.agency_id, side=person.side, person=person, kind="bail", reference="NS/77",
                    opened_at=world.clock.now(), worker_id=priya_id)  # fmt: skip
        session.add(case)
        await session.flush()
        await conditions.add(world.hub, session, "key:1", case, CONDITION, None)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(minutes=5),
            with_whom="Priya",
            place="1 High St",
            proof_wanted=True,
            worker_id=priya_id,
        )
    await world.push(minutes=6)
    kept = BytesIO()
    Image.new("RGB", (40, 40), "red").save(kept, "PNG")
    line = LINES[Side.SUPERVISION, ChannelKind.SMS]
    media = (Media(kept.getvalue(), "image/png", "a.png"),)
    await world.simulator.text(NUMBER, line, WORDS, media=media, channel=ChannelKind.SMS)
    await world.settle()
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, priya_id)
        conversation = (await session.scalars(select(Conversation))).one()
        await conversations.worker_reply(world.hub, session, priya, conversation, "Hello Quentin")
        await conversations.add_note(world.hub, session, priya, conversation, NOTE)
        await conversations.hand_back(world.hub, session, priya, conversation)
        await runs.invite(world.hub, session, conversation.person, "session_feedback")
    await world.settle()
    return await _closed(world, priya_id)


async def _closed(world: World, worker_id: int) -> Quiet:
    async with world.hub.store.transaction() as session:
        for escalation in await session.scalars(select(Escalation)):
            if escalation.state is not EscalationState.CLOSED:
                await escalations.close(session, escalation, worker_id, "answered", world.clock.now())
        person = (await session.scalars(select(Person))).one()
        return Quiet(
            person=person.ref,
            conversation=(
                await session.scalars(select(Conversation.id).where(Conversation.person_id == person.id))
            ).one(),
            message=(await session.scalars(select(Message.id).order_by(Message.id))).first() or 0,
            appointment=(await session.scalars(select(Appointment.ref))).one(),
            proof=(await session.scalars(select(Proof.ref))).one(),
            media=(await session.scalars(select(MediaFile.id))).one(),
            escalation=(await session.scalars(select(Escalation.ref))).first() or "",
            way=(await session.scalars(select(ContactPoint.id))).one(),
            case=(await session.scalars(select(Case.id))).one(),
        )
