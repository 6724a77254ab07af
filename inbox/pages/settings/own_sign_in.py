"""How I sign in: a new password or phone, new recovery codes. The password is asked for again first."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from hub import recovery_codes, sign_in, sign_in_links
from hub.sign_in import Attempt
from hub.store.tables import ProviderAccount, Worker
from inbox.login import Staff
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/sign-in")

Word = Annotated[str, Form(max_length=1000)]
WRONG = "That is not your password, or there were too many tries. Check it, or wait 15 minutes."
NOTHING = "Select what you want to do."


@router.get("")
async def show(request: Request, web: WebDep, me: Staff) -> HTMLResponse:
    return await _page(request, web, me)


@router.post("")
async def change(request: Request, web: WebDep, me: Staff, what: Word = "", password: Word = "") -> Response:
    if what not in {"codes", "all"}:
        return await _page(request, web, me, errors={"what": NOTHING})
    async with web.hub.store.transaction() as session:
        worker = await session.get_one(Worker, me.worker.id, with_for_update={"of": Worker})
        right = await sign_in.is_password_of(web.hub, session, worker, password) is Attempt.RIGHT
        codes = await recovery_codes.renew(web.hub, session, worker.id) if right and what == "codes" else []
        renew = right and what == "all"
        token = await sign_in_links.make(web.hub, session, f"worker:{worker.id}", worker) if renew else ""
    if not right:
        return await _page(request, web, me, errors={"password": WRONG}, what=what)
    if what == "codes":
        return web.page(request, "spare_codes.html", signed_in=me, codes=codes, first=False)
    return RedirectResponse(f"/welcome/{token}", 303)


async def _page(
    request: Request, web: Web, me: Staff, *, errors: dict[str, str] | None = None, what: str = ""
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        left = await recovery_codes.left(session, me.worker.id)
        bound = await session.scalar(select(ProviderAccount.bound_at).where(ProviderAccount.worker_id == me.worker.id))
    facts = {"left": left, "bound": bound, "provider": web.identity.name if web.identity else "", "what": what}
    status = 422 if errors else 200
    return web.page(request, "settings/sign_in.html", status=status, signed_in=me, errors=errors or {}, **facts)
