"""People and how to reach them: making, finding, reading what is sealed. Knows nothing of what is said to them."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.anonymise import form
from hub.core import Hub
from hub.errors import SharedNumber
from hub.nudges.planner import replan_all
from hub.safe_contact import SUBJECT as SAFE_CONTACT
from hub.safe_contact import forbidden, is_silent, say_safe
from hub.store.loading import TO_TALK
from hub.store.refs import new_ref
from hub.store.tables import ContactPoint, Conversation, Line, Person, Team, Worker
from hub.words import ChannelKind, Role, Side, WorkerRole


async def create_person(
    hub: Hub,
    session: AsyncSession,
    *,
    agency_id: int,
    side: Side,
    role: Role,
    name: str,
    preferred_name: str | None = None,
    language: str = "en",
    worker_id: int | None = None,
    external_ref: str | None = None,
    known: bool = True,
) -> Person:
    """A new person with a key of their own."""
    wrapped = hub.vault.new_person_key()
    key = hub.vault.open_person_key(wrapped)
    person = Person(
        ref=new_ref(),
        agency_id=agency_id,
        side=side,
        role=role,
        wrapped_key=wrapped,
        name_sealed=key.seal(name, "name") if name else None,
        name_index=index_of_name(hub, side, name),
        preferred_name_sealed=key.seal(preferred_name, "name") if preferred_name else None,
        external_index=hub.vault.index(side, "external", external_ref) if external_ref else None,
        external_sealed=key.seal(external_ref, "external") if external_ref else None,
        language=language,
        worker_id=worker_id,
        known=known,
        created_at=hub.clock.now(),
    )
    session.add(person)
    await session.flush()
    await session.refresh(person, ["agency", "worker"])
    return person


async def add_contact(
    hub: Hub,
    session: AsyncSession,
    person: Person,
    channel: ChannelKind,
    address: str,
    *,
    discreet: bool = False,
    preferred: bool = True,
    safe_by: str = "",
) -> ContactPoint:
    """A way to reach a person; the same again changes nothing. `address` is E.164, a chat id or a chat token.

    On the victims' side `safe_by` says who has told that it is safe (a key of `hub.safe_contact.SAID_BY`). Without it
    the person is asked, and words are careful until they have answered.

    Raises
    ------
    SharedNumber
        when the address is another person's on the same side.
    """
    found = await find_contact(hub, session, person.side, channel, address)
    if found and found.person_id != person.id:
        raise SharedNumber
    if found:
        return found
    contact = ContactPoint(
        person_id=person.id,
        side=person.side,
        channel=channel,
        address_index=hub.vault.index(person.side, channel, address),
        address_sealed=hub.vault.open_person_key(person.wrapped_key or b"").seal(address, "address"),
        preferred=preferred,
        discreet=discreet or (person.side is Side.VICTIMS and not safe_by),
        created_at=hub.clock.now(),
    )
    session.add(contact)
    await session.flush()
    if person.side is Side.VICTIMS:
        if safe_by:
            say_safe(contact, safe_by, hub.clock.now())
        await replan_all(hub, session, SAFE_CONTACT, [contact.id])
    return contact


async def find_contact(
    hub: Hub, session: AsyncSession, side: Side, channel: ChannelKind, address: str
) -> ContactPoint | None:
    found: ContactPoint | None = await session.scalar(
        select(ContactPoint).where(
            ContactPoint.side == side,
            ContactPoint.channel == channel,
            ContactPoint.address_index == hub.vault.index(side, channel, address),
        )
    )
    return found


async def conversation_for(session: AsyncSession, person: Person) -> Conversation | None:
    """The conversation to start in: made when it is not there yet. None when there is no way to reach the person."""
    way = await way_to(session, person)
    return await conversation_on(session, person, *way) if way else None


async def way_to(session: AsyncSession, person: Person) -> tuple[Line, ContactPoint] | None:
    """The preferred way that is not stopped, on the agency's line of that side."""
    ways = await session.scalars(
        select(ContactPoint)
        .where(ContactPoint.person_id == person.id)
        .order_by(is_silent(), ContactPoint.preferred.desc(), ContactPoint.id)
    )
    for contact in ways:
        line = await _line_to(session, person, contact)
        if line:
            return line, contact
    return None


async def use_first(session: AsyncSession, person: Person, way: ContactPoint) -> None:
    """Messages start here from now on, also in a conversation that went to another number on the same line."""
    theirs = update(ContactPoint).where(ContactPoint.person_id == person.id)
    await session.execute(theirs.values(preferred=False))
    way.preferred = True
    here = select(Line.id).where(Line.channel == way.channel, Line.side == way.side)
    talks = update(Conversation).where(Conversation.person_id == person.id, Conversation.line_id.in_(here))
    await session.execute(talks.values(contact_point_id=way.id))


async def conversation_with(session: AsyncSession, person: Person, contact: ContactPoint) -> Conversation | None:
    """The conversation in which this very address is spoken with; None when no line of ours reaches it."""
    line = await _line_to(session, person, contact)
    return await conversation_on(session, person, line, contact) if line else None


async def _line_to(session: AsyncSession, person: Person, contact: ContactPoint) -> Line | None:
    found: Line | None = await session.scalar(
        select(Line)
        .where(
            Line.agency_id == person.agency_id,
            Line.side == person.side,
            Line.channel == contact.channel,
            Line.enabled,
        )
        .order_by(Line.id)
        .limit(1)
    )
    return found


async def conversation_on(session: AsyncSession, person: Person, line: Line, contact: ContactPoint) -> Conversation:
    """The conversation of a person on a line, made when it is not there yet."""
    found: Conversation | None = await session.scalar(
        select(Conversation)
        .where(Conversation.person_id == person.id, Conversation.line_id == line.id)
        .options(*TO_TALK)
    )
    if found:
        if forbidden(found.contact_point) and not forbidden(contact):  # that one is not used any more
            found.contact_point_id, found.contact_point = contact.id, contact
        return found
    conversation = Conversation(
        person_id=person.id,
        line_id=line.id,
        side=person.side,
        contact_point_id=contact.id,
        person=person,
        line=line,
        contact_point=contact,
    )
    session.add(conversation)
    await session.flush()
    return conversation


async def diaries(session: AsyncSession, team: Team) -> Sequence[Worker]:
    """Whose diary an appointment can be in: everybody of the agency and side who meets people."""
    found = await session.scalars(
        select(Worker)
        .join(Team, Team.id == Worker.team_id)
        .where(
            Team.agency_id == team.agency_id,
            Team.side == team.side,
            Worker.role.in_((WorkerRole.WORKER, WorkerRole.SUPERVISOR, WorkerRole.PROVIDER)),
            Worker.disabled_at.is_(None),
        )
        .order_by(Worker.name, Worker.id)
    )
    return found.unique().all()


def index_of_name(hub: Hub, side: Side, name: str) -> bytes | None:
    """Of its words in any order, without accents. One word says too little to find anybody by: empty."""
    words = sorted(filter(None, map(form, name.replace(",", " ").split())))
    if not words:
        return None
    return hub.vault.index(side, "name", " ".join(words)) if len(words) > 1 else b""


def name_of(hub: Hub, person: Person) -> str:
    """The full name; empty for somebody unknown or erased."""
    if person.wrapped_key is None or person.name_sealed is None:
        return ""
    return hub.vault.open_person_key(person.wrapped_key).open(person.name_sealed, "name")


def address_of(hub: Hub, person: Person, contact: ContactPoint) -> str:
    if person.wrapped_key is None:
        return ""
    return hub.vault.open_person_key(person.wrapped_key).open(contact.address_sealed, "address")
