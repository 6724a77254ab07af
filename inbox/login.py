"""Who is asking: the session cookie, the token in each form. The one dependency of every worker's page."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from hub import sign_in
from hub.access import READERS
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.heartbeat import is_silent, last_beat
from hub.reading import referrals, updates
from hub.reading.dangers import dangers
from hub.sign_in import LONGEST, SignedIn
from hub.times import local, say_time, say_when
from hub.words import Side, WorkerRole
from inbox import kept_words
from inbox.settings import WebSettings
from inbox.web import WebDep

SESSION = "handrail_session"
HALF = "handrail_half"  # password given, code not yet
FORM = "handrail_form"  # the sign-in form's own token, as nobody is signed in yet
READING = frozenset({"GET", "HEAD"})
STALE = "The page was open for too long. Go back, reload it and try again."


async def signed_in(request: Request, web: WebDep) -> SignedIn:
    """The worker who asks; to the sign-in page when nobody is. A form without its token is refused."""
    token = request.cookies.get(SESSION, "")
    touch = request.headers.get("HX-Request") != "true" or request.method not in READING
    async with web.hub.store.transaction() as session:
        found = await sign_in.find(web.hub, session, token, touch=touch) if token else None
        beat = await last_beat(session) if found else None
        whole = found and request.headers.get("HX-Request") != "true"
        request.state.dangers = await dangers(web.hub, session, found.worker) if found and whole else []
        request.state.owed = await _owed(web.hub, session, found) if found and whole else {}
        kept = await kept_words.seal(web.hub, session, request, token) if token and not found else ""
        if found:
            await web.hub.wording.refresh(session)  # pages show texts as they would be sent
    if found is None:
        raise HTTPException(303, headers=_to_sign_in(request, web.settings, token=token, kept=kept))
    if request.method not in READING:
        check_token(await request.form(), found.csrf)
    request.state.stopped_since = _stopped_since(beat, web.hub.clock.now(), found.worker.team.agency.time_zone)
    return found


async def _owed(hub: Hub, session: AsyncSession, found: SignedIn) -> Mapping[str, int]:
    """What presses, by screen, for the navigation: updates on the victims' side, referrals on the other."""
    if found.worker.role not in READERS:
        return {}
    if found.worker.team.side is Side.VICTIMS:
        return {"/updates": await updates.pressing(hub, session, found.worker)}
    return {"/referrals": await referrals.waiting(session, found.worker)}


def _stopped_since(beat: datetime | None, now: datetime, zone: str) -> str:
    """When the clock fell silent, in words for every page; empty while it beats, and before it ever did."""
    if beat is None or not is_silent(beat, now):
        return ""
    today = local(beat, zone).date() == local(now, zone).date()
    return say_time(beat, zone) if today else say_when(beat, zone)


Staff = Annotated[SignedIn, Depends(signed_in)]  # whoever works here; a page that shows people needs one of those below


@dataclass(frozen=True)
class Only:
    """A dependency: signed in, and of one of the roles. Raises `NotAllowed`."""

    roles: frozenset[WorkerRole]

    def __call__(self, me: Staff) -> SignedIn:
        if me.worker.role not in self.roles:
            raise NotAllowed
        return me


def _only(*roles: WorkerRole) -> Only:
    return Only(frozenset(roles))


_R = WorkerRole
Reader = Annotated[SignedIn, Depends(Only(READERS))]  # who may see people: which ones, `hub.access` says
CaseWorker = Annotated[SignedIn, Depends(_only(_R.WORKER, _R.SUPERVISOR))]


def _of_victims(me: CaseWorker) -> SignedIn:
    """For pages that the other side does not have. Raises `NotFound`."""
    if me.worker.team.side is not Side.VICTIMS:
        raise NotFound
    return me


VictimsWorker = Annotated[SignedIn, Depends(_of_victims)]


def _of_supervision(me: CaseWorker) -> SignedIn:
    """The same, the other way round. Raises `NotFound`."""
    if me.worker.team.side is not Side.SUPERVISION:
        raise NotFound
    return me


SupervisionWorker = Annotated[SignedIn, Depends(_of_supervision)]
Supervisor = Annotated[SignedIn, Depends(_only(_R.SUPERVISOR))]
Analyst = Annotated[SignedIn, Depends(_only(_R.WORKER, _R.SUPERVISOR, _R.ANALYST))]  # aggregates
Administrator = Annotated[SignedIn, Depends(_only(_R.ADMINISTRATOR))]
Wording = Annotated[SignedIn, Depends(_only(_R.WORKER, _R.SUPERVISOR, _R.ANALYST, _R.ADMINISTRATOR))]  # may look
Manager = Annotated[SignedIn, Depends(_only(_R.SUPERVISOR, _R.ADMINISTRATOR))]  # texts and rules, never people


def check_token(form: FormData, expected: str) -> None:
    """Raises `NotAllowed` when the form was not ours, or is too old."""
    given = form.get("csrf")
    if not (isinstance(given, str) and expected and hmac.compare_digest(given.encode(), expected.encode())):
        raise NotAllowed(STALE)


def form_token(request: Request) -> str:
    return request.cookies.get(FORM) or secrets.token_urlsafe(32)


def set_cookie(response: Response, settings: WebSettings, name: str, value: str, *, seconds: int | None = None) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=settings.secure_cookies, path="/"
    )


def keep_session(response: Response, settings: WebSettings, token: str) -> None:
    """Give the browser its session (`hub.sign_in.start`)."""
    set_cookie(response, settings, SESSION, token, seconds=int(LONGEST.total_seconds()))


def _to_sign_in(request: Request, settings: WebSettings, *, token: str, kept: str) -> dict[str, str]:
    """Back here afterwards. htmx gets its own header: it would follow a redirect into a part of the page."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = {"next": here} if request.method in READING else {}
    if token:
        asked["over"] = "1"  # there was a session: say that it has ended
    where = f"/sign-in?{urlencode(asked)}" if asked else "/sign-in"
    if request.headers.get("HX-Request") == "true":
        where = "/sign-in?over=1"
    headers = {"Location": where}
    if request.headers.get("HX-Request") == "true":
        headers["HX-Redirect"] = where
    if kept:
        headers["Set-Cookie"] = kept_words.cookie_header(settings, kept)
    return headers


def inside(where: str) -> str:
    """Only ever to a page of ours."""
    return where if where.startswith("/") and not where.startswith(("//", "/\\")) else "/"
