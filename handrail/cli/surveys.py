"""`handrail surveys`: list, invite. Names nobody; whoever may not be asked is not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.house import actor, with_hub

if TYPE_CHECKING:
    from hub.core import Hub

app = typer.Typer(help="Surveys: what can be asked and how many answered; inviting people.")


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Every survey, with how many were asked and how many answered."""
    show.rows(
        with_hub(_surveys), as_json=as_json, none="There are no surveys: add a file in flows/surveys/definitions/."
    )


@app.command("invite")
def invite(
    survey: Annotated[str, typer.Argument(help="The file's name in flows/surveys/definitions/, without .yml.")],
    people: Annotated[list[str] | None, typer.Argument(help="References of people.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A file with one reference a line.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who would be asked.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """Ask people to take part. Whom a rule leaves out is not asked, and the reason stands beside them."""
    refs = [*(people or []), *(file.read_text(encoding="utf-8").split() if file else [])]
    found = with_hub(lambda hub: _invite(hub, survey, refs, dry_run=dry_run))
    show.rows(found, as_json=as_json, none="Nobody was named: give references, or --file.")


async def _surveys(hub: "Hub") -> list[dict[str, Any]]:
    from sqlalchemy import func, select

    from hub.states import SurveyState
    from hub.store.tables import SurveyRun

    done = func.count().filter(SurveyRun.state == SurveyState.COMPLETED)
    asked = func.count().filter(SurveyRun.state != SurveyState.WITHDRAWN)
    async with hub.store.transaction() as session:
        rows = await session.execute(select(SurveyRun.survey, asked, done).group_by(SurveyRun.survey))
        counts = {name: (number, answered) for name, number, answered in rows}
    return [
        {"survey": name, "side": each.side, "questions": len(each.questions)}
        | dict(zip(("asked", "answered"), counts.get(name, (0, 0)), strict=True))
        for name, each in hub.flows.surveys.items()
    ]


async def _invite(hub: "Hub", survey: str, refs: list[str], *, dry_run: bool) -> list[dict[str, Any]]:
    """Each person in a transaction of their own: one who cannot be asked holds up nobody."""
    return [await _one(hub, survey, ref.upper(), dry_run=dry_run) for ref in dict.fromkeys(refs)]


async def _one(hub: "Hub", survey: str, ref: str, *, dry_run: bool) -> dict[str, Any]:
    from sqlalchemy import select

    from hub.errors import NotFound
    from hub.records import leads_to
    from hub.store.tables import Person
    from hub.surveys import exclusions, inviting

    async with hub.store.transaction() as session:
        person = await session.scalar(select(Person).where(leads_to(ref)))
        known = hub.flows.surveys.get(survey)
        if person is None or known is None or known.side is not person.side:
            raise NotFound(f"({survey if known is None else ref})")
        if dry_run:
            reasons = await exclusions.reasons(hub, session, person, survey)
        else:
            reasons = list((await inviting.invite(hub, session, actor(), person, survey)).reasons)
        done = "would be asked" if dry_run else "asked"
        return {
            "ref": person.ref,
            "survey": survey,
            "done": "not asked" if reasons else done,
            "why": ", ".join(reasons),
        }
