"""Why somebody is not asked: each rule of `flows/surveys/exclusions.yml` as a question to the store.

    reasons()   every rule that holds for one person and one survey, in the order of the file

Whoever invites comes through here: events, workers, the API, the command line (`runs.invite`). Once more when the
invitation goes out, since days can lie between. Knows no page and no text.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.core import Hub
from hub.escalations import cries_for_help
from hub.marks import BEREAVED, DOMESTIC_ABUSE, NO_SURVEYS, UNDER_18, marks_of
from hub.people import way_to
from hub.safe_contact import is_recorded
from hub.states import EscalationState, SurveyState
from hub.store.tables import (
    Case,
    CaseDate,
    CaseEvent,
    Consent,
    ContactPoint,
    Conversation,
    Escalation,
    Person,
    PersonMark,
    SurveyRun,
)
from hub.surveys import publishing, quotas
from hub.surveys.exclusion_rules import STOPPED, Exclusion
from hub.times import local
from hub.words import Purpose

AT_COURT = ("charged", "hearing")
DECIDED = ("outcome", "release", "out_of_court")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one would ask what, when. `contact`: where it would go; None where there is no way.

    `run`: the one that is about to go out, which is no reason against itself.
    """

    hub: Hub
    session: AsyncSession
    person: Person
    survey: str
    at: datetime
    contact: ContactPoint | None
    marks: dict[str, PersonMark]
    run: SurveyRun | None
    rest: timedelta


Question = Callable[[Asked, Exclusion], Awaitable[bool]]


async def reasons(
    hub: Hub,
    session: AsyncSession,
    person: Person,
    survey: str,
    at: datetime | None = None,
    *,
    run: SurveyRun | None = None,
    contact: ContactPoint | None = None,
    rest: timedelta = timedelta(),
) -> list[str]:
    """Why not, as names of rules; empty when they can be asked. `rest`: more than the rule's own days between two."""
    way = None if contact else await way_to(session, person)
    contact = contact or (way[1] if way else None)
    marks = await marks_of(session, person.id)
    asked = Asked(hub, session, person, survey, at or hub.clock.now(), contact, marks, run, rest)
    found = [STOPPED] if survey in await publishing.stopped(session, person.agency_id) else []
    rules = [rule for rule in hub.flows.exclusions.rules if rule.is_for(survey)]
    return found + [rule.name for rule in rules if await QUESTIONS[rule.name](asked, rule)]


async def _safe_contact(asked: Asked, _rule: Exclusion) -> bool:
    return asked.contact is not None and not is_recorded(asked.contact)


async def _ended(asked: Asked, _rule: Exclusion) -> bool:
    return asked.person.ended_at is not None or asked.person.wrapped_key is None


async def _paused(asked: Asked, _rule: Exclusion) -> bool:
    return asked.person.paused_until is not None and asked.person.paused_until > asked.at


async def _unreachable(asked: Asked, _rule: Exclusion) -> bool:
    return asked.contact is None or asked.contact.stopped_at is not None or asked.contact.refused_code is not None


async def _refused(asked: Asked, _rule: Exclusion) -> bool:
    """On any way of theirs: who wants no surveys by text wants none by chat."""
    no = select(Consent.purpose).join(ContactPoint, ContactPoint.id == Consent.contact_point_id)
    no = no.where(ContactPoint.person_id == asked.person.id, Consent.purpose == Purpose.SURVEY, ~Consent.given)
    return await asked.session.scalar(no.limit(1)) is not None


async def _declined(asked: Asked, _rule: Exclusion) -> bool:
    """We have promised then not to ask again."""
    said_no = SurveyRun.survey == asked.survey, SurveyRun.state == SurveyState.DECLINED
    wanted = select(SurveyRun.id).where(SurveyRun.person_id == asked.person.id, *said_no)
    return await asked.session.scalar(wanted.limit(1)) is not None


async def _no_surveys(asked: Asked, _rule: Exclusion) -> bool:
    return NO_SURVEYS in asked.marks


