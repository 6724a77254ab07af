"""What staff say: how a session went, and how a provider does. Whom it is about sees none of it by name."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import feedback
from hub.access import access_appointment, record_view
from hub.errors import NotAllowed
from hub.feedback import LONGEST_WORDS, TOOK_PART, USEFUL, WENT
from hub.reading import appointments
from hub.reading import feedback as reading
from hub.reading.outcomes.both_ways import of_provider
from hub.words import WorkerRole
from inbox import typed as read
from inbox.login import CaseWorker, Reader
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False)

Word = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form(max_length=LONGEST_WORDS)]
YES_NO = {"yes": "Yes", "no": "No"}
DONE = {"session": "Thank you. It is saved.", "provider": "Thank you. It is saved for this month."}
CHOOSE = "Select one of the answers."


@router.get("/feedback")
async def show(request: Request, web: WebDep, me: Reader, done: str = "") -> HTMLResponse:
    """What I have still to tell."""
    case_worker = me.worker.role is not WorkerRole.PROVIDER
    async with web.hub.store.transaction() as session:
        facts: dict[str, Any] = {
            "to_tell": await reading.to_tell(web.hub, session, me.worker),
            "providers": await reading.providers(web.hub, session, me.worker) if case_worker else [],
            "low": await reading.low(web.hub, session, me.worker) if me.worker.role is WorkerRole.SUPERVISOR else [],
            "heard": None if case_worker else await of_provider(web.hub, session, me.worker),
        }
    return web.page(request, "feedback.html", signed_in=me, done=DONE.get(done, ""), case_worker=case_worker, **facts)


@router.get("/appointments/{ref}/feedback")
async def ask(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    return await _session_page(request, web, me, ref)


@router.post("/appointments/{ref}/feedback")
async def take(
    request: Request,
    web: WebDep,
    me: Reader,
    ref: str,
    went: Word = "",
    took_part: Word = "",
    look: Word = "",
    words: Words = "",
) -> Response:
    part = read.number(took_part, min(TOOK_PART), max(TOOK_PART))
    right = {"went": went in WENT, "took_part": part is not None, "look": look in YES_NO}
    errors = {name: CHOOSE for name, fine in right.items() if not fine}
    if errors or part is None:
        typed = {"went": went, "took_part": took_part, "look": look, "words": words}
        return await _session_page(request, web, me, ref, errors=errors, typed=typed)
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref, lock=True)
        if not feedback.may_tell(me.worker, found):
            raise NotAllowed
        looks = look == "yes"
        await feedback.on_session(web.hub, session, me.worker, found, went, part, look=looks, words=words)
    return RedirectResponse("/feedback?done=session", 303)


@router.get("/feedback/provider")
async def ask_provider(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    return await _provider_page(request, web, me)


@router.post("/feedback/provider")
async def take_provider(
    request: Request,
    web: WebDep,
    me: CaseWorker,
    provider: Word = "",
    useful: Word = "",
    tells: Word = "",
    words: Words = "",
) -> Response:
    number = read.number(useful, min(USEFUL), max(USEFUL))
    async with web.hub.store.transaction() as session:
        offered = {each.name for each in await reading.providers(web.hub, session, me.worker)}
        right = {"provider": provider in offered, "useful": number is not None, "tells": tells in YES_NO}
        errors = {name: CHOOSE for name, fine in right.items() if not fine}
        if number is not None and not errors:
            tells_us = tells == "yes"
            await feedback.on_provider(web.hub, session, me.worker, provider, number, tells_us=tells_us, words=words)
    if errors:
        typed = {"provider": provider, "useful": useful, "tells": tells, "words": words}
        return await _provider_page(request, web, me, errors=errors, typed=typed)
    return RedirectResponse("/feedback?done=provider", 303)


async def _session_page(
    request: Request,
    web: Web,
    me: Reader,
    ref: str,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await access_appointment(session, me.worker, ref)
        if not feedback.may_tell(me.worker, found):
            raise NotAllowed
        record_view(web.hub, session, me.worker, "appointment_viewed", f"appointment:{found.id}", found.person_id)
        row = await appointments.one(web.hub, session, found)
    facts: dict[str, Any] = {"row": row, "went": WENT, "took_part": TOOK_PART, "yes_no": YES_NO}
    status = 422 if errors else 200
    around: dict[str, Any] = {"errors": errors or {}, "typed": typed or {}}
    return web.page(request, "feedback_session.html", status=status, signed_in=me, **facts, **around)


async def _provider_page(
    request: Request,
    web: Web,
    me: CaseWorker,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        offered = await reading.providers(web.hub, session, me.worker)
    facts: dict[str, Any] = {"providers": offered, "useful": USEFUL, "yes_no": YES_NO}
    status = 422 if errors else 200
    around: dict[str, Any] = {"errors": errors or {}, "typed": typed or {}}
    return web.page(request, "feedback_provider.html", status=status, signed_in=me, **facts, **around)
