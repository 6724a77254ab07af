"""`handrail people`: import, list, show. Lists name nobody; showing somebody is recorded."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import importing, show
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="People: bring them in, list them, look one up.")


importing.add_command(app, "people", "Bring in people from a CSV file: all of it or, when a row is wrong, nothing.")


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Everybody, by reference; no names."""
    show.rows(with_hub(_people), as_json=as_json, none="There is nobody yet: `handrail people import FILE`.")


async def _people(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.store.tables import ContactPoint, Person

    async with hub.store.transaction() as session:
        ways: dict[int, list[str]] = {}
        for contact in await session.scalars(select(ContactPoint).order_by(ContactPoint.id)):
            ways.setdefault(contact.person_id, []).append(contact.channel)
        people = await session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.id))
        return [
            {
                "ref": person.ref,
                "agency": person.agency.name,
                "side": person.side,
                "role": person.role,
                "language": person.language,
                "channels": ", ".join(ways.get(person.id, [])),
                "known": person.known,
            }
            for person in people
        ]


@app.command("show")
def show_(ref: str, as_json: show.AsJson = False) -> None:
    """One person with their name and ways to be reached. That you looked is recorded."""
    show.rows(with_hub(lambda hub: _person(hub, ref)), as_json=as_json, none="There is no way to reach them.")


async def _person(hub: "Hub", ref: str) -> list[dict[str, Any]]:
    """A row for each way to reach them."""
    from sqlalchemy import select

    from hub.errors import NotFound
    from hub.people import address_of
    from hub.reading.texts import shown_name
    from hub.records import leads_to
    from hub.store import audit
    from hub.store.tables import ContactPoint, Person

    async with hub.store.transaction() as session:
        person = await session.scalar(select(Person).where(leads_to(ref.upper())))
        if person is None:
            raise NotFound(f"({ref})")
        subject = f"person:{person.id}"
        audit.record(session, hub.clock.now(), actor(), "person_viewed", subject, person_id=person.id)
        contacts = await session.scalars(select(ContactPoint).where(ContactPoint.person_id == person.id))
        return [
            {
                "way": contact.id,
                "ref": person.ref,
                "name": shown_name(hub, person),
                "role": person.role,
                "side": person.side,
                "language": person.language,
                "worker": person.worker.name if person.worker else "",
                "channel": contact.channel,
                "address": address_of(hub, person, contact),
                "preferred": contact.preferred,
                "discreet": contact.discreet,
                "marked_safe": contact.marked_safe,
                "safe_contact": contact.safe_state,
                "safe_said_by": contact.safe_said_by,
                "safe_said_at": contact.safe_asked_at,
                "safe_hours": f"{contact.safe_from:%H:%M}-{contact.safe_until:%H:%M}" if contact.safe_from else "",
                "ask_first": contact.ask_first,
                "code_word": contact.code_word_sealed is not None,
                "stopped": contact.stopped_at,
            }
            for contact in contacts
        ]


@app.command("safe")
def safe(
    ref: str,
    way: Annotated[int, typer.Argument(help="Its number, from `handrail people show`.")],
    no: Annotated[bool, typer.Option("--no", help="Not safe any more.")] = False,
) -> None:
    """Say that a way to reach somebody is safe. It may then stand in when another way of theirs fails."""
    with_hub(lambda hub: _mark(hub, ref, way, marked=not no))
    typer.echo(f"Marked as {'not ' if no else ''}safe.")


async def _mark(hub: "Hub", ref: str, way: int, *, marked: bool) -> None:
    """Raises `NotFound` unless it is a way of that person."""
    from sqlalchemy import select

    from hub.errors import NotFound
    from hub.records import leads_to
    from hub.store import audit
    from hub.store.tables import ContactPoint, Person

    async with hub.store.transaction() as session:
        wanted = select(ContactPoint).join(Person, Person.id == ContactPoint.person_id)
        contact = await session.scalar(wanted.where(leads_to(ref.upper()), ContactPoint.id == way))
        if contact is None:
            raise NotFound(f"({ref}, way {way})")
        contact.marked_safe = marked
        what = "way_marked_safe" if marked else "way_not_safe"
        audit.record(
            session, hub.clock.now(), actor(), what, f"contact_point:{contact.id}", person_id=contact.person_id
        )
