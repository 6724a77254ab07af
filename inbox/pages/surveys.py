"""Surveys for staff: what is asked, how it looks, whether it is asked, and what came of it."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.access import READERS
from hub.core import Hub
from hub.reading import survey_definitions as definitions
from hub.reading.outcomes.figure import Cell, Figure
from hub.reading.outcomes.scope import periods, scope, teams
from hub.reading.outcomes.surveys import results as read_results
from hub.reading.survey_words import words
from hub.store import audit
from hub.surveys import publishing
from hub.times import local
from inbox.charts import chart
from inbox.login import Analyst, Supervisor
from inbox.spreadsheet import as_csv
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/surveys")

DONE = {"published": "Published. People can be invited from now on.", "stopped": "Stopped. Nobody is asked any more."}


@router.get("")
async def show_all(request: Request, web: WebDep, me: Analyst) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await definitions.rows(web.hub, session, me.worker)
    return web.page(request, "surveys.html", signed_in=me, rows=rows)


@router.get("/{survey}")
async def show(
    request: Request, web: WebDep, me: Analyst, survey: str, language: str = "en", done: str = ""
) -> HTMLResponse:
    found = definitions.survey_of(web.hub, me.worker, survey)
    async with web.hub.store.transaction() as session:
        view = await definitions.view(web.hub, session, me.worker, found, language)
    facts: dict[str, Any] = {"survey": view, "language": language, "done": DONE.get(done, "")}
    return web.page(request, "survey.html", signed_in=me, checks=definitions.checks(found), **facts)


@router.get("/{survey}/publish")
async def check_publish(request: Request, web: WebDep, me: Supervisor, survey: str) -> HTMLResponse:
    """What is fine and what is not, before anybody is asked."""
    found = definitions.survey_of(web.hub, me.worker, survey)
    async with web.hub.store.transaction() as session:
        view = await definitions.view(web.hub, session, me.worker, found, "en")
    return web.page(request, "survey_publish.html", signed_in=me, survey=view, checks=definitions.checks(found))


@router.post("/{survey}/publish")
async def publish(web: WebDep, me: Supervisor, survey: str) -> Response:
    return await _set(web.hub, me, survey, published=True)


@router.get("/{survey}/stop")
async def check_stop(request: Request, web: WebDep, me: Supervisor, survey: str) -> HTMLResponse:
    """How many that concerns."""
    found = definitions.survey_of(web.hub, me.worker, survey)
    async with web.hub.store.transaction() as session:
        view = await definitions.view(web.hub, session, me.worker, found, "en")
        invited, begun = await publishing.still_open(session, me.worker.team.agency_id, found.name)
    return web.page(request, "survey_stop.html", signed_in=me, survey=view, invited=invited, begun=begun)


@router.post("/{survey}/stop")
async def stop(web: WebDep, me: Supervisor, survey: str) -> Response:
    return await _set(web.hub, me, survey, published=False)


@router.get("/{survey}/results")
async def results(
    request: Request, web: WebDep, me: Analyst, survey: str, team: str = "", period: str = ""
) -> HTMLResponse:
    found = definitions.survey_of(web.hub, me.worker, survey)
    reads_words = me.worker.role in READERS
    async with web.hub.store.transaction() as session:
        chosen = await scope(web.hub, session, me.worker, team, period)
        figures = await read_results(session, chosen, found)
        said = await words(web.hub, session, me.worker, chosen, found) if reads_words else []
        offered = await teams(session, me.worker)
    facts: dict[str, Any] = {
        "name": found.name,
        "title": found.title["en"],
        "results": figures,
        "said": said,
        "reads_words": reads_words,
        "chart": chart,
        "teams": offered,
        "team": team,
        "periods": periods(web.hub.clock.now(), chosen.agency.time_zone),
        "period": chosen.period,
    }
    return web.page(request, "survey_results.html", signed_in=me, **facts)


@router.get("/{survey}/results.csv")
async def export(web: WebDep, me: Analyst, survey: str, team: str = "", period: str = "") -> Response:
    """All figures in one file, one under the other."""
    found = definitions.survey_of(web.hub, me.worker, survey)
    async with web.hub.store.transaction() as session:
        chosen = await scope(web.hub, session, me.worker, team, period)
        figures = (await read_results(session, chosen, found)).figures
        now, actor = web.hub.clock.now(), f"worker:{me.worker.id}"
        audit.record(session, now, actor, "figures_exported", f"survey:{found.name}")
    rows = [row for figure in figures for row in _rows(figure)]
    day = local(now, chosen.agency.time_zone).date()
    return as_csv(f"{found.name}-{chosen.period}-{day}", ("Figure", "Answer", "People", "Share", "Of how many"), rows)


def _rows(figure: Figure) -> Iterator[tuple[Cell, ...]]:
    """Each with its base: that of its own row, else the total of the figure."""
    base = next((row.cells[0] for row in figure.rows if row.sum), "")
    for row in figure.rows:
        people, share, of = (*row.cells, "", "")[:3]
        yield figure.title, row.label, people, share, of or base


async def _set(hub: Hub, me: Supervisor, survey: str, *, published: bool) -> Response:
    found = definitions.survey_of(hub, me.worker, survey)
    async with hub.store.transaction() as session:
        await publishing.set_published(hub, session, me.worker, found.name, published=published)
    return RedirectResponse(f"/surveys/{found.name}?done={'published' if published else 'stopped'}", 303)
