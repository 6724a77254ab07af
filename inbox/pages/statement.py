"""A statement as plain pages: one question a page, with photos and voice; read back at the end, confirmed or not.

The link lets one person in until they confirm. How to leave comes before anything else. Without JavaScript all of it.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from hub.errors import BadFile, FileTooLarge, HarmfulFile, ScannerAway, SoundTooLong
from hub.reading.statement_page import Account, Put, account, own_voice, question_of
from hub.statements import on_pages, sealing
from hub.statements.definition import Kind
from hub.statements.on_pages import Given
from inbox import respondent
from inbox.pages.voices import part_of
from inbox.uploads import media_of, read_form
from inbox.web import Web, WebDep
from inbox.wording import LANGUAGES, shown_in, wording

router = APIRouter(include_in_schema=False, prefix="/q/{token}")

LONGEST = 8000  # characters of an answer
FILES = 2  # a photo and a voice message
_SAYS = {  # by what was wrong with a file, the narrowest first
    FileTooLarge: ("too_large", 413),
    SoundTooLong: ("told_too_long", 422),
    HarmfulFile: ("proof_harm", 422),
    BadFile: ("told_bad_file", 422),
    ScannerAway: ("proof_wait", 503),
}


@router.get("")
async def leave(request: Request, web: WebDep, token: str) -> HTMLResponse:
    return _page(request, web, token, await _read(web, token), "survey_leave.html")


@router.get("/start")
async def start(request: Request, web: WebDep, token: str) -> HTMLResponse:
    return _page(request, web, token, await _read(web, token), "told_start.html", "/start")


@router.post("")
async def go(web: WebDep, token: str) -> Response:
    return _to(token, _next(await _read(web, token)))


@router.post("/language/{language}")
async def speak(request: Request, web: WebDep, token: str, language: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await account(web.hub, session, token)
        if language in LANGUAGES:
            found.row.person.language = language
    return await respondent.back_to(request, f"/q/{token}")


@router.get("/check")
async def check(request: Request, web: WebDep, token: str) -> HTMLResponse:
    """All of it, before it counts."""
    async with web.hub.store.transaction() as session:
        found = await account(web.hub, session, token, lock=True)
        if found.open is None:
            await sealing.read_back(web.hub, session, found.row)
    return _page(request, web, token, found, "told_check.html", "/check")


@router.post("/check")
async def confirm(request: Request, web: WebDep, token: str) -> Response:
    """The link ends with it, so the answer says all that there is to say."""
    async with web.hub.store.transaction() as session:
        found = await account(web.hub, session, token, lock=True)
        if found.open is not None or not found.begun:
            return _to(token, _next(found))
        await on_pages.confirm(web.hub, session, found.row)
    return _over(request, web, found, "told_done")


@router.get("/back")
async def ask_back(request: Request, web: WebDep, token: str) -> HTMLResponse:
    return _page(request, web, token, await _read(web, token), "told_back.html", "/back")


@router.post("/back")
async def take_back(request: Request, web: WebDep, token: str) -> Response:
    async with web.hub.store.transaction() as session:
        found = await account(web.hub, session, token, lock=True)
        await on_pages.withdraw(web.hub, session, found.row)
    return _over(request, web, found, "told_withdrawn")


@router.get("/voice/{media_id}")
async def play(request: Request, web: WebDep, token: str, media_id: int) -> Response:
    """Their own, to hear what they said."""
    async with web.hub.store.transaction() as session:
        found = await account(web.hub, session, token)
        file, _ = await own_voice(session, found, media_id)
        key = web.hub.vault.open_person_key(found.row.person.wrapped_key or b"")
        content = key.open_bytes(file.content_sealed or b"", "file")
    return part_of(request, content)


@router.post("/voice/{media_id}")
async def judge(request: Request, web: WebDep, token: str, media_id: int) -> Response:
    form = await request.form()
    async with web.hub.store.transaction() as session:
        found = await account(web.hub, session, token, lock=True)
        _, draft = await own_voice(session, found, media_id)
        if draft:
            words = str(form.get("words", ""))[:LONGEST]
            on_pages.judge(web.hub, found.row, draft, words, right="right" in form)
    return _to(token, "/check")


@router.get("/{number}")
async def ask(request: Request, web: WebDep, token: str, number: int, change: bool = False) -> Response:
    found = await _read(web, token)
    put = found.at(number)
    return _question(request, web, token, found, put, change=change) if put else _to(token, _next(found))


@router.post("/{number}")
async def answer(request: Request, web: WebDep, token: str, number: int) -> Response:
    """Keep it. A photo keeps the page of photos open: another one may follow."""
    change, given, skips = False, Given(), False
    try:
        form = await read_form(request, files=FILES)
        change, skips = form.get("change") == "1", "skip" in form
        given = await _given(form)
        async with web.hub.store.transaction() as session:
            found = await account(web.hub, session, token, lock=True)
            question = question_of(web.hub, found, number)
            if found.at(number) is None:
                return _to(token, _next(found))
            if skips:
                await on_pages.skip(web.hub, session, found.row, question)
            elif not await on_pages.take(web.hub, session, found.row, question, given):
                return await _again(request, web, token, number, given, change, "told_nothing", 422)
            after = await account(web.hub, session, token)
    except (BadFile, ScannerAway) as wrong:
        said, status = next(says for kind, says in _SAYS.items() if isinstance(wrong, kind))
        return await _again(request, web, token, number, given, change, said, status)
    cry = "?call=now" if on_pages.worries(web.hub, given.words) and not skips else ""
    if question.kind is Kind.FILES and given.files and not given.done:
        return _to(token, f"/{number}")
    return _to(token, (_next(after) if change or after.open is None else _following(after, number)) + cry)


async def _given(form: FormData) -> Given:
    photo, voice = await media_of(form, "photo"), await media_of(form, "voice")
    return Given(
        words=str(form.get("answer", ""))[:LONGEST],
        choice=str(form.get("answer", ""))[:40],
        files=(*photo, *voice),
        done="done" in form,
    )


def _next(found: Account) -> str:
    return f"/{found.open.number}" if found.open else "/check"


def _following(found: Account, number: int) -> str:
    """The question behind this one on the way, answered before or not."""
    later = [put.number for put in found.way if put.number > number]
    return f"/{later[0]}" if later else "/check"


async def _again(
    request: Request, web: Web, token: str, number: int, given: Given, change: bool, said: str, status: int
) -> Response:
    """The question once more with what is wrong. Words that were typed stay; a file has to be chosen again."""
    found = await _read(web, token)
    put = found.at(number)
    error = wording(found.language)[said]
    if put is None:
        return _to(token, _next(found))
    return _question(request, web, token, found, put, change=change, status=status, error=error, typed=given.words)


def _question(
    request: Request, web: Web, token: str, found: Account, put: Put, *, change: bool, status: int = 200, **facts: Any
) -> HTMLResponse:
    before = found.way[put.place - 2] if put.place > 1 else None
    back = "/check" if change else f"/{before.number}" if before else "/start"
    place = f"/{put.number}" + ("?change=true" if change else "")
    shown: dict[str, Any] = {"put": put, "back": back, "change": change, "error": "", "typed": "", **facts}
    return _page(request, web, token, found, "told_question.html", place, status, **shown)


def _over(request: Request, web: Web, found: Account, what: str) -> HTMLResponse:
    """The link has ended: this page has no way back."""
    words: dict[str, Any] = {"words": wording(found.language), "lang": shown_in(found.language), "languages": {}}
    facts: dict[str, Any] = {"agency": found.agency, "phone": found.phone, "side": found.side, "what": what}
    numbers = web.hub.flows.helplines.numbers()
    return respondent.page_for_anybody(request, web, "told_over.html", numbers=numbers, **words, **facts)


async def _read(web: Web, token: str) -> Account:
    """Raises `LinkDoesNotWork`."""
    async with web.hub.store.transaction() as session:
        return await account(web.hub, session, token)


def _to(token: str, where: str) -> RedirectResponse:
    return RedirectResponse(f"/q/{token}{where}", 303)


def _page(
    request: Request,
    web: Web,
    token: str,
    found: Account,
    template: str,
    place: str = "",
    status: int = 200,
    **facts: Any,
) -> HTMLResponse:
    return respondent.page(request, web, template, found, f"/q/{token}", place, status, told=found, **facts)
