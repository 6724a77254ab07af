"""Proofs of attendance: the list, and one to accept or reject with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import proofs as hub_proofs
from hub.access import access_proof
from hub.reading import proofs
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/proofs")

Word = Annotated[str, Form(max_length=100)]


@router.get("")
async def show_all(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await proofs.rows(web.hub, session, me.worker)
    return web.page(request, "proofs.html", signed_in=me, rows=rows)


@router.get("/{ref}")
async def show(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    return await _page(request, web, me, ref)


@router.post("/{ref}")
async def decide(
    request: Request, web: WebDep, me: Reader, ref: str, decision: Word = "", reason: Word = ""
) -> Response:
    errors = _errors(decision, reason)
    if errors:
        return await _page(request, web, me, ref, errors=errors, decision=decision, status=422)
    async with web.hub.store.transaction() as session:
        proof = await access_proof(web.hub, session, me.worker, ref, lock=True)
        if decision == "accept":
            await hub_proofs.accept(web.hub, session, me.worker, proof)
        else:
            await hub_proofs.reject(web.hub, session, me.worker, proof, reason)
    return RedirectResponse("/proofs", 303)


def _errors(decision: str, reason: str) -> dict[str, str]:
    if decision not in {"accept", "reject"}:
        return {"decision": "Select whether it counts."}
    if decision == "reject" and reason not in proofs.REASONS:
        return {"reason": "Select why it does not count. The person is told."}
    return {}


async def _page(
    request: Request,
    web: WebDep,
    me: Reader,
    ref: str,
    *,
    errors: dict[str, str] | None = None,
    decision: str = "",
    status: int = 200,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        proof = await access_proof(web.hub, session, me.worker, ref, viewing="proof_viewed")
        found = await proofs.view(web.hub, session, proof)
    return web.page(
        request,
        "proof.html",
        status=status,
        signed_in=me,
        proof=found,
        reasons=proofs.REASONS,
        errors=errors or {},
        decision=decision,
    )
