"""The inbox: what needs attention, mine, nobody's, waiting for a reply, done; filtered, ordered, with views kept."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import duties, in_bulk, saved_views
from hub.errors import NotAllowed
from hub.reading import inbox
from hub.reading.inbox import View
from hub.reading.wording import until_words
from hub.words import WorkerRole
from inbox import list_query, results
from inbox.list_query import LAST_LIST, ListQuery, last_list
from inbox.login import CaseWorker, Reader, set_cookie
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/inbox")

TITLES = {
    View.ATTENTION: "Needs attention",
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.WAITING: "Waiting for reply",
    View.DONE: "Done",
}
EMPTY = {
    View.ATTENTION: "Nothing needs attention now. New messages that need a person will appear here.",
    View.MINE: "You have no conversations yet. Your caseload appears here once they have been sent a text.",
    View.UNASSIGNED: "Everybody has a worker. People whom nobody knows yet appear here when they write.",
    View.WAITING: "We are not waiting for anybody. People appear here while we wait for an answer.",
    View.DONE: "Nothing has been closed yet. Conversations appear here when their last reason is closed.",
}
NARROW = "Nothing here fits your filters. Remove one of them to see more."
VERBS = {"take": "Take", "assign": "Assign", "aside": "Put aside", "close": "Close"}


@router.get("")
async def show(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    query = list_query.read(request.query_params)
    page = await list_page(request, web, me, query)
    set_cookie(page, web.settings, LAST_LIST, query.codes)
    results.forget(page, request)
    return page


@router.get("/new")
async def news(request: Request, web: WebDep, me: Reader, since: datetime) -> HTMLResponse:
    """The part "3 new – show": rows never move by themselves under somebody's finger."""
    query = list_query.read(request.query_params)
    async with web.hub.store.transaction() as session:
        number = await inbox.count_new(web.hub, session, me.worker, query.view, since, query.filters)
    return web.page(request, "parts/inbox_new.html", signed_in=me, query=query, number=number)


@router.get("/next")
async def following(request: Request, web: WebDep, me: Reader, after: str) -> RedirectResponse:
    """The conversation below this one in the list that was seen last; the list itself after its end."""
    query = last_list(request)
    async with web.hub.store.transaction() as session:
        ref = await inbox.following(web.hub, session, me.worker, query.view, query.filters, after)
    return RedirectResponse(f"/people/{ref}/messages" if ref else query.address, 303)


@router.post("/views")
async def save_view(
    request: Request, web: WebDep, me: CaseWorker, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    query = last_list(request)
    try:
        async with web.hub.store.transaction() as session:
            await saved_views.save(session, me.worker, name, query.codes)
    except NotAllowed as refused:
        errors = {"name": refused.detail}
        return await list_page(request, web, me, query, errors=errors, typed=name, status=422)
    return RedirectResponse(query.address, 303)


@router.post("/views/{number}/remove")
async def remove_view(request: Request, web: WebDep, me: CaseWorker, number: int) -> RedirectResponse:
    async with web.hub.store.transaction() as session:
        await saved_views.remove(session, me.worker, number)
    return RedirectResponse(last_list(request).address, 303)


async def list_page(
    request: Request,
    web: Web,
    me: Reader,
    query: ListQuery,
    *,
    errors: dict[str, str] | None = None,
    typed: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The list as a whole page; `errors` by field, `typed` is a name that was refused."""
    now, zone = web.hub.clock.now(), me.worker.team.agency.time_zone
    async with web.hub.store.transaction() as session:
        colleagues = {number: each.name for number, each in (await in_bulk.colleagues(session, me.worker)).items()}
        facts: dict[str, Any] = {
            "found": await inbox.page(web.hub, session, me.worker, query.view, query.page, query.filters),
            "views": await saved_views.of_worker(session, me.worker),
            "duty": [
                (each.worker.name, until_words(each.ends_at, now, zone))
                for each in await duties.on_duty(session, me.worker.team_id, now)
            ],
            "said": await results.said(request, session, me.worker),
        }
    facts |= {
        "query": query,
        "titles": TITLES,
        "empty": NARROW if query.filters.narrow else EMPTY[query.view],
        "choices": list_query.choices(query, colleagues),
        "tags": query.tags({0: "Nobody"} | colleagues),
        "orders": list_query.ORDERS,
        "verbs": VERBS if me.worker.role is not WorkerRole.PROVIDER else {},
        "errors": errors or {},
        "typed": typed,
    }
    return web.page(request, "inbox.html", signed_in=me, since=now.isoformat(), status=status, **facts)
