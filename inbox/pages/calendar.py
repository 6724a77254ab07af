"""Calendar links: made and revoked by a worker, read by a calendar program with the token alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import calendar_feeds
from hub.calendar_feeds import Scope
from hub.errors import LinkDoesNotWork
from hub.reading.calendar import entries
from hub.times import say_when
from hub.words import WorkerRole
from inbox.calendar_file import calendar
from inbox.login import Reader
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/calendar")

SCOPES = {Scope.MINE: "My appointments", Scope.TEAM: "My team’s appointments"}
Word = Annotated[str, Form(max_length=100)]


@router.get("")
async def show(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    return await _page(request, web, me)


@router.post("")
async def make(request: Request, web: WebDep, me: Reader, scope: Word = "", names: Word = "") -> HTMLResponse:
    """The link is shown on this one page, and never again."""
    if scope not in _scopes(me):
        return await _page(request, web, me, errors={"scope": "Select whose appointments the link shows."})
    async with web.hub.store.transaction() as session:
        token = await calendar_feeds.make(web.hub, session, me.worker, Scope(scope), names=names == "yes")
    return await _page(request, web, me, link=f"{web.settings.public_url}/calendar/feeds/{token}.ics")


@router.post("/{ref}/revoke")
async def revoke(web: WebDep, me: Reader, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        await calendar_feeds.revoke(web.hub, session, me.worker, ref)
    return RedirectResponse("/calendar", 303)


@router.get("/feeds/{token}")
async def feed(web: WebDep, token: str) -> Response:
    """What a calendar program asks for, again and again."""
    if not token.endswith(".ics"):
        raise LinkDoesNotWork
    async with web.hub.store.transaction() as session:
        found = await calendar_feeds.find(web.hub, session, token.removesuffix(".ics"))
        shown, name = await entries(web.hub, session, found), SCOPES[Scope(found.scope)]
    content = calendar(shown, name, web.settings.public_url, web.hub.clock.now())
    headers = {"Content-Disposition": 'attachment; filename="appointments.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _scopes(me: Reader) -> dict[Scope, str]:
    everybody = me.worker.role is WorkerRole.SUPERVISOR
    return {scope: words for scope, words in SCOPES.items() if everybody or scope is Scope.MINE}


async def _page(
    request: Request, web: Web, me: Reader, *, link: str = "", errors: dict[str, str] | None = None
) -> HTMLResponse:
    zone = me.worker.team.agency.time_zone
    async with web.hub.store.transaction() as session:
        feeds = await calendar_feeds.of_worker(session, me.worker)
        rows = [
            {
                "ref": each.ref,
                "scope": SCOPES[Scope(each.scope)],
                "names": each.names,
                "made": say_when(each.made_at, zone),
                "read": say_when(each.read_at, zone) if each.read_at else "",
            }
            for each in feeds
        ]
    facts: dict[str, Any] = {"rows": rows, "scopes": _scopes(me), "link": link, "errors": errors or {}}
    return web.page(request, "calendar.html", status=422 if errors else 200, signed_in=me, **facts)
