"""Several conversations at once: what is about to happen to which, then it is done, row by row.

Only what is asked here is needed to act: one conversation is taken without a question.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from hub import in_bulk
from hub.in_bulk import Act
from hub.reading import inbox
from hub.reading.inbox_rows import Row
from inbox.list_query import last_list
from inbox.login import CaseWorker, set_cookie
from inbox.pages.conversation import OUTCOMES
from inbox.pages.inbox_list import VERBS, list_page
from inbox.results import SECONDS, TOLD, as_codes
from inbox.web import Web, WebDep
from inbox.when import LATER, NotADay, until_of

router = APIRouter(include_in_schema=False, prefix="/inbox/several")

NONE_CHOSEN = "Select at least one conversation."


class Missing(ValueError):
    """(field, what to tell) of an answer that is needed first."""


@router.post("")
async def check(request: Request, web: WebDep, me: CaseWorker) -> Response:
    """What is about to happen. Taking one is done at once: it can be given back."""
    form = await request.form()
    verb, ids = str(form.get("verb", "")), _numbers(form, "item")
    if verb not in VERBS or not ids:
        return await _none_chosen(request, web, me)
    async with web.hub.store.transaction() as session:
        rows = await inbox.chosen(web.hub, session, me.worker, ids)
        if verb == "take" and len(ids) == 1:
            seen = frozenset(ref for row in rows for ref in row.seen)
            results = await in_bulk.do(web.hub, session, me.worker, in_bulk.take, ids, seen)
            return _back(request, web, as_codes(verb, results))
        return await _page(request, web, me, session, verb, rows)


@router.post("/done")
async def do(request: Request, web: WebDep, me: CaseWorker) -> Response:
    form = await request.form()
    verb, ids = str(form.get("verb", "")), _numbers(form, "item")
    if verb not in VERBS or not ids:
        return await _none_chosen(request, web, me)
    seen = frozenset(str(ref) for ref in form.getlist("seen"))
    async with web.hub.store.transaction() as session:
        try:
            act = await _act(web, session, me, verb, form)
        except Missing as missing:
            rows = await inbox.chosen(web.hub, session, me.worker, ids)
            field, words = missing.args
            return await _page(request, web, me, session, verb, rows, {field: words}, form)
        results = await in_bulk.do(web.hub, session, me.worker, act, ids, seen)
    return _back(request, web, as_codes(verb, results))


async def _none_chosen(request: Request, web: Web, me: CaseWorker) -> HTMLResponse:
    return await list_page(request, web, me, last_list(request), errors={"item": NONE_CHOSEN}, status=422)


async def _act(web: Web, session: AsyncSession, me: CaseWorker, verb: str, form: FormData) -> Act:
    """What the form asks for. Raises `Missing`."""
    if verb == "take":
        return in_bulk.take
    if verb == "close":
        outcome = str(form.get("outcome", ""))
        if outcome not in OUTCOMES:
            raise Missing("outcome", "Say how it ended, so that colleagues can see it.")
        return in_bulk.close(outcome)
    if verb == "assign":
        numbers = _numbers(form, "worker")
        if not numbers:
            raise Missing("worker", "Select who gets them.")
        return in_bulk.assign(await in_bulk.colleague(session, me.worker, numbers[0]))
    try:
        return in_bulk.put_aside(until_of(form, me.worker.team.agency, web.hub.clock.now()))
    except NotADay as wrong:
        raise Missing("until-day" if form.get("later") == "date" else "later", str(wrong)) from None


async def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    session: AsyncSession,
    verb: str,
    rows: list[Row],
    errors: dict[str, str] | None = None,
    typed: FormData | None = None,
) -> HTMLResponse:
    people = await in_bulk.colleagues(session, me.worker)
    facts: dict[str, Any] = {
        "verb": verb,
        "words": VERBS[verb],
        "rows": rows,
        "colleagues": [
            (str(each.id), f"{each.name} (you)" if each.id == me.worker.id else each.name) for each in people.values()
        ],
        "outcomes": OUTCOMES,
        "later": LATER,
        "back": last_list(request).address,
        "errors": errors or {},
        "typed": typed or {},
    }
    return web.page(request, "several.html", signed_in=me, status=422 if errors else 200, **facts)


def _back(request: Request, web: Web, codes: str) -> RedirectResponse:
    """To the list, which says what became of each."""
    answer = RedirectResponse(last_list(request).address, 303)
    set_cookie(answer, web.settings, TOLD, codes, seconds=SECONDS)
    return answer


def _numbers(form: FormData, name: str) -> list[int]:
    given = [str(each) for each in form.getlist(name)]
    return [int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 18][: in_bulk.MOST]
