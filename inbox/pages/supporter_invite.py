"""Proposing a supporter with the person's yes, and what comes of it: a human's look, the code, taking it back."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import access_person
from hub.access_supporters import access_invitation
from hub.ages import is_minor
from hub.errors import MoveNotAllowed, NotAllowed
from hub.people import diaries
from hub.reading import supporters
from hub.reading.support_words import BY_WORKER, MONTHS, RELATIONS, SEES, SEES_MEANS
from hub.states_of_support import InvitationState
from hub.store.tables import Invitation, Person
from hub.threads import codes, invitations
from hub.threads.invitations import Wished
from hub.words import Relation, Sees
from inbox import typed as read
from inbox.login import SupervisionWorker
from inbox.pages.person_edit import actor, task_page
from inbox.pages.supporters import BACK
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/supporters")

Typed = Mapping[str, str]
ASK = "ask"
HOW = {**BY_WORKER, ASK: "Not yet: ask them by text"}
GUARDIAN = {**BY_WORKER, "": "Not yet"}
NOBODY = "0"  # of the choice of a colleague


@router.get("/new")
async def ask(request: Request, web: WebDep, me: SupervisionWorker, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        return await _form(request, web, me, session, person, typed={"sees": Sees.DATES, "months": "6"})


@router.post("/new")
async def propose(request: Request, web: WebDep, me: SupervisionWorker, ref: str) -> Response:
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        errors = _wrong(typed)
        if errors:
            return await _form(request, web, me, session, person, errors=errors, typed=typed)
        try:
            wished = await _wish(web, session, me, person, typed)
        except NotAllowed as wrong:
            errors = {"name": wrong.detail or str(wrong)}
            return await _form(request, web, me, session, person, errors=errors, typed=typed)
        if wished.code:
            return await _code_page(request, web, me, session, person, wished.invitation, wished.code)
        done = "checking" if wished.invitation.state is InvitationState.CHECKING else "asked"
    return RedirectResponse(BACK.format(ref=ref, done=done), 303)


@router.get("/invitations/{number}")
async def look(request: Request, web: WebDep, me: SupervisionWorker, ref: str, number: int) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="supporters_viewed")
        return await _look_page(request, web, me, session, person, await access_invitation(session, person, number))


@router.post("/invitations/{number}")
async def decide(request: Request, web: WebDep, me: SupervisionWorker, ref: str, number: int) -> Response:
    """A human agrees, or says no. The code is shown once, to be read out."""
    typed = read.fields(await request.form())
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        invitation = await access_invitation(session, person, number, lock=True)
        if typed.get("agreed") not in {"yes", "no"}:
            errors = {"agreed": "Select whether you agree."}
            return await _look_page(request, web, me, session, person, invitation, errors=errors)
        try:
            code = await _look_at(web, session, me, invitation, typed)
        except NotAllowed as wrong:
            errors = {"agreed": wrong.detail or str(wrong)}
            return await _look_page(request, web, me, session, person, invitation, errors=errors, typed=typed)
        if code:
            return await _code_page(request, web, me, session, person, invitation, code)
    return RedirectResponse(BACK.format(ref=ref, done="looked" if typed["agreed"] == "yes" else "refused"), 303)


@router.post("/invitations/{number}/agreed")
async def agree(request: Request, web: WebDep, me: SupervisionWorker, ref: str, number: int) -> Response:
    """They have said yes to the worker, before they answered the text."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        invitation = await access_invitation(session, person, number, lock=True)
        if invitation.state is not InvitationState.ASKED:
            raise MoveNotAllowed
        code = await invitations.agree(web.hub, session, actor(me), person, invitation, "spoken")
        if code:
            return await _code_page(request, web, me, session, person, invitation, code)
    return RedirectResponse(BACK.format(ref=ref, done="checking"), 303)


@router.post("/invitations/{number}/withdraw")
async def withdraw(web: WebDep, me: SupervisionWorker, ref: str, number: int) -> Response:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        invitation = await access_invitation(session, person, number, lock=True)
        await invitations.withdraw(web.hub, session, actor(me), invitation)
    return RedirectResponse(BACK.format(ref=ref, done="withdrawn"), 303)


