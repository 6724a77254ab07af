"""What a worker does with a conversation beside answering: take over, hand back, note, put aside, close."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import conversations, escalations, presence
from hub.access import access_conversation, access_escalation, access_person
from hub.core import Hub
from hub.reading.conversation import talk
from hub.store.tables import Conversation, Worker
from inbox.login import Reader
from inbox.pages.conversation import OUTCOMES, talk_page
from inbox.web import WebDep
from inbox.when import NotADay, until_of

router = APIRouter(include_in_schema=False, prefix="/people/{ref}")

Number = Annotated[int, Form()]
Word = Annotated[str, Form(max_length=10_000)]
Act = Callable[[Hub, AsyncSession, Worker, Conversation], Awaitable[None]]


@router.post("/take-over")
async def take_over(web: WebDep, me: Reader, ref: str, conversation: Number) -> Response:
    return await _do(web, me, ref, conversation, conversations.take_over)


@router.post("/hand-back")
async def hand_back(web: WebDep, me: Reader, ref: str, conversation: Number) -> Response:
    return await _do(web, me, ref, conversation, conversations.hand_back)


@router.post("/unread")
async def mark_unread(web: WebDep, me: Reader, ref: str, conversation: Number) -> Response:
    """Back to the list: staying would mark it read again."""
    async with web.hub.store.transaction() as session:
        found = await access_conversation(web.hub, session, me.worker, ref, conversation)
        await conversations.set_unread(session, found, unread=True)
        await presence.leave(session, me.worker, found.id)
    return RedirectResponse("/inbox", 303)


@router.post("/notes")
async def note(request: Request, web: WebDep, me: Reader, ref: str, conversation: Number, note: Word = "") -> Response:
    if not note.strip():
        return await _again(request, web, me, ref, "Write the note first.", "#note")

    async def act(hub: Hub, session: AsyncSession, worker: Worker, found: Conversation) -> None:
        await conversations.add_note(hub, session, worker, found, note.strip())

    return await _do(web, me, ref, conversation, act)


@router.post("/escalations/{escalation}/snooze")
async def snooze(request: Request, web: WebDep, me: Reader, ref: str, escalation: str) -> Response:
    form, now = await request.form(), web.hub.clock.now()
    try:
        until = until_of(form, me.worker.team.agency, now)
    except NotADay as wrong:
        return await _again(request, web, me, ref, f"Put aside: {wrong}", "#why")
    async with web.hub.store.transaction() as session:
        found = await access_escalation(web.hub, session, me.worker, ref, escalation)
        await escalations.snooze(session, found, me.worker.id, until, now)
    return _back(ref)


@router.post("/escalations/{escalation}/take")
async def take(web: WebDep, me: Reader, ref: str, escalation: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await access_escalation(web.hub, session, me.worker, ref, escalation)
        await escalations.take(session, found, me.worker.id, web.hub.clock.now())
    return _back(ref)


@router.post("/escalations/{escalation}/close")
async def close(request: Request, web: WebDep, me: Reader, ref: str, escalation: str, outcome: Word = "") -> Response:
    """There is no silent close."""
    if outcome not in OUTCOMES:
        return await _again(request, web, me, ref, "Say how it ended, so that colleagues can see it.", "#why")
    async with web.hub.store.transaction() as session:
        found = await access_escalation(web.hub, session, me.worker, ref, escalation)
        await escalations.close(session, found, me.worker.id, outcome, web.hub.clock.now())
    return _back(ref)


async def _do(web: WebDep, me: Reader, ref: str, conversation: int, act: Act) -> Response:
    async with web.hub.store.transaction() as session:
        found = await access_conversation(web.hub, session, me.worker, ref, conversation)
        await act(web.hub, session, me.worker, found)
    return _back(ref)


async def _again(request: Request, web: WebDep, me: Reader, ref: str, error: str, where: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await talk(web.hub, session, await access_person(web.hub, session, me.worker, ref), me.worker)
    return talk_page(request, web, me, found, error=error, where=where, status=422)


def _back(ref: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{ref}/messages", 303)
