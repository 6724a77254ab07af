"""The verb `plan`: what goes out, when and why; what is held back, and why."""

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import with_hub

if TYPE_CHECKING:
    from hub.core import Hub
    from hub.reading.plan import Item

app = typer.Typer()

IN_WORDS = ("held_back_in_words", "waits_because_in_words")


@app.command()
def plan(
    days: Annotated[int, typer.Option(min=1, max=366, help="How far to look.")] = 14,
    person: Annotated[str | None, typer.Option(metavar="REF", help="Of one person only.")] = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of one local day only.")] = None,
    appointment: Annotated[str | None, typer.Option(metavar="REF", help="About one appointment only.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, for a spreadsheet.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """What goes out, when and why. What is held back, and why, stands there too. Names nobody."""
    items = with_hub(lambda hub: _coming(hub, days, person, appointment, day.date() if day else None))
    if as_csv:
        _write_csv(items)
    elif as_json:
        show.rows([_whole(item) for item in items], as_json=True, none="")
    else:
        show.rows([_short(item) for item in items], as_json=False, none=f"Nothing goes out in the next {days} days.")
        held, later = sum(bool(item.held_back) for item in items), sum(bool(item.waits_because) for item in items)
        typer.echo(f"{len(items) - held} to go out{f', {later} of them later' if later else ''}, {held} held back.")


async def _coming(hub: "Hub", days: int, person: str | None, appointment: str | None, day: date | None) -> "list[Item]":
    from hub.reading.plan import Only, coming

    async with hub.store.transaction() as session:
        return await coming(hub, session, days=days, only=Only(person, appointment, day))


def _whole(item: "Item") -> dict[str, Any]:
    return asdict(item) | {name: getattr(item, name) for name in IN_WORDS}


def _short(item: "Item") -> dict[str, Any]:
    return {
        "when": item.due_at,
        "person": item.person_ref,
        "by": item.channel or "-",
        "what": item.what,
        "why": item.why,
        "held back because": item.held_back_in_words,
        "waits because": item.waits_because_in_words,
    }


def _write_csv(items: "list[Item]") -> None:
    import csv
    import sys

    from hub.reading.plan import Item

    titles = [*Item.__dataclass_fields__, *IN_WORDS]
    out = csv.DictWriter(sys.stdout, titles, lineterminator="\n")
    out.writeheader()
    out.writerows(_whole(item) for item in items)
