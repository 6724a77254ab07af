"""Nudge rules in words: what each sends, how many texts lie ahead; off and on, another day or time, and trying."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.access import READERS, access_person
from hub.errors import NotAllowed, NotFound
from hub.nudges import retiming
from hub.nudges.retiming import MOST_DAYS, days_of, limits
from hub.nudges.rules import NudgeRule
from hub.nudges.settings import Setting
from hub.reading import rules
from hub.reading.rule_words import SEES, in_words
from hub.rewording import DECIDE
from hub.sign_in import SignedIn
from inbox.login import Wording
from inbox.web import Web, WebDep

router = APIRouter(include_in_schema=False, prefix="/rules")

Word = Annotated[str, Form(max_length=20)]
Reason = Annotated[str, Form(max_length=300)]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    days: str = ""
    clock: str = ""
    why: str = ""

    def setting(self, rule: NudgeRule) -> tuple[Setting, dict[str, str]]:
        """What is wished, and what is wrong with it by field. The sign of the days is the rule's own."""
        own, errors = days_of(rule), dict[str, str]()
        days = int(self.days) if self.days.strip().isdigit() else None
        clock = _clock(self.clock)
        if own and not (days and 1 <= days <= MOST_DAYS):
            errors["days"] = f"Enter a number of days from 1 to {MOST_DAYS}."
        if clock is None:
            errors["clock"] = "Enter a time such as 10:00."
        signed = (days or 0) * (1 if own > 0 else -1)
        return Setting(False, signed if own and signed != own else None, clock if clock != rule.at else None), errors


@router.get("")
async def show(request: Request, web: WebDep, me: Wording) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        found = await rules.listed(web.hub, session, me.worker)
    return web.page(request, "rules.html", signed_in=me, rows=found)


@router.get("/{rule}")
async def one(request: Request, web: WebDep, me: Wording, rule: str, saved: bool = False) -> HTMLResponse:
    return await _page(request, web, me, _rule(web, rule), said="The rule is changed." if saved else "")


@router.post("/{rule}/off")
async def turn_off(
    request: Request, web: WebDep, me: Wording, rule: str, why: Reason = "", sure: Word = ""
) -> Response:
    """With a reason, and after its effect was seen."""
    found = _rule(web, rule)
    if not why.strip():
        errors = {"why": "Say why the rule is turned off."}
        return await _page(request, web, me, found, errors=errors, status=422)
    return await _wish(request, web, me, found, Setting(off=True), Typed(why=why), sure)


@router.post("/{rule}/on")
async def turn_on(request: Request, web: WebDep, me: Wording, rule: str, sure: Word = "") -> Response:
    """As it stands in flows/: on, on its own day and at its own time."""
    return await _wish(request, web, me, _rule(web, rule), Setting(), Typed(), sure)


@router.post("/{rule}/time")
async def retime(
    request: Request,
    web: WebDep,
    me: Wording,
    rule: str,
    days: Word = "",
    clock: Word = "",
    why: Reason = "",
    sure: Word = "",
) -> Response:
    found, typed = _rule(web, rule), Typed(days, clock, why)
    may = limits(found, me.worker.team.agency)
    if may is None:
        raise NotAllowed
    wish, errors = typed.setting(found)
    if not errors and (problem := may.problem(wish)):
        errors = {"clock": problem}
    if errors:
        return await _page(request, web, me, found, errors=errors, typed=typed, status=422)
    return await _wish(request, web, me, found, wish, typed, sure)


@router.post("/{rule}/try")
async def try_it(request: Request, web: WebDep, me: Wording, rule: str, person: Word = "") -> Response:
    """What it would send to one person, with the words and the times: nothing is sent."""
    found, ref = _rule(web, rule), person.strip().upper()
    async with web.hub.store.transaction() as session:
        if me.worker.role not in READERS:
            raise NotFound
        try:
            them = await access_person(web.hub, session, me.worker, ref, viewing="rule_tried")
            tried = await rules.would_send(web.hub, session, found, them)
            error = ""
        except NotFound:
            tried, error = None, "There is no such person, or not for you. Check the reference."
    errors = {"person": error} if error else {}
    status = 422 if error else 200
    return await _page(request, web, me, found, errors=errors, tried=tried, person=ref, status=status)


async def _wish(
    request: Request, web: Web, me: SignedIn, rule: NudgeRule, wish: Setting, typed: Typed, sure: str
) -> Response:
    """First the effect, then, when that was seen, the change."""
    async with web.hub.store.transaction() as session:
        if sure:
            await retiming.save(web.hub, session, me.worker, rule, wish, why=typed.why)
            return RedirectResponse(f"/rules/{rule.name}?saved=true", 303)
        retiming.check_may(me.worker)
        effect = await retiming.effect(web.hub, session, me.worker, rule, wish)
    wished = wish.applied(rule)
    facts: dict[str, Any] = {"rule": rule, "effect": rules.effect_in_words(effect), "typed": typed}
    facts |= {"wished": in_words(wished) if wished else "", "verb": request.url.path.rpartition("/")[2]}
    return web.page(request, "rule_check.html", signed_in=me, **facts)


async def _page(
    request: Request,
    web: Web,
    me: SignedIn,
    rule: NudgeRule,
    *,
    said: str = "",
    errors: dict[str, str] | None = None,
    typed: Typed | None = None,
    tried: object = None,
    person: str = "",
    status: int = 200,
) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        row = await rules.one(web.hub, session, me.worker, rule)
    may = limits(rule, me.worker.team.agency)
    filled = typed or Typed(str(abs(row.days)), f"{row.clock:%H:%M}" if row.clock else "")
    facts: dict[str, Any] = {"row": row, "rule": rule, "limits": may, "typed": filled, "tried": tried, "person": person}
    facts |= {"may_decide": me.worker.role in DECIDE, "may_try": me.worker.role in READERS, "most": MOST_DAYS}
    facts |= {"sees": SEES[rule.sees] if rule.to_supporters else ""}
    return web.page(request, "rule.html", status=status, signed_in=me, said=said, errors=errors or {}, **facts)


def _rule(web: Web, name: str) -> NudgeRule:
    found = web.hub.flows.nudges.get(name)
    if found is None:
        raise NotFound
    return found


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        return None
