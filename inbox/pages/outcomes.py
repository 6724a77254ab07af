"""What helps: figures with pictures, of a team and a period, each as a table and as CSV. Never by worker."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from hub.reading.outcomes import all as outcomes
from hub.reading.outcomes.scope import periods, scope, teams
from hub.store import audit
from inbox.charts import chart
from inbox.login import Analyst
from inbox.spreadsheet import as_csv
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/outcomes")


@router.get("")
async def show(request: Request, web: WebDep, me: Analyst, team: str = "", period: str = "") -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        chosen = await scope(web.hub, session, me.worker, team, period)
        figures = await outcomes.figures(web.hub, session, chosen)
        offered = await teams(session, me.worker)
    facts: dict[str, Any] = {
        "figures": [figure for figure in figures if figure.rows or not figure.if_any],
        "chart": chart,
        "teams": offered,
        "team": team,
        "periods": periods(web.hub.clock.now(), chosen.agency.time_zone),
        "period": chosen.period,
    }
    return web.page(request, "outcomes.html", signed_in=me, **facts)


@router.get("/{figure}.csv")
async def export(web: WebDep, me: Analyst, figure: str, team: str = "", period: str = "") -> Response:
    async with web.hub.store.transaction() as session:
        chosen = await scope(web.hub, session, me.worker, team, period)
        found = await outcomes.figure(web.hub, session, chosen, figure)
        actor = f"worker:{me.worker.id}"
        audit.record(session, web.hub.clock.now(), actor, "figures_exported", f"figure:{found.key}")
    rows = [(row.label, *row.cells) for row in found.rows]
    return as_csv(f"{found.key}-{chosen.period}", found.columns, rows)