async def _cry_for_help(asked: Asked, _rule: Exclusion) -> bool:
    return await cries_for_help(asked.session, asked.person.id)


async def _complaint(asked: Asked, _rule: Exclusion) -> bool:
    open_one = select(Escalation.id).join(Conversation, Conversation.id == Escalation.conversation_id)
    open_one = open_one.where(Conversation.person_id == asked.person.id, Escalation.reason == "complaint")
    return await asked.session.scalar(open_one.where(Escalation.state != EscalationState.CLOSED).limit(1)) is not None


async def _domestic_abuse(asked: Asked, rule: Exclusion) -> bool:
    """On either side: what was safe when it was asked may have changed since."""
    if DOMESTIC_ABUSE not in asked.marks:
        return False
    safe = asked.contact.safe_asked_at if asked.contact else None
    return safe is None or safe < asked.hub.clock.now() - timedelta(days=rule.numbers["unless_safe_days"])


async def _at_court(asked: Asked, _rule: Exclusion) -> bool:
    """Charged or heard, and nothing decided since; or a hearing that lies ahead. A closed case is at court no more."""
    later = aliased(CaseEvent)
    decided = exists().where(later.case_id == CaseEvent.case_id, later.milestone.in_(DECIDED))
    decided = decided.where(later.happened_at >= CaseEvent.happened_at)
    goes_on = exists().where(CaseEvent.case_id == Case.id, CaseEvent.milestone.in_(AT_COURT), ~decided)
    today = local(asked.at, asked.person.agency.time_zone).date()
    ahead = exists().where(CaseDate.case_id == Case.id, CaseDate.kind == "hearing", CaseDate.on >= today)
    ahead = ahead.where(CaseDate.called_off_at.is_(None))
    open_cases = select(Case.id).where(Case.person_id == asked.person.id, Case.closed_at.is_(None))
    return await asked.session.scalar(open_cases.where(or_(goes_on, ahead)).limit(1)) is not None


async def _bereaved(asked: Asked, rule: Exclusion) -> bool:
    mark = asked.marks.get(BEREAVED)
    if mark is None or mark.day is None:
        return mark is not None
    today = local(asked.at, asked.person.agency.time_zone).date()
    return today < mark.day + timedelta(weeks=rule.numbers["weeks"])


async def _under_18(asked: Asked, _rule: Exclusion) -> bool:
    mark = asked.marks.get(UNDER_18)
    if mark is None or mark.day is None:
        return mark is not None
    return local(asked.at, asked.person.agency.time_zone).date() < mark.day


async def _asked_lately(asked: Asked, rule: Exclusion) -> bool:
    """An invitation that never went out has asked nobody."""
    rest = max(timedelta(days=rule.numbers["days"]), asked.rest)
    lately = SurveyRun.invited_at > asked.at - rest, SurveyRun.state != SurveyState.WITHDRAWN
    wanted = select(SurveyRun.id).where(SurveyRun.person_id == asked.person.id, *lately)
    if asked.run:
        wanted = wanted.where(SurveyRun.id < asked.run.id)
    return await asked.session.scalar(wanted.limit(1)) is not None


async def _quota(asked: Asked, _rule: Exclusion) -> bool:
    """What is about to go out had its place when it was planned."""
    if asked.run:
        return False
    quota = asked.hub.flows.exclusions.quotas.get(asked.survey)
    return quota is not None and await quotas.is_full(
        asked.session, quota, asked.person, asked.survey, asked.hub.clock.now()
    )


QUESTIONS: dict[str, Question] = {
    "safe_contact": _safe_contact,
    "ended": _ended,
    "paused": _paused,
    "unreachable": _unreachable,
    "refused": _refused,
    "declined": _declined,
    "no_surveys": _no_surveys,
    "cry_for_help": _cry_for_help,
    "complaint": _complaint,
    "domestic_abuse": _domestic_abuse,
    "at_court": _at_court,
    "bereaved": _bereaved,
    "under_18": _under_18,
    "asked_lately": _asked_lately,
    "quota": _quota,
}
