"""Proofs of attendance: the lists, and one to accept, to reject with a reason, or to ask for again."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import proofs as hub_proofs
from hub.access import access_proof
from hub.reading import proofs
from hub.reading.proofs import View
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/proofs")

Word = Annotated[str, Form(max_length=100)]
TABS = {
    View.CHECK: "To check",
    View.ACCEPTED: "Accepted",
    View.REJECTED: "Not accepted",
    View.NEVER: "Never given",
}
EMPTY = {
    View.CHECK: "There is nothing to check. Photos appear here when people send them; a right code needs no check.",
    View.ACCEPTED: "No proof has been accepted yet.",
    View.REJECTED: "No proof has been rejected.",
    View.NEVER: "Everybody who was asked for proof has given it.",
}
DONE = {"accepted": "Accepted. We tell them.", "rejected": "Not accepted. We tell them why.", "asked": "Asked again."}


@router.get("")
async def show_all(
    request: Request, web: WebDep, me: Reader, view: View = View.CHECK, done: str = "", was: str = ""
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await proofs.rows(web.hub, session, me.worker, view)
        counts = await proofs.counts(session, me.worker)
    facts: dict[str, Any] = {"rows": rows, "counts": counts, "tabs": TABS, "view": view, "empty": EMPTY[view]}
    return web.page(request, "proofs.html", signed_in=me, done=_done(done, counts[View.CHECK]), was=was, **facts)


@router.get("/{ref}")
async def show(request: Request, web: WebDep, me: Reader, ref: str, done: str = "", was: str = "") -> HTMLResponse:
    return await _page(request, web, me, ref, done=done, was=was)


@router.post("/{ref}")
async def decide(
    request: Request, web: WebDep, me: Reader, ref: str, decision: Word = "", reason: Word = ""
) -> Response:
    """Accept or reject, and on to the one that waits longest."""
    errors = _errors(decision, reason)
    if errors:
        return await _page(request, web, me, ref, errors=errors, decision=decision, status=422)
    async with web.hub.store.transaction() as session:
        proof = await access_proof(web.hub, session, me.worker, ref, lock=True)
        if decision == "accept":
            await hub_proofs.accept(web.hub, session, me.worker, proof)
        else:
            await hub_proofs.reject(web.hub, session, me.worker, proof, reason)
        following = await proofs.next_to_check(session, me.worker)
    where = f"/proofs/{following}" if following else "/proofs"
    return RedirectResponse(f"{where}?done={decision}ed&was={ref}", 303)


@router.post("/{ref}/again")
async def ask_again(web: WebDep, me: Reader, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        proof = await access_proof(web.hub, session, me.worker, ref, lock=True)
        await hub_proofs.ask_again(web.hub, session, me.worker, proof)
    return RedirectResponse(f"/proofs/{ref}?done=asked", 303)


def _errors(decision: str, reason: str) -> dict[str, str]:
    if decision not in {"accept", "reject"}:
        return {"decision": "Select whether it counts."}
    if decision == "reject" and reason not in proofs.REASONS:
        return {"reason": "Select why it does not count. The person is told."}
    return {}


def _done(done: str, waiting: int) -> str:
    """What has just been done, and how many are left."""
    if done not in DONE:
        return ""
    return DONE[done] if done == "asked" else f"{DONE[done]} {waiting or 'No'} more to check."


async def _page(
    request: Request,
    web: WebDep,
    me: Reader,
    ref: str,
    *,
    errors: dict[str, str] | None = None,
    decision: str = "",
    done: str = "",
    was: str = "",
    status: int = 200,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        proof = await access_proof(web.hub, session, me.worker, ref, viewing="proof_viewed")
        found = await proofs.view(web.hub, session, proof)
        waiting = (await proofs.counts(session, me.worker))[View.CHECK]
    facts: dict[str, Any] = {"proof": found, "reasons": proofs.REASONS, "errors": errors or {}, "decision": decision}
    done = _done(done, waiting)
    return web.page(request, "proof.html", status=status, signed_in=me, done=done, was=was, **facts)
