"""A worker's words that have not arrived: take back or call off what waits; send another way what failed."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import drafts
from hub.access import access_conversation, access_person
from hub.another_way import line_for
from hub.core import Hub
from hub.errors import NotFound
from hub.people import conversation_on
from hub.reading.outbox import cancel
from hub.reading.ways import points_of
from hub.store.tables import Conversation, Message, Worker
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/messages/{message_id}")


@router.post("/change")
async def change(web: WebDep, me: Reader, ref: str, message_id: int) -> Response:
    """Its words are a draft again; nothing goes out until they are sent anew."""
    async with web.hub.store.transaction() as session:
        message, conversation = await _mine(web.hub, session, me.worker, ref, message_id)
        key = web.hub.vault.open_person_key(conversation.person.wrapped_key or b"")
        words = key.open(message.body_sealed or b"", "body")
        await cancel(web.hub, session, f"worker:{me.worker.id}", [message.id])
        await drafts.keep(web.hub, session, me.worker, conversation, words)
    return RedirectResponse(f"/people/{ref}/messages#body", 303)


@router.post("/cancel")
async def call_off(web: WebDep, me: Reader, ref: str, message_id: int) -> Response:
    async with web.hub.store.transaction() as session:
        message, _ = await _mine(web.hub, session, me.worker, ref, message_id)
        await cancel(web.hub, session, f"worker:{me.worker.id}", [message.id])
    return RedirectResponse(f"/people/{ref}/messages#latest", 303)


@router.post("/another-way")
async def another_way(web: WebDep, me: Reader, ref: str, message_id: int, way: Annotated[int, Form()]) -> Response:
    """Its words in the box again, of the conversation by another channel. Nothing is sent yet."""
    async with web.hub.store.transaction() as session:
        message, conversation = await _mine(web.hub, session, me.worker, ref, message_id)
        point = next((point for point in await points_of(session, conversation) if point.id == way), None)
        line = await line_for(session, conversation, point) if point else None
        if point is None or line is None:
            raise NotFound
        there = await conversation_on(session, conversation.person, line, point)
    return RedirectResponse(f"/people/{ref}/messages?again={message.id}&on={there.id}#body", 303)


async def _mine(
    hub: Hub, session: AsyncSession, worker: Worker, ref: str, message_id: int
) -> tuple[Message, Conversation]:
    """Words that a worker wrote to this person. Raises `NotFound`."""
    message = await session.get(Message, message_id)
    if message is None or message.author_id is None:
        raise NotFound
    await access_person(hub, session, worker, ref)
    return message, await access_conversation(hub, session, worker, ref, message.conversation_id)
