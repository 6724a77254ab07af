"""`handrail appointments`: import, list, what repeats."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import importing, show
from handrail.cli.house import with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Appointments: bring them in from a file, list a day.")


importing.add_command(
    app,
    "appointments",
    "Bring in or move appointments from a CSV file, all or none. Reminders are planned at once; see `handrail plan`.",
)


@app.command("list")
def list_(
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: today.")] = None,
    as_json: show.AsJson = False,
) -> None:
    """The appointments of a day, by reference; no names."""
    found = with_hub(lambda hub: _of_day(hub, day.date() if day else None))
    show.rows(found, as_json=as_json, none="There are no appointments on that day.")


async def _of_day(hub: "Hub", day: date | None) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.reading.wording import APPOINTMENTS
    from hub.store.tables import Appointment
    from hub.times import local

    day = day or local(hub.clock.now(), "Europe/London").date()
    start = datetime.combine(day, time(0), UTC)
    async with hub.store.transaction() as session:
        near = (  # wider than the day, since each agency has a zone of its own
            select(Appointment)
            .where(
                Appointment.starts_at >= start - timedelta(days=1),
                Appointment.starts_at < start + timedelta(days=2),
            )
            .order_by(Appointment.starts_at, Appointment.id)
        )
        return [
            {
                "when": row.starts_at,
                "ref": row.ref,
                "person": row.person.ref,
                "side": row.side,
                "with": row.with_whom,
                "how": row.how,
                "state": APPOINTMENTS[row.state],
                "repeats": row.series_id is not None,
            }
            for row in await session.scalars(near)
            if local(row.starts_at, row.person.agency.time_zone).date() == day
        ]


@app.command("series")
def series(as_json: show.AsJson = False) -> None:
    """The appointments that repeat, by reference: how, since when, until when; no names."""
    show.rows(with_hub(_series), as_json=as_json, none="No appointment repeats.")


async def _series(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import select

    from hub.recurring import pattern_of
    from hub.repeats import in_words
    from hub.store.tables import AppointmentSeries

    async with hub.store.transaction() as session:
        return [
            {
                "ref": row.ref,
                "person": row.person.ref,
                "side": row.side,
                "repeats": in_words(pattern_of(row).repeats),
                "at": f"{row.clock:%H:%M}",
                "with": row.with_whom,
                "left_out": ", ".join(row.left_out),
                "first_on": row.first_on,
                "ended_on": row.ended_on,
            }
            for row in await session.scalars(select(AppointmentSeries).order_by(AppointmentSeries.id))
        ]
