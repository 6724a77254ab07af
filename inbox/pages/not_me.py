"""“I am not this person”, on every kind of link: we are sorry, we fall silent, and a worker is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from hub import settings_links, wrong_links
from hub.core import Hub
from hub.reading.own_data import settings_of
from hub.reading.statement_page import account
from hub.reading.surveys import run_of
from hub.reading.webchat import chat
from inbox import respondent
from inbox.respondent import About
from inbox.web import WebDep
from inbox.wording import shown_in, wording

router = APIRouter(include_in_schema=False)


async def _settings(hub: Hub, session: AsyncSession, token: str) -> About:
    return await settings_of(hub, session, await settings_links.find(hub, session, token))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of link: whose it is, and how it ends. Both raise `LinkDoesNotWork`."""

    read: Callable[[Hub, AsyncSession, str], Awaitable[About]]
    end: Callable[[Hub, AsyncSession, str], Awaitable[None]]


KINDS = {  # by how the address begins
    "s": Kind(run_of, wrong_links.end_survey),
    "chat": Kind(chat, wrong_links.end_chat),
    "me": Kind(_settings, wrong_links.end_settings),
    "q": Kind(account, wrong_links.end_statement),
}


async def ask(request: Request, web: WebDep, token: str) -> HTMLResponse:
    kind = _kind(request)
    async with web.hub.store.transaction() as session:
        about = await KINDS[kind].read(web.hub, session, token)
    return respondent.page(request, web, "not_me.html", about, f"/{kind}/{token}", "/not-me")


async def end(request: Request, web: WebDep, token: str) -> HTMLResponse:
    """The link has ended, so the page that says so has no way back; its language was the link's."""
    kind = KINDS[_kind(request)]
    async with web.hub.store.transaction() as session:
        about = await kind.read(web.hub, session, token)
        await kind.end(web.hub, session, token)
    return respondent.page_for_anybody(
        request, web, "not_me_done.html", words=wording(about.language), lang=shown_in(about.language), languages={}
    )


def _kind(request: Request) -> str:
    return request.url.path.split("/")[1]


for _each in KINDS:
    router.add_api_route(f"/{_each}/{{token}}/not-me", ask, methods=["GET"])
    router.add_api_route(f"/{_each}/{{token}}/not-me", end, methods=["POST"])
