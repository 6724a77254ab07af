"""Search from the inbox: people, references, and words in the messages of the worker's own people.

By POST, so that no name and no word stands in an address, a log or a history.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from hub.reading import search
from inbox.list_query import last_list
from inbox.login import CaseWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/inbox/search")

Word = Annotated[str, Form(max_length=100)]


@router.get("")
async def ask(request: Request, web: WebDep, me: CaseWorker) -> HTMLResponse:
    return _page(request, web, me, "", None)


@router.post("")
async def find(request: Request, web: WebDep, me: CaseWorker, words: Word = "") -> HTMLResponse:
    words = " ".join(words.split())
    if len(words) < search.SHORTEST:
        errors = {"words": f"Enter at least {search.SHORTEST} letters of a name, a reference or a message."}
        return _page(request, web, me, words, None, errors)
    async with web.hub.store.transaction() as session:
        found = await search.search(web.hub, session, me.worker, words)
    return _page(request, web, me, words, found)


def _page(
    request: Request,
    web: Web,
    me: CaseWorker,
    words: str,
    found: search.Found | None,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    facts = {"words": words, "found": found, "errors": errors or {}, "back": last_list(request).address}
    bounds = {"days": search.DAYS, "most": search.MOST}
    status = 422 if errors else 200
    return web.page(request, "search.html", signed_in=me, status=status, **facts, **bounds)
