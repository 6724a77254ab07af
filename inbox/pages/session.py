"""Sign in, the six digits, stay signed in, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from hub import sign_in
from hub.sign_in import CODE_WITHIN, Attempt
from inbox.login import (
    FORM,
    HALF,
    SESSION,
    Staff,
    check_token,
    form_token,
    keep_session,
    set_cookie,
    signed_in,
)
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

# The same sentence for a wrong address, a wrong password and a lock: it tells a stranger nothing.
WRONG = "The email address or password is wrong, or there were too many tries. Check them, or wait 15 minutes."
WRONG_CODE = "The code is wrong or was used already. Enter the next code that your authenticator app shows."
TOO_LATE = "Too many tries, or too long ago. Start again with your password; after 5 wrong tries, wait 15 minutes."

Text = Annotated[str, Form(max_length=1000)]


@router.get("/sign-in")
async def ask_password(request: Request, web: WebDep, next: str = "/inbox") -> HTMLResponse:  # noqa: A002
    return _form(request, web, "sign_in.html", next_page=_inside(next))


@router.post("/sign-in")
async def take_password(
    request: Request, web: WebDep, email: Text = "", password: Text = "", next_page: Text = "/inbox"
) -> Response:
    check_token(await request.form(), request.cookies.get(FORM, ""))
    async with web.hub.store.transaction() as session:
        attempt, token = await sign_in.give_password(web.hub, session, email, password)
    if attempt is not Attempt.RIGHT:
        return _form(request, web, "sign_in.html", error=WRONG, email=email, next_page=_inside(next_page), status=422)
    answer = _form(request, web, "sign_in_code.html", next_page=_inside(next_page))
    set_cookie(answer, web.settings, HALF, token, seconds=int(CODE_WITHIN.total_seconds()))
    return answer


@router.post("/sign-in/code")
async def take_code(request: Request, web: WebDep, code: Text = "", next_page: Text = "/inbox") -> Response:
    check_token(await request.form(), request.cookies.get(FORM, ""))
    async with web.hub.store.transaction() as session:
        attempt, token = await sign_in.give_code(web.hub, session, request.cookies.get(HALF, ""), code)
    if attempt is Attempt.LOCKED:
        return _form(request, web, "sign_in.html", error=TOO_LATE, next_page=_inside(next_page), status=422)
    if attempt is Attempt.WRONG:
        return _form(request, web, "sign_in_code.html", error=WRONG_CODE, next_page=_inside(next_page), status=422)
    answer = RedirectResponse(_inside(next_page), 303)
    keep_session(answer, web.settings, token)
    answer.delete_cookie(HALF)
    answer.delete_cookie(FORM)
    return answer


@router.post("/sign-out")
async def leave(web: WebDep, me: Staff) -> Response:
    async with web.hub.store.transaction() as session:
        await sign_in.end(web.hub, session, me)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION)
    return answer


@router.post("/session/extend", dependencies=[Depends(signed_in)])
async def extend() -> Response:
    """Asking is enough: who asks is seen."""
    return Response(status_code=204)


def _form(request: Request, web: Web, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    token = form_token(request)
    answer = web.page(request, template, status=status, form_token=token, **facts)
    set_cookie(answer, web.settings, FORM, token)
    return answer


def _inside(where: str) -> str:
    """Only ever to a page of ours."""
    return where if where.startswith("/") and not where.startswith(("//", "/\\")) else "/inbox"
