"""“I am not this person”, on every kind of link: we are sorry, we fall silent, and a worker is told."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from hub import settings_links, wrong_links
from hub.core import Hub
from hub.reading.own_data import settings_of
from hub.reading.surveys import run_of
from hub.reading.webchat import chat
from inbox import respondent
from inbox.respondent import About
from inbox.web import Web, WebDep
from inbox.wording import shown_in, wording

router = APIRouter(include_in_schema=False)


@router.get("/s/{token}/not-me")
async def ask_survey(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        return _ask(request, web, await run_of(web.hub, session, token), f"/s/{token}")


@router.post("/s/{token}/not-me")
async def end_survey(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        about = await run_of(web.hub, session, token)
        await wrong_links.end_survey(web.hub, session, token)
    return _sorry(request, web, about)


@router.get("/chat/{token}/not-me")
async def ask_chat(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        return _ask(request, web, await chat(web.hub, session, token), f"/chat/{token}")


@router.post("/chat/{token}/not-me")
async def end_chat(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        about = await chat(web.hub, session, token)
        await wrong_links.end_chat(web.hub, session, token)
    return _sorry(request, web, about)


@router.get("/me/{token}/not-me")
async def ask_settings(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        return _ask(request, web, await _settings(web.hub, session, token), f"/me/{token}")


@router.post("/me/{token}/not-me")
async def end_settings(request: Request, web: WebDep, token: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        about = await _settings(web.hub, session, token)
        await wrong_links.end_settings(web.hub, session, token)
    return _sorry(request, web, about)


async def _settings(hub: Hub, session: AsyncSession, token: str) -> About:
    return await settings_of(hub, session, await settings_links.find(hub, session, token))


def _ask(request: Request, web: Web, about: About, link: str) -> HTMLResponse:
    return respondent.page(request, web, "not_me.html", about, link, "/not-me")


def _sorry(request: Request, web: Web, about: About) -> HTMLResponse:
    """The link has ended, so the page that says so has no way back; its language was the link's."""
    return respondent.page_for_anybody(
        request, web, "not_me_done.html", words=wording(about.language), lang=shown_in(about.language), languages={}
    )
