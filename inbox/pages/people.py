"""The people a worker may see, and one person in short."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from hub.access import access_person
from hub.reading import appointments, people
from hub.reading.texts import shown_name
from hub.reading.wording import CHANNELS, LANGUAGES
from hub.store.tables import ContactPoint
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people")

ROLES = {
    "supervised": "Person on probation or on a disposal",
    "victim": "Victim or witness",
    "supporter": "Supporter",
}


@router.get("")
async def search(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    return await _list(request, web, me, "")


@router.post("")
async def search_for(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    """By POST, so that no name stands in an address, a log or a history."""
    return await _list(request, web, me, str((await request.form()).get("words", ""))[:100])


@router.get("/{ref}")
async def show(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        dates = await appointments.of_person(web.hub, session, person)
        ways = (await session.scalars(select(ContactPoint).where(ContactPoint.person_id == person.id))).all()
    facts: dict[str, Any] = {
        "name": shown_name(web.hub, person),
        "role": ROLES[person.role],
        "ways": ways,
        "channels": CHANNELS,
    }
    language = LANGUAGES.get(person.language, person.language)
    return web.page(request, "person.html", signed_in=me, person=person, rows=dates, language=language, **facts)


async def _list(request: Request, web: WebDep, me: Reader, words: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await people.search(web.hub, session, me.worker, words)
    return web.page(request, "people.html", signed_in=me, rows=rows, words=words)
