"""The reply box: count, check, put in a ready text, keep, send now or later. What is typed survives every refusal."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import drafts, later
from hub.access import access_conversation, access_person
from hub.conversations import Seen, worker_reply
from hub.errors import NotAllowed, NotThen
from hub.reading.conversation import Talk, talk
from hub.sms import plainer
from hub.store.tables import Conversation
from inbox.counting import facts_of_count
from inbox.login import Reader
from inbox.pages.conversation import Box, Later, talk_page
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

Body = Annotated[str, Form(max_length=10_000)]
Word = Annotated[str, Form(max_length=100)]
WITH_A_TIME = frozenset({"later", "send_later"})  # buttons that show the fields for a time


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of the box. `do`: the button that was pressed."""

    conversation: int
    body: str
    do: str
    ready: str
    seen: Seen | None
    later: Later


def typed(
    conversation: Annotated[int, Form()],
    body: Body = "",
    do: Word = "send",
    ready: Word = "",
    seen: Annotated[int | None, Form()] = None,
    heard: Annotated[int | None, Form()] = None,
    day: Word = "",
    month: Word = "",
    year: Word = "",
    clock: Word = "",
) -> Typed:
    shown = Seen(seen, heard) if seen is not None and heard is not None else None
    return Typed(conversation, body, "ready" if ready else do, ready, shown, Later(day, month, year, clock))


Form_ = Annotated[Typed, Depends(typed)]


@router.post("/count")
async def count(request: Request, web: WebDep, me: Reader, body: Body = "", parts: int = Form(-1)) -> HTMLResponse:
    """`parts`: how many texts it was before; only a change of that is read out."""
    facts = facts_of_count(body)
    said = facts["count"].segments != parts
    return web.page(request, "parts/count.html", signed_in=me, said=said, **facts)


@router.post("/people/{ref}/messages")
async def send(request: Request, web: WebDep, me: Reader, ref: str, form: Form_) -> Response:
    if form.do in {"send", "send_later"}:
        return await _send(request, web, me, ref, form)
    if form.do in {"keep", "discard"}:
        return await _keep(web, me, ref, form)
    return await _again(request, web, me, ref, form)


async def _send(request: Request, web: WebDep, me: Reader, ref: str, form: Typed) -> Response:
    try:
        async with web.hub.store.transaction() as session:
            to = await access_conversation(web.hub, session, me.worker, ref, form.conversation)
            await _queue(web, session, me, to, form)
    except NotAllowed as refused:
        return await _again(request, web, me, ref, form, refused)
    return RedirectResponse(f"/people/{ref}/messages#latest", 303)


async def _queue(web: WebDep, session: AsyncSession, me: Reader, to: Conversation, form: Typed) -> None:
    if form.do == "send":
        await worker_reply(web.hub, session, me.worker, to, form.body, form.seen)
        return
    asked, zone = form.later, to.person.agency.time_zone
    at = later.read_time(asked.day, asked.month, asked.year, asked.clock, zone)
    await later.send_later(web.hub, session, me.worker, to, form.body, at, form.seen)


async def _keep(web: WebDep, me: Reader, ref: str, form: Typed) -> Response:
    async with web.hub.store.transaction() as session:
        to = await access_conversation(web.hub, session, me.worker, ref, form.conversation)
        body = form.body if form.do == "keep" else ""
        await drafts.keep(web.hub, session, me.worker, to, body)
    return RedirectResponse(f"/people/{ref}/messages#body", 303)


async def _again(
    request: Request, web: WebDep, me: Reader, ref: str, form: Typed, refused: NotAllowed | None = None
) -> Response:
    """The page once more, with what was typed. What was refused is kept as a draft too: it may have to wait."""
    async with web.hub.store.transaction() as session:
        if refused:
            to = await access_conversation(web.hub, session, me.worker, ref, form.conversation)
            await drafts.keep(web.hub, session, me.worker, to, form.body)
        person = await access_person(web.hub, session, me.worker, ref)
        found = await talk(web.hub, session, person, me.worker, on=form.conversation)
    error = (refused.detail or str(refused)) if refused else ""
    box = Box(_words(found, form), _later(found, form), error, "#day" if isinstance(refused, NotThen) else "#body")
    return talk_page(request, web, me, found, box=box, status=422 if error else 200)


def _words(found: Talk, form: Typed) -> str:
    """What the box holds now: as typed, made plain, or with a ready text in the place of a "/" or below."""
    if form.do == "plain":
        return plainer(form.body)
    ready = [offer for under in (found.desk.ready if found.desk else {}).values() for offer in under]
    chosen = next((offer.words for offer in ready if offer.key == form.ready), "")
    before = "" if form.body.lstrip().startswith("/") else form.body.rstrip()
    return "\n".join(part for part in (before, chosen) if part) if chosen else form.body


def _later(found: Talk, form: Typed) -> Later | None:
    """Fields for a time while they are wanted; filled with the best one at first."""
    if form.do == "no_time" or (form.do not in WITH_A_TIME and not form.later.day):
        return None
    if form.later.day or form.do == "send_later" or not found.desk:
        return form.later
    best = found.desk.proposed
    return Later(str(best.day), str(best.month), str(best.year), found.desk.proposed_time)
