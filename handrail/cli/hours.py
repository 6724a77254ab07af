"""`handrail hours`: when people may be texted. What is planned already is planned again."""

from datetime import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Hours for texts, time zones, bank holidays: of an agency, of one person.")

From = Annotated[str, typer.Option("--from", metavar="HH:MM", help="The first minute at which texts may go out.")]
Until = Annotated[str, typer.Option("--until", metavar="HH:MM", help="The first one at which they may not.")]


@app.command("agency")
def of_agency(
    agency: show.AgencyName = "",
    start: From = "",
    end: Until = "",
    time_zone: Annotated[str, typer.Option(help="Such as Europe/London.")] = "",
    holidays: Annotated[str, typer.Option(help="Bank holidays: ENG, WLS, SCT or NIR.")] = "",
) -> None:
    """Set the hours, the zone or the bank holidays of an agency."""
    wanted = {"contact_from": _clock(start), "contact_until": _clock(end), "time_zone": time_zone, "holidays": holidays}
    given = {name: value for name, value in wanted.items() if value not in (None, "")}
    if not given:
        raise wrong_usage("Say what to set: --from, --until, --time-zone or --holidays.")
    typer.echo(f"Done. {with_hub(lambda hub: _agency(hub, agency, given))} texts are planned for these hours.")


@app.command("person")
def of_person(ref: str, start: From = "", end: Until = "", time_zone: str = "") -> None:
    """Set one person's safe hours, on all their addresses, or the zone that they live in."""
    if not (start or end or time_zone):
        raise wrong_usage("Say what to set: --from with --until, or --time-zone.")
    hours = (_clock(start), _clock(end))
    typer.echo(f"Done. {with_hub(lambda hub: _person(hub, ref, hours, time_zone))} texts are planned for these hours.")


async def _agency(hub: "Hub", name: str, given: dict[str, Any]) -> int:
    """Raises `NotFound` or `BadHours`."""
    from handrail.cli.lookup import agency as find_agency
    from hub import contact_hours

    async with hub.store.transaction() as session:
        found = await find_agency(session, name)
        return (await contact_hours.set_for_agency(hub, session, actor(), found, **given)).planned


async def _person(hub: "Hub", ref: str, hours: tuple[time | None, time | None], time_zone: str) -> int:
    """Raises `NotFound` or `BadHours`."""
    from sqlalchemy import select

    from hub import contact_hours
    from hub.errors import NotFound
    from hub.records import leads_to
    from hub.store.tables import ContactPoint, Person

    async with hub.store.transaction() as session:
        person = await session.scalar(select(Person).where(leads_to(ref.upper())))
        if person is None:
            raise NotFound(f"({ref})")
        planned = 0
        if time_zone:
            planned = (await contact_hours.set_time_zone(hub, session, actor(), person, time_zone)).planned
        mine = select(ContactPoint).where(ContactPoint.person_id == person.id)
        for contact in (await session.scalars(mine)).all() if any(hours) else ():
            planned = (await contact_hours.set_safe_window(hub, session, actor(), contact, *hours)).planned
        return planned


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise wrong_usage(f"{text} is no time of day: write 08:00.") from None
