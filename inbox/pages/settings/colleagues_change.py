"""What an administrator does with one of those who work here: another role or team, an end, a new way in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from hub import session_roll, sessions, workers
from hub.addresses import parse_mobile
from hub.errors import BadAddress, MoveNotAllowed, NotFound
from hub.words import WorkerRole
from inbox.login import Administrator
from inbox.pages.settings import colleagues
from inbox.pages.settings.sessions import token_hash
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/people-who-work-here/{number}")

Word = Annotated[str, Form(max_length=200)]
SURE = "Tick the box to say that you mean it."


@router.post("")
async def change(
    request: Request, web: WebDep, me: Administrator, number: int, name: Word = "", role: Word = "", team: Word = ""
) -> Response:
    errors = colleagues.wrong_with(name, role)
    actor = f"worker:{me.worker.id}"
    try:
        async with web.hub.store.transaction() as session:
            worker = await workers.colleague(session, me.worker, number)
            if not errors:
                theirs = await workers.team_of_house(session, me.worker, colleagues.number(team))
                await workers.change(web.hub, session, actor, worker, team=theirs, role=WorkerRole(role), name=name)
    except MoveNotAllowed as refused:
        errors = {"role": refused.detail}
    if errors:
        typed = {"name": name, "role": role, "team": team}
        return await colleagues.one_page(request, web, me, number, errors=errors, typed=typed)
    return _back(number, "changed")


@router.post("/disable")
async def disable(request: Request, web: WebDep, me: Administrator, number: int, sure: Word = "") -> Response:
    if not sure:
        return await colleagues.one_page(request, web, me, number, errors={"sure": SURE})
    try:
        async with web.hub.store.transaction() as session:
            worker = await workers.colleague(session, me.worker, number)
            await workers.disable(web.hub, session, f"worker:{me.worker.id}", worker)
    except MoveNotAllowed as refused:
        return await colleagues.one_page(request, web, me, number, errors={"sure": refused.detail})
    return _back(number, "disabled")


@router.post("/enable")
async def enable(web: WebDep, me: Administrator, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        worker = await workers.colleague(session, me.worker, number)
        await workers.enable(web.hub, session, f"worker:{me.worker.id}", worker)
    return _back(number, "enabled")


@router.post("/reset")
async def reset(request: Request, web: WebDep, me: Administrator, number: int, sure_reset: Word = "") -> Response:
    if not sure_reset:
        return await colleagues.one_page(request, web, me, number, errors={"sure_reset": SURE})
    async with web.hub.store.transaction() as session:
        worker = await workers.colleague(session, me.worker, number)
        token = await workers.reset(web.hub, session, f"worker:{me.worker.id}", worker)
    return colleagues.link_page(request, web, me, worker, token)


@router.post("/mobile")
async def set_mobile(request: Request, web: WebDep, me: Administrator, number: int, mobile: Word = "") -> Response:
    """Where a provider is asked by text who came; left empty, they are not asked."""
    try:
        parsed = parse_mobile(mobile, fictional=web.settings.fictional).e164 if mobile.strip() else ""
        async with web.hub.store.transaction() as session:
            worker = await workers.colleague(session, me.worker, number)
            if worker.role is not WorkerRole.PROVIDER:
                raise NotFound
            await session_roll.set_mobile(web.hub, session, f"worker:{me.worker.id}", worker, parsed)
    except BadAddress as wrong:
        return await colleagues.one_page(request, web, me, number, errors={"mobile": str(wrong)}, mobile=mobile)
    return _back(number, "mobile")


@router.post("/sign-out")
async def sign_out(web: WebDep, me: Administrator, number: int, session_id: Word = "") -> Response:
    """Of one session, or of all when none is named."""
    actor = f"worker:{me.worker.id}"
    async with web.hub.store.transaction() as session:
        worker = await workers.colleague(session, me.worker, number)
        if session_id:
            await sessions.end_one(web.hub, session, actor, worker.id, token_hash(session_id))
        else:
            await sessions.end_all(web.hub, session, actor, worker.id)
    return _back(number, "signed-out")


def _back(number: int, done: str) -> RedirectResponse:
    return RedirectResponse(f"/settings/people-who-work-here/{number}?done={done}", 303)
