"""People through the API. Names and numbers come from one GET a person, and each such look is audited."""

from datetime import time
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_contact_record
from hub.addresses import parse_mobile
from hub.errors import NotFound
from hub.people import add_contact, address_of, create_person, name_of
from hub.records import Record, leads_to, stood_for_by
from hub.store.tables import ContactPoint, Person
from hub.words import ROLES_OF, ChannelKind, Side
from inbox.api.asked import Asked, AskedBy
from inbox.api.paging import Cursor, Limit, Page, take_page
from inbox.api.problems import Problem, ProblemRoute
from inbox.api.scope import worker_id
from inbox.api.shapes import Contact, NewPerson, PersonListed, PersonMade, PersonShown

routes = APIRouter(route_class=ProblemRoute, tags=["People"])


@routes.post("/people", status_code=201, response_model=PersonMade)
async def create_a_person(new: NewPerson, asked: Asked) -> JSONResponse:
    """Make a person, with a mobile number where there is one."""
    if new.role not in ROLES_OF[asked.side]:
        raise Problem(422, "role_of_other_side", "This role is not on the side that your key sees.")
    _check_safety(new, asked.side)
    mobile = parse_mobile(new.mobile, fictional=asked.fictional) if new.mobile else None

    async def make(session: AsyncSession) -> PersonMade:
        person = await create_person(
            asked.hub,
            session,
            agency_id=asked.agency_id,
            side=asked.side,
            role=new.role,
            name=new.name,
            preferred_name=new.preferred_name,
            language=new.language,
            worker_id=await worker_id(session, asked, new.worker_email),
            external_ref=new.external_ref,
        )
        if mobile:
            way = await add_contact(asked.hub, session, person, ChannelKind.SMS, mobile.e164, discreet=new.discreet)
            await _say_safe(session, asked, way, new)
        asked.audit(session, "person_created", f"person:{person.id}", person.id)
        return PersonMade(ref=person.ref, role=person.role, language=person.language)

    return await asked.once(201, make)


@routes.get("/people", response_model=Page[PersonListed])
async def list_people(
    asked: Asked,
    external_ref: Annotated[str | None, Query(description="Your reference: finds one person.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PersonListed]:
    """List people without names or numbers; find one by your own reference."""
    wanted = of_scope(asked)
    if external_ref is not None:
        index = asked.hub.vault.index(asked.side, "external", external_ref.strip())
        wanted = wanted.where(stood_for_by(Record.external_index == index))
    async with asked.reading() as session:
        people, following = await take_page(session, wanted, Person.id, limit, cursor)
        asked.audit(session, "people_listed", f"agency:{asked.agency_id}", count=len(people))
        return Page(items=[_listed(person) for person in people], next=following)


@routes.get("/people/{ref}", response_model=PersonShown)
async def show_a_person(ref: str, asked: Asked) -> PersonShown:
    """A person with name, numbers and your reference. The look is recorded."""
    async with asked.reading() as session:
        person = await find_person(session, asked, ref)
        asked.audit(session, "person_viewed", f"person:{person.id}", person.id)
        return PersonShown(
            **_listed(person).model_dump(),
            name=name_of(asked.hub, person),
            external_ref=_external(asked, person),
            contacts=await _contacts(session, asked, person),
        )


def of_scope(asked: AskedBy) -> Select[Person]:
    """Everybody whom a key may see."""
    house = Person.agency_id == asked.agency_id, Person.side == asked.side
    return select(Person).where(*house, Person.merged_into_id.is_(None))


async def find_person(session: AsyncSession, asked: AskedBy, ref: str) -> Person:
    """Raises `NotFound`, for a person of the other side or of another agency too."""
    person = await session.scalar(of_scope(asked).where(leads_to(ref), Person.erased_at.is_(None)))
    if person is None:
        raise NotFound("(person)")
    return person


def _listed(person: Person) -> PersonListed:
    return PersonListed(
        ref=person.ref,
        role=person.role,
        language=person.language,
        worker_email=person.worker.email if person.worker else None,
        created_at=person.created_at,
    )


def _check_safety(new: NewPerson, side: Side) -> None:
    """Raises `Problem` where safe contact is said of somebody of whom it is not asked, or by half."""
    said = (new.safe_contact, new.safe_from, new.safe_until)
    if side is not Side.VICTIMS and any(each is not None for each in said):
        raise Problem(422, "safe_contact_of_victims", "Safe contact is asked of victims only.")
    if (new.safe_from is None) != (new.safe_until is None) or (new.safe_from and new.safe_from == new.safe_until):
        raise Problem(422, "safe_hours", "Give two different times, safe_from and safe_until, or neither.")


async def _say_safe(session: AsyncSession, asked: AskedBy, way: ContactPoint, new: NewPerson) -> None:
    if new.safe_contact is None:
        return
    way.discreet = new.discreet or not new.safe_contact
    if new.safe_from and new.safe_until:
        way.safe_from, way.safe_until = time.fromisoformat(new.safe_from), time.fromisoformat(new.safe_until)
    await safe_contact_record.record(asked.hub, session, asked.actor, way, "import", safe=new.safe_contact)


def _external(asked: AskedBy, person: Person) -> str | None:
    if person.external_sealed is None or person.wrapped_key is None:
        return None
    return asked.hub.vault.open_person_key(person.wrapped_key).open(person.external_sealed, "external")


async def _contacts(session: AsyncSession, asked: AskedBy, person: Person) -> list[Contact]:
    ways = await session.scalars(
        select(ContactPoint).where(ContactPoint.person_id == person.id).order_by(ContactPoint.id)
    )
    return [
        Contact(
            channel=way.channel,
            address=address_of(asked.hub, person, way),
            preferred=way.preferred,
            discreet=way.discreet,
            safe_contact=way.safe_state,
            verified=way.verified_at is not None,
            stopped=way.stopped_at is not None,
        )
        for way in ways
    ]
