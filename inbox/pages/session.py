"""Sign in, the six digits, stay signed in, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from hub import sign_in
from hub.sign_in import CODE_WITHIN, Attempt
from inbox import kept_words
from inbox.browsers import in_words
from inbox.login import (
    FORM,
    HALF,
    SESSION,
    Staff,
    check_token,
    form_token,
    inside,
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
async def ask_password(request: Request, web: WebDep, next: str = "/", over: bool = False) -> HTMLResponse:  # noqa: A002
    kept = kept_words.COOKIE in request.cookies
    return sign_in_form(request, web, next_page=inside(next), over=over or kept, kept=kept)


@router.post("/sign-in")
async def take_password(
    request: Request, web: WebDep, email: Text = "", password: Text = "", next_page: Text = "/"
) -> Response:
    check_token(await request.form(), request.cookies.get(FORM, ""))
    browser = in_words(request.headers.get("user-agent", ""))
    async with web.hub.store.transaction() as session:
        attempt, token = await sign_in.give_password(web.hub, session, email, password, browser)
    if attempt is not Attempt.RIGHT:
        return sign_in_form(request, web, error=WRONG, email=email, next_page=inside(next_page), status=422)
    answer = _ask_code(request, web, next_page)
    set_cookie(answer, web.settings, HALF, token, seconds=int(CODE_WITHIN.total_seconds()))
    return answer


@router.post("/sign-in/code")
async def take_code(request: Request, web: WebDep, code: Text = "", next_page: Text = "/") -> Response:
    check_token(await request.form(), request.cookies.get(FORM, ""))
    async with web.hub.store.transaction() as session:
        attempt, token = await sign_in.give_code(web.hub, session, request.cookies.get(HALF, ""), code)
    if attempt is Attempt.LOCKED:
        return sign_in_form(request, web, error=TOO_LATE, next_page=inside(next_page), status=422)
    if attempt is Attempt.WRONG:
        return _ask_code(request, web, next_page, error=WRONG_CODE, status=422)
    return _let_in(request, web, token, next_page)


@router.get("/sign-in/forgotten")
async def forgotten(request: Request, web: WebDep) -> HTMLResponse:
    """What to do without the password or the phone: nobody is told whether an address is known."""
    return web.page(request, "sign_in_forgotten.html")


@router.post("/sign-out")
async def leave(web: WebDep, me: Staff) -> Response:
    async with web.hub.store.transaction() as session:
        await sign_in.end(web.hub, session, me)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION)
    return answer


@router.post("/session/extend")
async def extend(me: Annotated[sign_in.SignedIn, Depends(signed_in)]) -> Response:
    """Asking is enough: who asks is seen. Says the seconds that are left: after twelve hours none are added."""
    return PlainTextResponse(str(me.seconds_left))


def _let_in(request: Request, web: Web, token: str, next_page: str) -> Response:
    to = kept_words.PAGE if kept_words.COOKIE in request.cookies else inside(next_page)
    answer = RedirectResponse(to, 303)
    keep_session(answer, web.settings, token)
    answer.delete_cookie(HALF)
    answer.delete_cookie(FORM)
    return answer


def _ask_code(request: Request, web: Web, next_page: str, **facts: Any) -> HTMLResponse:
    return sign_in_form(request, web, template="sign_in_code.html", next_page=inside(next_page), **facts)


def sign_in_form(
    request: Request, web: Web, *, template: str = "sign_in.html", status: int = 200, **facts: Any
) -> HTMLResponse:
    token = form_token(request)
    provider = web.identity.name if web.identity else ""
    answer = web.page(request, template, status=status, form_token=token, provider=provider, **facts)
    set_cookie(answer, web.settings, FORM, token)
    return answer
