"""What can be set, by role; and the colours of the screens, kept in this browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.words import WorkerRole
from inbox.colours import CLASSES, COOKIE, KEPT_FOR, chosen
from inbox.login import Staff, set_cookie, signed_in
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/settings")

_ADMINISTRATOR = frozenset({WorkerRole.ADMINISTRATOR})
_MANAGERS = _ADMINISTRATOR | {WorkerRole.SUPERVISOR}
COLOURS = {"automatic": "As this device is set", "light": "Light", "dark": "Dark, for the night"}


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    words: str
    what: str
    roles: frozenset[WorkerRole]


LINKS = (
    Link(
        "/settings/people-who-work-here",
        "People who work here",
        "Add somebody, change what they may do, end their access, help them to sign in again",
        _ADMINISTRATOR,
    ),
    Link("/settings/teams", "Teams", "Who works together", _ADMINISTRATOR),
    Link("/settings/agency", "Agency", "Its name, how texts are signed, the number that texts give", _ADMINISTRATOR),
    Link("/settings/hours", "Hours", "When texts may go out, when somebody answers, bank holidays", _ADMINISTRATOR),
    Link("/settings/check-ins", "Check-ins", "Tiers, how often each is asked, “are you back?”", _ADMINISTRATOR),
    Link("/settings/venues", "Places", "Where appointments are held, what a place counts for", _ADMINISTRATOR),
    Link("/settings/referrals", "Referrals", "Whether others can refer young people to you, and where", _ADMINISTRATOR),
    Link("/services", "Services", "Who can help the people of your side", frozenset({WorkerRole.SUPERVISOR})),
    Link("/settings/channels", "Channels", "Our numbers and bots: what works, what fails", _MANAGERS),
    Link("/settings/webhooks", "Webhooks", "The addresses to enter at the providers", _ADMINISTRATOR),
    Link("/settings/keys", "API keys", "Other programs that may ask and tell us things", _ADMINISTRATOR),
    Link("/settings/retention", "What is kept", "What we hold, and for how long", _MANAGERS),
    Link("/settings/audit", "Who saw what", "The record of every look and every change", _MANAGERS),
)


def links_for(role: WorkerRole) -> Sequence[Link]:
    return [link for link in LINKS if role in link.roles]


@router.get("")
async def show(request: Request, web: WebDep, me: Staff, done: bool = False) -> HTMLResponse:
    facts: dict[str, Any] = {
        "links": links_for(me.worker.role),
        "colours": COLOURS,
        "colour": chosen(request),
        "done": "Your colours are set." if done else "",
    }
    return web.page(request, "settings/index.html", signed_in=me, **facts)


@router.post("/colours", dependencies=[Depends(signed_in)])
async def set_colours(web: WebDep, colours: Annotated[str, Form(max_length=20)] = "") -> Response:
    answer = RedirectResponse("/settings?done=1", 303)
    if colours in CLASSES:
        set_cookie(answer, web.settings, COOKIE, colours, seconds=int(KEPT_FOR.total_seconds()))
    else:
        answer.delete_cookie(COOKIE)
    return answer
