"""What goes out in the next 14 days: why, in which words, what is held back or was stopped; and taking hold of it."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.nudges import settings
from hub.reading.going_out import Filters, View, chosen, listed
from hub.reading.going_out_rows import opened
from hub.reading.rule_words import in_words
from hub.taking_hold import Verb, take_hold
from inbox.login import CaseWorker
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/outbox")

TITLES = {View.GOING: "Goes out", View.HELD: "Held back", View.STOPPED: "Was stopped"}
EMPTY = {
    View.GOING: "Nothing goes out in the next 14 days. Reminders appear here when an appointment is made.",
    View.HELD: "Nothing is held back.",
    View.STOPPED: "Nothing was stopped in the last 14 days.",
}
# What is done, as a button and as what the next page says.
VERBS = {Verb.HOLD: "Hold back", Verb.RELEASE: "Let go", Verb.CANCEL: "Cancel", Verb.SEND: "Send now"}
DONE = {Verb.HOLD: "held back", Verb.RELEASE: "let go", Verb.CANCEL: "cancelled", Verb.SEND: "on the way"}
OFFERED = {
    View.GOING: (Verb.HOLD, Verb.CANCEL, Verb.SEND),
    View.HELD: (Verb.RELEASE, Verb.CANCEL, Verb.SEND),
    View.STOPPED: (),
}
EFFECTS = {
    Verb.HOLD: "They wait until somebody lets them go. One that is out of date before that is not sent.",
    Verb.RELEASE: "They go out at their time, or at once where that has passed.",
    Verb.CANCEL: "They are not sent. This cannot be undone.",
    Verb.SEND: "They go out now instead of at their time. Nobody gets a text outside the hours that are safe for them.",
}
AT_ONCE = frozenset({Verb.HOLD, Verb.RELEASE})  # of a single text: the other button undoes it
Word = Annotated[str, Form(max_length=40)]


@router.get("")
async def show(
    request: Request,
    web: WebDep,
    me: CaseWorker,
    view: View = View.GOING,
    mine: bool = False,
    rule: Annotated[str, Query(max_length=80)] = "",
    page: int = 1,
    done: Verb | None = None,
    changed: int = 0,
    gone: int = 0,
) -> HTMLResponse:
    filters = Filters(view, mine, rule if rule in web.hub.flows.nudges else "")
    said = _said(done, changed, gone) if done else ""
    return await _list(request, web, me, filters, page, said=said)


@router.post("")
async def change(
    request: Request,
    web: WebDep,
    me: CaseWorker,
    verb: Word = "",
    view: View = View.GOING,
    mine: bool = False,
    rule: Annotated[str, Query(max_length=80)] = "",
    sure: Word = "",
) -> Response:
    """One that can be undone is done; for several, and for what cannot be, its effect is shown first."""
    filters = Filters(view, mine, rule if rule in web.hub.flows.nudges else "")
    keys = [key for key in map(str, (await request.form()).getlist("text")) if key[:1] in {"n", "m"}]
    if not keys or verb not in set(Verb):
        error = "Tick the texts first." if not keys else "Choose what to do with them."
        return await _list(request, web, me, filters, 1, error=error)
    wish = Verb(verb)
    if sure or (len(keys) == 1 and wish in AT_ONCE):
        async with web.hub.store.transaction() as session:
            done = await take_hold(web.hub, session, me.worker, wish, keys)
        news = {"done": wish.value, "changed": done.changed, "gone": done.gone}
        return RedirectResponse(f"/outbox?{_query(filters)}&{urlencode(news)}", 303)
    async with web.hub.store.transaction() as session:
        shorts = await chosen(web.hub, session, me.worker, keys)
        rows = await opened(web.hub, session, me.worker, shorts)
    facts: dict[str, Any] = {"rows": rows, "verb": wish, "button": VERBS[wish], "effect": EFFECTS[wish]}
    return web.page(request, "outbox_check.html", signed_in=me, query=_query(filters), chosen=len(keys), **facts)


async def _list(
    request: Request, web: Web, me: CaseWorker, filters: Filters, page: int, *, said: str = "", error: str = ""
) -> HTMLResponse:
    whose = (me.worker.team.agency_id, me.worker.team.side)
    async with web.hub.store.transaction() as session:
        found = await listed(web.hub, session, me.worker, filters, page)
        rows = await opened(web.hub, session, me.worker, found.rows)
        set_as = await settings.load(session)
    rules = {
        name: in_words(set_as.of(rule, whose).applied(rule) or rule)
        for name in found.rules
        if (rule := web.hub.flows.nudges.get(name))
    }
    facts: dict[str, Any] = {"filters": filters, "found": found, "rows": rows, "rules": rules, "titles": TITLES}
    facts |= {"empty": EMPTY[filters.view], "offered": [(verb, VERBS[verb]) for verb in OFFERED[filters.view]]}
    status = 422 if error else 200
    query = _query(filters)
    return web.page(request, "outbox.html", status=status, signed_in=me, said=said, error=error, query=query, **facts)


def _query(filters: Filters) -> str:
    given = {"view": filters.view.value, "mine": "true" if filters.mine else "", "rule": filters.rule}
    return urlencode({name: value for name, value in given.items() if value})


def _said(done: Verb, changed: int, gone: int) -> str:
    sentence = f"{changed} text{'' if changed == 1 else 's'} {DONE[done]}."
    if gone:
        sentence += f" {gone} had changed before: nothing was done with {'it' if gone == 1 else 'them'}."
    return sentence
