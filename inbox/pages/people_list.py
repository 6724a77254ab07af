"""The people a worker may see: by filter in the address, by parts of a name in the form alone."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import people
from hub.reading.people import Only, Status, Whose
from hub.reading.wording import CHANNELS
from hub.words import ChannelKind, Side
from inbox.login import Reader
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/people")

WHOSE = {Whose.MINE: "Mine", Whose.TEAM: "My team’s", Whose.NOBODY: "No worker"}
STATUSES = {
    Status.ACTIVE: "Active",
    Status.PAUSED: "Paused",
    Status.STOPPED: "Stopped our texts",
    Status.ENDED: "Ended",
}
CHOICES: Mapping[str, tuple[str, Mapping[Any, str]]] = {
    "whose": ("Whose", WHOSE),
    "channel": ("Channel", {kind: words for kind, words in CHANNELS.items() if kind is not ChannelKind.SIMULATOR}),
    "status": ("Status", STATUSES),
    "safe": ("Safe contact", {"unknown": "Not known"}),
}


@router.get("")
async def show(
    request: Request,
    web: WebDep,
    me: Reader,
    whose: str = "",
    channel: str = "",
    status: str = "",
    safe: str = "",
    page: int = 1,
) -> HTMLResponse:
    chosen = {"whose": whose, "channel": channel, "status": status, "safe": safe}
    return await _list(request, web, me, "", chosen, page)


@router.post("")
async def search_for(request: Request, web: WebDep, me: Reader) -> HTMLResponse:
    """By POST, so that no name stands in an address, a log or a history."""
    return await _list(request, web, me, str((await request.form()).get("words", ""))[:100], {}, 1)


async def _list(
    request: Request, web: WebDep, me: Reader, words: str, chosen: dict[str, str], page: int
) -> HTMLResponse:
    applied = {name: value for name, value in chosen.items() if value in CHOICES[name][1]}
    async with web.hub.store.transaction() as session:
        found = await people.listed(web.hub, session, me.worker, _only(applied), words=words.strip(), number=page)
    side = me.worker.team.side
    facts: dict[str, Any] = {
        "words": words,
        "found": found,
        "choices": {name: each for name, each in CHOICES.items() if name != "safe" or side is Side.VICTIMS},
        "typed": applied,
        "tags": [(_tag(name, value), _without(applied, name)) for name, value in applied.items()],
        "address": f"/people?{urlencode(applied)}&" if applied else "/people?",
        "colours": {Status.ACTIVE: "green", Status.PAUSED: "yellow", Status.STOPPED: "red", Status.ENDED: "grey"},
    }
    return web.page(request, "people.html", signed_in=me, **facts)


def _tag(name: str, value: str) -> str:
    label, words = CHOICES[name]
    return f"{label}: {words[value].lower()}" if name == "safe" else words[value]


def _only(applied: dict[str, str]) -> Only:
    whose, channel, status = (applied.get(name) for name in ("whose", "channel", "status"))
    return Only(
        Whose(whose) if whose else None,
        ChannelKind(channel) if channel else None,
        Status(status) if status else None,
        safe_unknown="safe" in applied,
    )


def _without(applied: dict[str, str], name: str) -> str:
    left = urlencode({key: value for key, value in applied.items() if key != name})
    return f"/people?{left}" if left else "/people"
