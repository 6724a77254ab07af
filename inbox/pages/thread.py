"""What a person and their supporters say to each other: who sees what, saying something to all or one, the pause."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import access_person, record_watching
from hub.access_supporters import access_supporter
from hub.errors import NotAllowed, NotFound
from hub.reading import threads
from hub.reading.texts import shown_name
from hub.reading.thread_page import talk_of
from hub.sms import plainer
from hub.store.tables import Person, Thread
from hub.threads import posts
from hub.threads.standing import thread_of
from inbox.counting import count_of_said
from inbox.login import SupervisionWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/thread")

ALL, THEM = "all", "person"  # else the reference of a supporter
TO_ALL = "Everybody who talks"
DONE = {"paused": "The talk is paused. What they write reaches you alone.", "resumed": "The talk goes on again."}


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in the form."""

    words: str = ""
    to: str = ALL
    error: str = ""


def typed(
    body: Annotated[str, Form(max_length=10_000)] = "",
    to: Annotated[str, Form(max_length=20)] = ALL,
    do: Annotated[str, Form(max_length=20)] = "send",
) -> tuple[Box, str]:
    return Box(body, to), do


Typed = Annotated[tuple[Box, str], Depends(typed)]


@router.get("")
async def show(
    request: Request, web: WebDep, me: SupervisionWorker, ref: str, done: str = "", before: int | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="thread_viewed")
        return await _page(request, web, me, session, person, Box(), done=DONE.get(done, ""), before=before)


@router.get("/stream")
async def stream(request: Request, web: WebDep, me: SupervisionWorker, ref: str) -> HTMLResponse:
    """The talk alone, for the page that is open."""
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref)
        await record_watching(web.hub, session, me.worker, "thread_viewed", person.id)
        talk = await talk_of(web.hub, session, person)
        await _seen(web, session, person)
    return web.page(request, "parts/thread.html", signed_in=me, talk=talk, ref=ref)


@router.post("")
async def say(request: Request, web: WebDep, me: SupervisionWorker, ref: str, form: Typed) -> Response:
    box, do = form
    async with web.hub.store.transaction() as session:
        person, thread = await _thread(web, session, me, ref)
        if do != "send":
            words = plainer(box.words) if do == "plain" else box.words
            return await _page(request, web, me, session, person, Box(words, box.to))
        only_to = await _only_to(web, session, person, box.to)
        try:
            await posts.say(web.hub, session, me.worker, thread, box.words, only_to=only_to)
        except NotAllowed as wrong:
            error = wrong.detail or str(wrong)
            return await _page(request, web, me, session, person, Box(box.words, box.to, error))
    return RedirectResponse(f"/people/{ref}/thread?done=said#latest", 303)


@router.post("/pause")
async def pause(web: WebDep, me: SupervisionWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        _, thread = await _thread(web, session, me, ref)
        await posts.pause(web.hub, session, me.worker, thread)
    return RedirectResponse(f"/people/{ref}/thread?done=paused", 303)


@router.post("/resume")
async def resume(web: WebDep, me: SupervisionWorker, ref: str) -> Response:
    async with web.hub.store.transaction() as session:
        _, thread = await _thread(web, session, me, ref)
        await posts.resume(web.hub, session, me.worker, thread)
    return RedirectResponse(f"/people/{ref}/thread?done=resumed", 303)


async def _thread(web: Web, session: AsyncSession, me: SupervisionWorker, ref: str) -> tuple[Person, Thread]:
    """Locked: what is said goes to all in one order. Raises `NotFound`."""
    person = await access_person(web.hub, session, me.worker, ref)
    thread = await thread_of(session, person.id, lock=True)
    if thread is None:
        raise NotFound
    return person, thread


async def _only_to(web: Web, session: AsyncSession, person: Person, to: str) -> Person | None:
    if to == ALL:
        return None
    if to == THEM:
        return person
    return (await access_supporter(web.hub, session, person, to)).supporter


async def _seen(web: Web, session: AsyncSession, person: Person) -> None:
    thread = await thread_of(session, person.id)
    if thread:
        await threads.mark_seen(session, thread, web.hub.clock.now())


async def _page(
    request: Request,
    web: Web,
    me: SupervisionWorker,
    session: AsyncSession,
    person: Person,
    box: Box,
    *,
    done: str = "",
    before: int | None = None,
) -> HTMLResponse:
    talk = await talk_of(web.hub, session, person, before=before)
    if before is None:
        await _seen(web, session, person)
    named = [(reader.ref, f"{reader.name} alone") for reader in talk.readers] if talk else []
    facts: dict[str, Any] = {
        "talk": talk,
        "ref": person.ref,
        "name": shown_name(web.hub, person),
        "whom": [(ALL, TO_ALL), (THEM, f"{talk.name} alone"), *named] if talk else [],
        "box": box,
        "done": done,
        "older": before is not None,
    }
    status = 422 if box.error else 200
    return web.page(
        request, "thread.html", status=status, signed_in=me, **facts, **count_of_said(me.worker.first_name, box.words)
    )
