"""The link of a new worker, or of one who lost the password or the phone: a password, an authenticator, spare codes."""

from typing import Annotated, Any

import pyotp
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import passwords, sign_in, sign_in_links
from hub.store.tables import Worker
from inbox.browsers import in_words
from inbox.login import FORM, SESSION, check_token, form_token, keep_session, set_cookie
from inbox.qr import picture_of
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/welcome/{token}")

WRONG_CODE = "That is not the code that your app shows for this account. Wait for the next one and enter it."
DIFFERENT = "The two passwords are not the same. Enter the same password twice."
Text = Annotated[str, Form(max_length=1000)]


@router.get("")
async def ask_password(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        _, worker = await sign_in_links.find(web.hub, session, token)
    return _page(request, web, "welcome.html", token, worker)


@router.post("")
async def take_password(request: Request, web: WebDep, token: str, password: Text = "", again: Text = "") -> Response:
    check_token(await request.form(), request.cookies.get(FORM, ""))
    async with web.hub.store.transaction() as session:
        link, worker = await sign_in_links.find(web.hub, session, token)
        wrong = passwords.wrong_with(password, worker.email)
        errors = {"password": wrong} if wrong else {"again": DIFFERENT} if password != again else {}
        if errors:
            return _page(request, web, "welcome.html", token, worker, errors=errors)
        sign_in_links.choose_password(web.hub, link, await sign_in.hash_password(password))
    return RedirectResponse(f"/welcome/{token}/authenticator", 303)


@router.get("/authenticator")
async def ask_code(request: Request, web: WebDep, token: str) -> HTMLResponse:
    return await _authenticator(request, web, token)


@router.post("/authenticator")
async def take_code(request: Request, web: WebDep, token: str, code: Text = "") -> Response:
    check_token(await request.form(), request.cookies.get(FORM, ""))
    browser = in_words(request.headers.get("user-agent", ""))
    async with web.hub.store.transaction() as session:
        link, worker = await sign_in_links.find(web.hub, session, token)
        spare = await sign_in_links.finish(web.hub, session, link, worker, code)
        entered = spare and await sign_in.start(web.hub, session, worker, second_factor=True, browser=browser)
    if not (spare and entered):
        return await _authenticator(request, web, token, errors={"code": WRONG_CODE})
    answer = web.page(request, "spare_codes.html", codes=spare, first=True)
    answer.delete_cookie(SESSION)
    keep_session(answer, web.settings, entered)
    return answer


async def _authenticator(
    request: Request, web: Web, token: str, *, errors: dict[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        link, worker = await sign_in_links.find(web.hub, session, token)
        app = sign_in_links.authenticator(web.hub, link, worker)
    return _page(request, web, "authenticator.html", token, worker, app=app, errors=errors)


def _page(
    request: Request,
    web: Web,
    template: str,
    token: str,
    worker: Worker,
    *,
    app: pyotp.TOTP | None = None,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    guard = form_token(request)
    facts: dict[str, Any] = {"form_token": guard, "token": token, "email": worker.email, "errors": errors or {}}
    if app:
        groups = " ".join(app.secret[i : i + 4] for i in range(0, len(app.secret), 4))
        address = app.provisioning_uri()
        facts |= {"picture": picture_of(address), "address": address, "secret": groups}
    answer = web.page(request, template, status=422 if errors else 200, **facts)
    set_cookie(answer, web.settings, FORM, guard)
    return answer
