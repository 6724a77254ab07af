"""Check-ins: the lists, and one to look at, to ring about, to send again."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import check_in_work
from hub.access import access_check_in
from hub.check_in_work import CALLS, Call
from hub.errors import MoveNotAllowed
from hub.reading import check_ins
from hub.reading.check_ins import View
from inbox.login import CaseWorker
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/check-ins")

Word = Annotated[str, Form(max_length=100)]
Words = Annotated[str, Form(max_length=check_in_work.LONGEST_NOTE)]
TABS = {View.ATTENTION: "Needs attention", View.REVIEWED: "Reviewed", View.AWAITING: "Awaiting"}
EMPTY = {
    View.ATTENTION: "Nothing needs your attention. Answers and check-ins that nobody answered appear here.",
    View.REVIEWED: "You have not looked at any check-in yet.",
    View.AWAITING: "No check-in is waiting for an answer.",
}
DONE = {
    "reviewed": "Marked as looked at.",
    "spoke": "Your call is noted, and the check-in marked as looked at.",
    "no_answer": "Noted that nobody answered.",
    "later": "It is in the inbox now: “Asked for a call”.",
    "again": "Sent again.",
}


@router.get("")
async def show_all(
    request: Request, web: WebDep, me: CaseWorker, view: View = View.ATTENTION, done: str = ""
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await check_ins.rows(web.hub, session, me.worker, view)
        counts = await check_ins.counts(web.hub, session, me.worker)
    facts: dict[str, Any] = {"rows": rows, "counts": counts, "tabs": TABS, "view": view, "empty": EMPTY[view]}
    return web.page(request, "check_ins.html", signed_in=me, done=DONE.get(done, ""), **facts)


@router.get("/{number}")
async def show(request: Request, web: WebDep, me: CaseWorker, number: int, done: str = "") -> HTMLResponse:
    return await _page(request, web, me, number, done=DONE.get(done, ""))


@router.post("/{number}/review")
async def review(request: Request, web: WebDep, me: CaseWorker, number: int, note: Words = "") -> Response:
    async with web.hub.store.transaction() as session:
        check_in = await access_check_in(web.hub, session, me.worker, number, lock=True)
        found = await check_ins.view(web.hub, session, check_in)
        missing = found.row.missed and not note.strip()
        if not missing:
            await check_in_work.review(web.hub, session, me.worker, check_in, note)
    if missing:
        errors = {"note": "Write down what you did about it: nobody answered."}
        return await _page(request, web, me, number, errors=errors, status=422)
    return RedirectResponse("/check-ins?done=reviewed", 303)


@router.post("/{number}/call")
async def call(
    request: Request, web: WebDep, me: CaseWorker, number: int, reached: Word = "", words: Words = ""
) -> Response:
    if reached not in set(Call):
        errors, typed = {"reached": "Select what happened."}, {"words": words}
        return await _page(request, web, me, number, errors=errors, typed=typed, status=422)
    async with web.hub.store.transaction() as session:
        check_in = await access_check_in(web.hub, session, me.worker, number, lock=True)
        await check_in_work.record_call(web.hub, session, me.worker, check_in, Call(reached), words)
    return RedirectResponse(f"/check-ins/{number}?done={reached}", 303)


@router.get("/{number}/again")
async def check_again(request: Request, web: WebDep, me: CaseWorker, number: int) -> HTMLResponse:
    """What would be sent."""
    async with web.hub.store.transaction() as session:
        check_in = await access_check_in(web.hub, session, me.worker, number, viewing="check_in_viewed")
        found = await check_ins.view(web.hub, session, check_in)
    if found.again is None:
        raise MoveNotAllowed
    return web.page(request, "check_in_again.html", signed_in=me, check_in=found)


@router.post("/{number}/again")
async def send_again(web: WebDep, me: CaseWorker, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        check_in = await access_check_in(web.hub, session, me.worker, number, lock=True)
        await check_in_work.send_again(web.hub, session, me.worker, check_in)
    return RedirectResponse(f"/check-ins/{number}?done=again", 303)


async def _page(
    request: Request,
    web: WebDep,
    me: CaseWorker,
    number: int,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    done: str = "",
    status: int = 200,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        check_in = await access_check_in(web.hub, session, me.worker, number, viewing="check_in_viewed")
        found = await check_ins.view(web.hub, session, check_in)
    facts: dict[str, Any] = {"errors": errors or {}, "typed": typed or {}, "calls": CALLS, "done": done}
    return web.page(request, "check_in.html", status=status, signed_in=me, check_in=found, **facts)