async def _look_at(
    web: Web, session: AsyncSession, me: SupervisionWorker, invitation: Invitation, typed: Typed
) -> str | None:
    guardian = typed.get("guardian", "")
    return await invitations.look_at(
        web.hub,
        session,
        me.worker.id,
        invitation,
        agreed=typed["agreed"] == "yes",
        guardian_how=guardian if guardian in BY_WORKER else "",
        staff_id=await _colleague(session, me, typed),
    )


async def _colleague(session: AsyncSession, me: SupervisionWorker, typed: Typed) -> int | None:
    chosen = read.number(typed.get("staff", ""), 1, 2**62)
    return chosen if chosen in {worker.id for worker in await diaries(session, me.worker.team)} else None


async def _wish(web: Web, session: AsyncSession, me: SupervisionWorker, person: Person, typed: Typed) -> Wished:
    return await invitations.wish(
        web.hub,
        session,
        person,
        actor(me),
        name=typed["name"][:200],
        relation=Relation(typed["relation"]),
        sees=Sees(typed["sees"]),
        months=int(typed["months"]) if typed.get("months") else None,
        agreed_how="" if typed["how"] == ASK else typed["how"],
        worker_id=me.worker.id,
        guardian_how=typed.get("guardian", ""),
        under_18=typed.get("under_18") == "yes",
        staff_id=await _colleague(session, me, typed),
    )


def _wrong(typed: Typed) -> dict[str, str]:
    wanted = {
        "name": bool(typed.get("name")),
        "relation": typed.get("relation") in set(Relation),
        "sees": typed.get("sees") in set(Sees),
        "months": typed.get("months", "") in MONTHS,
        "how": typed.get("how") in HOW,
        "guardian": typed.get("guardian", "") in GUARDIAN,
    }
    words = {
        "name": "Enter their name, as the person says it.",
        "relation": "Select who they are to the person.",
        "sees": "Select what they may see.",
        "months": "Select for how long.",
        "how": "Select whether the person has said yes.",
        "guardian": "Select whether whoever looks after them has said yes.",
    }
    return {field: words[field] for field, right in wanted.items() if not right}


async def _form(
    request: Request, web: Web, me: SupervisionWorker, session: AsyncSession, person: Person, **asked: Any
) -> HTMLResponse:
    facts: dict[str, Any] = {
        **await _beside(web, session, me, person),
        "relations": list(RELATIONS.items()),
        "sees": [(each, SEES[each], SEES_MEANS[each]) for each in Sees],
        "months": list(MONTHS.items()),
        "how": list(HOW.items()),
    }
    return await task_page(request, web, me, session, person, "person_supporter_new.html", **facts, **asked)


async def _beside(web: Web, session: AsyncSession, me: SupervisionWorker, person: Person) -> dict[str, Any]:
    colleagues = [(str(each.id), each.name) for each in await diaries(session, me.worker.team)]
    return {
        "guardian": list(GUARDIAN.items()),
        "under_18": is_minor(person, web.hub.clock.now()),
        "colleagues": [(NOBODY, "No"), *colleagues],
    }


async def _look_page(
    request: Request,
    web: Web,
    me: SupervisionWorker,
    session: AsyncSession,
    person: Person,
    invitation: Invitation,
    **asked: Any,
) -> HTMLResponse:
    row = await supporters.invitation_of(web.hub, session, person, invitation)
    typed = {"staff": str(invitation.staff_id or NOBODY), **(asked.pop("typed", None) or {})}
    facts: dict[str, Any] = {"row": row, "relations": RELATIONS, **await _beside(web, session, me, person)}
    return await task_page(request, web, me, session, person, "person_invitation.html", typed=typed, **facts, **asked)


async def _code_page(
    request: Request,
    web: Web,
    me: SupervisionWorker,
    session: AsyncSession,
    person: Person,
    invitation: Invitation,
    code: str,
) -> HTMLResponse:
    row = await supporters.invitation_of(web.hub, session, person, invitation)
    facts: dict[str, Any] = {"row": row, "code": codes.shown(code)}
    return await task_page(request, web, me, session, person, "person_invitation_code.html", **facts)
