"""Those who work here: the list, one of them, and somebody new. An administrator's page: it shows nobody's people."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from hub import workers
from hub.reading import workers as reading
from hub.store.tables import Worker
from hub.times import say_when
from hub.words import WorkerRole
from inbox.login import Administrator
from inbox.pages.settings.sessions import rows_of
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/settings/people-who-work-here")

Word = Annotated[str, Form(max_length=200)]
Facts = dict[str, Any]
DONE = {
    "changed": "The changes are saved.",
    "disabled": "Their access has ended.",
    "enabled": "They can sign in again.",
    "signed-out": "They are signed out.",
    "mobile": "The number is saved.",
}


@router.get("")
async def show_all(request: Request, web: WebDep, me: Administrator) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await reading.of(session, me.worker.team)
    zone = me.worker.team.agency.time_zone
    seen = {row.id: say_when(row.seen_at, zone) for row in rows if row.seen_at}
    return web.page(request, "settings/colleagues.html", signed_in=me, rows=rows, seen=seen)


@router.get("/new")
async def ask_new(request: Request, web: WebDep, me: Administrator) -> HTMLResponse:
    return await _form(request, web, me, {"team": str(me.worker.team_id), "role": WorkerRole.WORKER})


@router.post("/new")
async def add(
    request: Request,
    web: WebDep,
    me: Administrator,
    name: Word = "",
    email: Word = "",
    role: Word = "",
    team: Word = "",
) -> Response:
    typed = {"name": name, "email": email, "role": role, "team": team}
    async with web.hub.store.transaction() as session:
        errors = wrong_with(name, role) | _wrong_address(email)
        if not errors and await workers.is_taken(session, email):
            errors = {"email": "Somebody already signs in with this email address. Use another one."}
        if not errors:
            theirs = await workers.team_of_house(session, me.worker, number(team))
            actor = f"worker:{me.worker.id}"
            worker, token = await workers.add(
                web.hub, session, actor, team=theirs, role=WorkerRole(role), name=name, email=email
            )
    if errors:
        return await _form(request, web, me, typed, errors)
    return link_page(request, web, me, worker, token)


@router.get("/{number}")
async def show(request: Request, web: WebDep, me: Administrator, number: int, done: str = "") -> HTMLResponse:
    return await one_page(request, web, me, number, done=DONE.get(done, ""))


async def one_page(
    request: Request,
    web: Web,
    me: Administrator,
    worker_id: int,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    done: str = "",
    mobile: str = "",
) -> HTMLResponse:
    """`mobile`: a number that was refused."""
    async with web.hub.store.transaction() as session:
        worker = await workers.colleague(session, me.worker, worker_id)
        teams = await reading.teams(session, me.worker.team)
        link = await reading.link_open_until(session, worker.id, web.hub.clock.now())
        mobile = mobile or await reading.mobile(web.hub, session, worker)
    facts = _choices(teams) | {
        "worker": worker,
        "standing": reading.status(worker),
        "sessions": await rows_of(web, me, worker.id),
        "link": say_when(link, me.worker.team.agency.time_zone) if link else "",
        "mobile": {"mobile": mobile},
        "asked_by_text": worker.role is WorkerRole.PROVIDER,
        "typed": typed or {"name": worker.name, "role": worker.role, "team": str(worker.team_id)},
    }
    status = 422 if errors else 200
    return web.page(
        request, "settings/colleague.html", status=status, signed_in=me, errors=errors or {}, done=done, **facts
    )


def link_page(request: Request, web: Web, me: Administrator, worker: Worker, token: str) -> HTMLResponse:
    """The link to pass on: shown once, as an answer to the form, so that no address or log holds it."""
    address = f"{web.settings.public_url}/welcome/{token}"
    return web.page(request, "settings/link.html", signed_in=me, worker=worker, address=address)


def wrong_with(name: str, role: str) -> dict[str, str]:
    errors = {} if name.strip() else {"name": "Enter their name, as colleagues know them."}
    return errors if role in set(WorkerRole) else errors | {"role": "Select what they may do."}


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


async def _form(
    request: Request, web: Web, me: Administrator, typed: dict[str, str], errors: dict[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        teams = await reading.teams(session, me.worker.team)
    facts = _choices(teams) | {"typed": typed, "errors": errors or {}}
    status = 422 if errors else 200
    return web.page(request, "settings/colleague_new.html", status=status, signed_in=me, **facts)


def _choices(teams: Any) -> Facts:
    """For the two lists to choose from."""
    return {
        "roles": [(role, f"{words}: {reading.MAY[role]}") for role, words in reading.ROLES.items()],
        "teams": [(str(team.id), team.name) for team, _ in teams],
    }


def _wrong_address(email: str) -> dict[str, str]:
    name, at, host = email.strip().partition("@")
    if name and at and "." in host and " " not in email.strip():
        return {}
    return {"email": "Enter their email address, such as name@example.org."}
