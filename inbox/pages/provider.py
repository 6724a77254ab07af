"""Sign in with the agency's account: there to the provider and back. What waits meanwhile is sealed in a cookie."""

import base64
import binascii
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hub import provider_sign_in
from hub.errors import BadSettings, NotConfirmed, NotFound, ProviderAway
from hub.ports import Begun, IdentityProvider
from hub.provider_sign_in import REFUSALS, Verdict
from hub.sign_in import CODE_WITHIN
from inbox.browsers import in_words
from inbox.login import HALF, inside, keep_session, set_cookie
from inbox.pages.session import sign_in_form
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/sign-in/provider")

UNDER_WAY = "handrail_provider"
BACK_WITHIN = timedelta(minutes=10)
NO = "You did not agree to sign in with that account. Try again, or sign in with your password."


@dataclass(frozen=True, slots=True)
class UnderWay:
    begun: Begun
    next_page: str


@router.get("")
async def leave(web: WebDep, next: str = "/") -> Response:  # noqa: A002
    """A link and no form: the policy of our pages lets no form lead to another site."""
    begun = await _provider(web).begin(_back_to(web))
    answer = RedirectResponse(begun.address, 303)
    kept = json.dumps({**asdict(begun), "next": inside(next), "at": web.hub.clock.now().isoformat()})
    sealed = base64.urlsafe_b64encode(web.hub.vault.master.seal(kept, "provider")).decode()
    set_cookie(answer, web.settings, UNDER_WAY, sealed, seconds=int(BACK_WITHIN.total_seconds()))
    return answer


@router.get("/back")
async def come_back(request: Request, web: WebDep, code: str = "", state: str = "", error: str = "") -> Response:
    answer = await _enter(request, web, code, state, error)
    answer.delete_cookie(UNDER_WAY)  # what came back once is not taken again
    return answer


async def _enter(request: Request, web: Web, code: str, state: str, error: str) -> Response:
    provider = _provider(web)
    under_way = _kept(web, request.cookies.get(UNDER_WAY, ""))
    if under_way is None or not hmac.compare_digest(state.encode(), under_way.begun.state.encode()):
        return sign_in_form(request, web, error=str(NotConfirmed()), status=422)
    if error or not code:
        return sign_in_form(request, web, error=NO, next_page=under_way.next_page, status=422)
    try:
        identity = await provider.finish(code, under_way.begun, _back_to(web))
    except (NotConfirmed, ProviderAway) as refused:
        status = 503 if isinstance(refused, ProviderAway) else 422
        return sign_in_form(request, web, error=str(refused), next_page=under_way.next_page, status=status)
    async with web.hub.store.transaction() as session:
        browser = in_words(request.headers.get("user-agent", ""))
        verdict, token = await provider_sign_in.enter(web.hub, session, identity, browser)
    return _answer(request, web, verdict, token, under_way.next_page)


def _answer(request: Request, web: Web, verdict: Verdict, token: str, next_page: str) -> Response:
    if verdict is Verdict.NEEDS_CODE:
        asks = sign_in_form(request, web, template="sign_in_code.html", next_page=next_page)
        set_cookie(asks, web.settings, HALF, token, seconds=int(CODE_WITHIN.total_seconds()))
        return asks
    if verdict is not Verdict.RIGHT:
        return sign_in_form(request, web, error=REFUSALS[verdict], next_page=next_page, status=422)
    answer = RedirectResponse(next_page, 303)
    keep_session(answer, web.settings, token)
    return answer


def _provider(web: Web) -> IdentityProvider:
    """Raises `NotFound` where none is set up."""
    if web.identity is None:
        raise NotFound
    return web.identity


def _back_to(web: Web) -> str:
    return f"{web.settings.public_url}/sign-in/provider/back"


def _kept(web: Web, cookie: str) -> UnderWay | None:
    """What we sealed, unless it is not ours or too old."""
    try:
        read = json.loads(web.hub.vault.master.open(base64.urlsafe_b64decode(cookie), "provider"))
    except (BadSettings, binascii.Error, ValueError):
        return None
    if datetime.fromisoformat(read["at"]) + BACK_WITHIN < web.hub.clock.now():
        return None
    begun = Begun(read["address"], read["state"], read["nonce"], read["verifier"])
    return UnderWay(begun, inside(read["next"]))
