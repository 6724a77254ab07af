"""What all pages for people outside share: their language, the way to leave quickly, coming back to where one was.

Knows no topic. Nobody signs in here: the secret in the address is the key, so no answer sets a cookie,
but for somebody who asks us to know their own phone (`inbox/pages/here.py`).
"""

import re
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.words import Side
from inbox.web import Web
from inbox.wording import DEFAULT, LANGUAGES, shown_in, wording

PREFIXES = ("/s/", "/q/", "/chat/", "/proof/", "/me/", "/about/", "/here", "/join/", "/rights", "/refer/")
_PLACE = re.compile(r"(?:/[a-z0-9-]+)*(?:\?change=true)?")  # of the pages behind a link


class About(Protocol):
    """What a page knows of whose it is."""

    @property
    def side(self) -> Side: ...
    @property
    def language(self) -> str: ...
    @property
    def agency(self) -> str: ...
    @property
    def phone(self) -> str: ...


def is_theirs(path: str) -> bool:
    return path.startswith(PREFIXES)


def page(
    request: Request, web: Web, template: str, about: About, link: str, place: str = "", status: int = 200, **facts: Any
) -> HTMLResponse:
    """A page of somebody whose link is right. `link` is its address up to the secret, `place` what comes behind."""
    return web.page(
        request,
        template,
        status=status,
        words=wording(about.language),
        lang=shown_in(about.language),
        languages=LANGUAGES,
        agency=about.agency,
        phone=about.phone,
        side=about.side,
        leaves=about.side is Side.VICTIMS,
        numbers=web.hub.flows.helplines.numbers(),
        link=link,
        call_now="call" in request.query_params,
        place=place,
        **facts,
    )


def page_for_anybody(request: Request, web: Web, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page that does not know whose it is: in the browser's language, and with the way to leave quickly."""
    language = language_of(request)
    whose: dict[str, Any] = {"words": wording(language), "lang": language, "languages": LANGUAGES, "leaves": True}
    return web.page(request, template, status=status, **(whose | facts))


def language_of(request: Request) -> str:
    """Chosen on the page, else the first of ours that the browser asks for."""
    chosen = request.query_params.get("in", "")
    asked = (part.split(";")[0].split("-")[0].strip() for part in request.headers.get("accept-language", "").split(","))
    return next((code for code in (chosen, *asked) if code in LANGUAGES), DEFAULT)


async def back_to(request: Request, link: str) -> Response:
    """To where the form stood; anything else than a page behind the same link is its first page."""
    place = str((await request.form()).get("place") or "")
    return RedirectResponse(link + (place if _PLACE.fullmatch(place) else ""), 303)
