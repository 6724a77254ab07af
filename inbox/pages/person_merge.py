"""The same person twice: finding the other record, both side by side with what will happen, and making them one.

Nothing happens without a tick, as there is no way back.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import merging, namesakes
from hub.access import access_person
from hub.reading import merging as reading
from hub.reading import people
from hub.reading.texts import shown_name
from inbox import typed as read
from inbox.login import CaseWorker
from inbox.pages.person_edit import task_page
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people/{ref}/merge")

SHORTEST = 2  # letters
TOO_SHORT = f"Enter at least {SHORTEST} letters of a name or a reference."
NOT_SURE = "Select that this is one person, or leave the page."


@router.get("")
async def ask(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    return await _search(request, web, me, ref, "")


@router.post("")
async def search(request: Request, web: WebDep, me: CaseWorker, ref: str) -> HTMLResponse:
    """By POST, so that no name stands in an address, a log or a history."""
    words = read.fields(await request.form()).get("words", "")[:100]
    errors = {} if len(words) >= SHORTEST else {"words": TOO_SHORT}
    return await _search(request, web, me, ref, words, errors)


async def _search(
    request: Request, web: WebDep, me: CaseWorker, ref: str, words: str, errors: dict[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        person = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        alike = await namesakes.namesakes(session, me.worker, person)
        found = [] if errors or not words else await people.search(web.hub, session, me.worker, words)
        facts: dict[str, Any] = {
            "alike": [(each.ref, shown_name(web.hub, each)) for each in alike],
            "found": [row for row in found if row.ref != person.ref],
            "searched": bool(words) and not errors,
        }
        typed = {"words": words}
        return await task_page(
            request, web, me, session, person, "person_merge.html", errors=errors, typed=typed, **facts
        )


@router.get("/{other}")
async def compare(request: Request, web: WebDep, me: CaseWorker, ref: str, other: str) -> HTMLResponse:
    return await _compare(request, web, me, ref, other)


@router.post("/{other}")
async def merge(request: Request, web: WebDep, me: CaseWorker, ref: str, other: str) -> Response:
    if read.fields(await request.form()).get("sure") != "yes":
        return await _compare(request, web, me, ref, other, {"sure": NOT_SURE})
    async with web.hub.store.transaction() as session:
        keep = await access_person(web.hub, session, me.worker, ref)
        gone = await access_person(web.hub, session, me.worker, other)
        if keep.id != gone.id:  # else it is done: the button was pressed twice
            await merging.merge(web.hub, session, me.worker, keep, gone)
    return RedirectResponse(f"/people/{ref}?done=merged", 303)


@router.post("/{other}/apart")
async def apart(web: WebDep, me: CaseWorker, ref: str, other: str) -> Response:
    """They are two people: neither is suggested for the other again."""
    async with web.hub.store.transaction() as session:
        one = await access_person(web.hub, session, me.worker, ref)
        two = await access_person(web.hub, session, me.worker, other)
        await namesakes.tell_apart(web.hub, session, me.worker, one, two)
    return RedirectResponse(f"/people/{ref}?done=apart", 303)


async def _compare(
    request: Request, web: WebDep, me: CaseWorker, ref: str, other: str, errors: dict[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        keep = await access_person(web.hub, session, me.worker, ref, viewing="person_viewed")
        gone = await access_person(web.hub, session, me.worker, other, viewing="person_viewed")
        facts: dict[str, Any] = {
            "both": await reading.both(web.hub, session, keep, gone),
            "alike": gone.id in {each.id for each in await namesakes.namesakes(session, me.worker, keep)},
        }
        return await task_page(request, web, me, session, keep, "person_merge_check.html", errors=errors, **facts)
