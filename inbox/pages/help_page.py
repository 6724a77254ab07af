"""GET /help: the ten common things, and what every word on the screens means, taken from where the words are made."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.delivery import MEANINGS, in_words
from hub.reading.wording import APPOINTMENTS, ESCALATIONS, PROOFS
from hub.reading.workers import MAY, ROLES
from hub.reasons import DAY, HOUR, INTERRUPTING, REASONS, Reason
from hub.states import MessageState
from inbox.login import Staff
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

# What each state of a text tells: the words beside it come from hub/delivery.py.
STATES = {
    MessageState.QUEUED: "It goes out at its time.",
    MessageState.SENDING: "We are giving it to the network.",
    MessageState.SENT: "The network has it. Not every network says more.",
    MessageState.DELIVERED: "It is on the phone. Nobody can say whether it was read.",
    MessageState.CANCELLED: "It was taken back, or what it said is no longer true.",
    MessageState.UNCERTAIN: "The connection broke at the wrong moment. We ask the network; do not send it again yet.",
}


@router.get("/help")
async def show(request: Request, web: WebDep, me: Staff) -> HTMLResponse:
    facts: dict[str, Any] = {
        "states": [(in_words(state).words, what) for state, what in STATES.items()],
        "meanings": list(MEANINGS.values()),
        "reasons": [(r.words, due_in_words(r), key in INTERRUPTING) for key, r in REASONS.items()],
        "escalations": list(ESCALATIONS.values()),
        "appointments": list(APPOINTMENTS.values()),
        "proofs": list(PROOFS.values()),
        "roles": [(ROLES[role], MAY[role]) for role in ROLES],
    }
    return web.page(request, "help.html", signed_in=me, **facts)


def due_in_words(reason: Reason) -> str:
    """ "10 minutes, day and night", "4 working hours"."""
    unit, size = next(
        ((unit, size) for unit, size in (("day", DAY), ("hour", HOUR)) if reason.minutes % size == 0),
        ("minute", 1),
    )
    number = reason.minutes // size
    plural = "" if number == 1 else "s"
    if reason.at_once:
        return f"{number} {unit}{plural}, day and night"
    return f"{number} working {unit}{plural}"
