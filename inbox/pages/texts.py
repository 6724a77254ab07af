"""Every text that people read: looking, proposing another wording, deciding, bringing an earlier one back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub import rewording
from hub.errors import BadWording, NotAllowed, NotFound
from hub.reading import wordings
from hub.rewording import DECIDE, PROPOSE
from hub.sign_in import SignedIn
from hub.sms import dear_characters
from hub.states import TextState
from hub.texts import Template
from inbox.login import Manager, Wording
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/texts")

Body = Annotated[str, Form(max_length=2000)]
Reason = Annotated[str, Form(max_length=300)]
Word = Annotated[str, Form(max_length=20)]
SAID = {
    "proposed": "The wording is proposed. A supervisor or an administrator decides.",
    "accepted": "The wording is in use from now on.",
    "refused": "The wording is refused.",
    "back": "The first wording is in use again.",
}


@router.get("")
async def show(request: Request, web: WebDep, me: Wording, topic: str = "appointments") -> HTMLResponse:
    return await _list(request, web, me, topic=topic)


@router.post("")
async def search(request: Request, web: WebDep, me: Wording, words: Reason = "") -> HTMLResponse:
    return await _list(request, web, me, words=words)


@router.get("/proposals")
async def proposals(request: Request, web: WebDep, me: Wording) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await wordings.versions(session, me.worker, state=TextState.PROPOSED)
    facts: dict[str, Any] = {"rows": rows, "may_decide": me.worker.role in DECIDE, "name_of": wordings.name_of}
    return web.page(request, "text_proposals.html", signed_in=me, **facts)


@router.post("/versions/{version}/decide")
async def decide(
    request: Request, web: WebDep, me: Manager, version: int, decision: Word = "", why: Reason = ""
) -> Response:
    accept = decision == "accept"
    async with web.hub.store.transaction() as session:
        if not accept and not why.strip():
            key = next((v.key for v in await wordings.versions(session, me.worker) if v.id == version), None)
            if key is None:
                raise NotFound
            return await _one(request, web, me, key, error=("Say why it is refused.", f"#why-{version}"))
        decided = await rewording.decide(web.hub, session, me.worker, version, accept=accept, why=why)
    return _back(decided.key, "accepted" if accept else "refused")


@router.post("/versions/{version}/restore")
async def restore(web: WebDep, me: Wording, version: int) -> Response:
    async with web.hub.store.transaction() as session:
        again = await rewording.restore(web.hub, session, me.worker, version)
    return _back(again.key, "accepted" if again.state is TextState.LIVE else "proposed")


@router.get("/{key}")
async def one(request: Request, web: WebDep, me: Wording, key: str, said: str = "") -> HTMLResponse:
    return await _one(request, web, me, key, said=SAID.get(said, ""))


@router.get("/{key}/{language}")
async def change(request: Request, web: WebDep, me: Wording, key: str, language: str) -> HTMLResponse:
    now = _now(web, me, key, language)
    return _form(request, web, me, key, language, now.text, now.discreet if now.discreet != now.text else "")


@router.post("/{key}/{language}/check")
async def check(
    request: Request, web: WebDep, me: Wording, key: str, language: str, text: Body = "", discreet: Body = ""
) -> HTMLResponse:
    """While it is written: the same checks as when it is saved."""
    return web.page(request, "parts/wording_check.html", signed_in=me, **_judged(web, key, language, text, discreet))


@router.post("/{key}/{language}")
async def propose(
    request: Request,
    web: WebDep,
    me: Wording,
    key: str,
    language: str,
    text: Body = "",
    discreet: Body = "",
    why: Reason = "",
) -> Response:
    try:
        async with web.hub.store.transaction() as session:
            await rewording.propose(web.hub, session, me.worker, key, language, text=text, discreet=discreet, why=why)
    except BadWording as wrong:
        return _form(request, web, me, key, language, text, discreet, why=why, error=wrong.detail, status=422)
    return _back(key, "proposed")


@router.post("/{key}/{language}/first")
async def back_to_first(web: WebDep, me: Manager, key: str, language: str) -> Response:
    async with web.hub.store.transaction() as session:
        await rewording.back_to_ours(web.hub, session, me.worker, key, language)
    return _back(key, "back")


async def _list(request: Request, web: Web, me: SignedIn, *, topic: str = "", words: str = "") -> HTMLResponse:
    rows = wordings.listed(web.hub, me.worker, topic="" if words else topic, words=words)
    async with web.hub.store.transaction() as session:
        waiting = await wordings.versions(session, me.worker, state=TextState.PROPOSED)
    facts: dict[str, Any] = {"rows": rows, "topic": topic, "topics": wordings.topics(web.hub), "words": words}
    facts |= {"name_of": wordings.name_of}
    return web.page(request, "texts.html", signed_in=me, names=wordings.TOPICS, waiting=len(waiting), **facts)


async def _one(
    request: Request, web: Web, me: SignedIn, key: str, *, said: str = "", error: tuple[str, str] | None = None
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await wordings.one(web.hub, session, me.worker, key)
    role = me.worker.role
    facts: dict[str, Any] = {"found": found, "said": said, "error": error, "may_decide": role in DECIDE}
    status = 422 if error else 200
    return web.page(request, "text.html", status=status, signed_in=me, may_propose=role in PROPOSE, **facts)


def _form(
    request: Request,
    web: Web,
    me: SignedIn,
    key: str,
    language: str,
    text: str,
    discreet: str,
    *,
    why: str = "",
    error: str = "",
    status: int = 200,
) -> HTMLResponse:
    if me.worker.role not in PROPOSE or key.startswith(rewording.FIXED):
        raise NotAllowed
    ours = rewording.ours_of(web.hub, key, language)
    facts = _judged(web, key, language, text, discreet) | {"fields": sorted(ours.fields()), "ours": ours, "key": key}
    facts |= {"name_of": wordings.name_of}
    typed = {"text": text, "discreet": discreet, "why": why}
    return web.page(
        request, "text_change.html", status=status, signed_in=me, typed=typed, error=error, code=language, **facts
    )


def _judged(web: Web, key: str, language: str, text: str, discreet: str) -> dict[str, Any]:
    problems = rewording.judge(web.hub, key, language, text, discreet)
    facts: dict[str, Any] = {"problems": problems, "spoken": None}
    if not any("stands alone" in problem for problem in problems):
        wording = Template(text.strip(), (discreet or text).strip(), ())
        facts |= {"spoken": wordings.spoken_as(web.hub, key, language, wording), "dear": dear_characters(text)}
    return facts


def _now(web: Web, me: SignedIn, key: str, language: str) -> Template:
    """As it is said now. Raises `NotFound`."""
    rewording.ours_of(web.hub, key, language)
    team = me.worker.team
    return web.hub.wording.over(web.hub.flows.texts, web.hub.flows.text_rules, team.agency_id, team.side).template(
        key, language
    )


def _back(key: str, said: str) -> RedirectResponse:
    return RedirectResponse(f"/texts/{key}?said={said}", 303)
