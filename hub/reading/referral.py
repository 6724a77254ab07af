"""One referral as a worker sees it: what was said, whose yes is there and whose is missing, what can be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from hub.addresses import as_dialled
from hub.core import Hub
from hub.people import name_of
from hub.reading.referral_words import EMPTIED, ENDED, REASONS, RELATIONS, ROLES, SAFE, TOLD, WHO
from hub.reading.referrals import due_on, names_of, next_step, say_due
from hub.reading.wording import LANGUAGES
from hub.referrals import asking, content, deciding, steps
from hub.referrals.ages import GUARDIAN, Band, age_on, band_on, needed
from hub.referrals.content import Content
from hub.referrals.said import RISK, Said, Somebody
from hub.states_of_support import ReferralState
from hub.store.tables import Person, Referral, ReferralStep
from hub.texts import fill
from hub.times import local, say_when

Part = tuple[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Past:
    when: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class Yes:
    """Whose yes is needed, and whether it is there."""

    who: str
    code: str
    words: str
    there: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One referral. `said` is empty when it has been emptied."""

    ref: str
    name: str
    state: str
    is_open: bool
    next: str
    due: str
    late: bool
    said: Sequence[Part]
    yeses: Sequence[Yes]
    past: Sequence[Past]
    missing: str  # whose yes is next: a key of WHO, or empty
    why_not: str  # why that one is not asked by text
    may_ask: bool
    preview: str
    known_as: str  # who has that number already, with their reference
    known_ref: str
    may_join: bool
    may_alone: bool
    may_link: bool
    ready: bool
    asks_about_guardian: bool
    may_invite: bool
    words: str  # for the referrer
    person_ref: str
    case_id: int | None
    guardian: str


async def one(hub: Hub, session: AsyncSession, referral: Referral) -> Shown:
    found = await content.read(hub, session, referral)
    history = list(await steps.of(session, referral))
    today = local(hub.clock.now(), referral.agency.time_zone).date()
    missing = steps.missing(found.said, steps.answers(history), today) if found else ""
    asks = referral.state in {ReferralState.RECEIVED, ReferralState.ASKING} and found is not None and bool(missing)
    why_not = await asking.why_not(hub, session, referral, found.said, missing) if found and asks else ""
    alone = steps.answers(history).get(GUARDIAN) == steps.ALONE
    why_not = "risk" if alone and asks else why_not
    known = await deciding.known_person(hub, session, referral, found.said, missing) if found and asks else None
    due = due_on(referral, history[-1].at if history else referral.made_at)
    young = await session.get(Person, referral.young_id) if referral.young_id else None
    band = band_on(found.said.born, today) if found else None
    return Shown(
        ref=referral.ref,
        name=found.said.young.name if found else EMPTIED,
        state=ENDED.get(referral.state, "Open"),
        is_open=referral.state in steps.OPEN,
        next=next_step(referral),
        due=say_due(due, today) if referral.state in steps.OPEN else "",
        late=due < today and referral.state in steps.OPEN,
        said=_said(found, today) if found else (),
        yeses=_yeses(found.said, history, today, referral.agency.time_zone) if found else (),
        past=await _past(session, history, referral.agency.time_zone),
        missing=missing if asks else "",
        why_not=steps.CALL_FIRST.get(why_not, ""),
        may_ask=asks and not why_not,
        preview=_preview(hub, referral, found.said, missing) if found and asks and not why_not else "",
        known_as=name_of(hub, known) if known else "",
        known_ref=known.ref if known else "",
        may_join=known is not None,
        may_alone=asks and missing == GUARDIAN and band is Band.CHILD,
        may_link=asks and found is not None and not (missing == GUARDIAN and found.said.guardian_told == RISK),
        ready=referral.state is ReferralState.READY,
        asks_about_guardian=band is Band.YOUNG,
        may_invite=found is not None and await deciding.may_invite(session, referral, found),
        words=found.words if found else "",
        person_ref=young.ref if young and referral.state is ReferralState.ACCEPTED else "",
        case_id=referral.case_id,
        guardian=found.said.guardian.name if found and found.said.guardian else "",
    )


def _preview(hub: Hub, referral: Referral, said: Said, who: str) -> str:
    """As it would stand on the phone."""
    texts, language = hub.flows.texts, said.language
    by = texts.template(f"referrals.ask_by_{said.referrer_role}", language).text
    facts = {
        "first_name": said.first_name(who),
        "referrer": by,
        "agency": referral.agency.short_name,
        "their_name": said.first_name(),
        "phone": referral.agency.phone,
    }
    key = f"referrals.ask_{who}"
    return fill(texts.template(key, language).text, facts, key)


def _said(found: Content, today: date) -> list[Part]:
    said = found.said
    born = f"{said.born.day} {said.born:%B %Y}, {age_on(said.born, today)} years old"
    young = [
        ("Name", said.young.name),
        ("Born", born),
        *_reached(said.young),
        ("Language", LANGUAGES.get(said.language, said.language)),
    ]
    parts: list[Part] = [("Young person", young)]
    if said.guardian:
        relation = RELATIONS[said.guardian.relation]
        told = ("Knows of the referral", TOLD[said.guardian_told])
        alone = [("Decides alone, because", found.alone)] if found.alone else []
        known = [("Name", said.guardian.name), ("Who", relation), *_reached(said.guardian)]
        parts.append(("Parent or carer", [*known, told, *alone]))
    reasons = ", ".join(REASONS[code] for code in said.why)
    why = [("Why", reasons), ("In their words", said.why_words), ("Good at, hopes for", said.good_at)]
    parts.append(("Why", [(label, words or "–") for label, words in (*why, ("For safety", said.safety))]))
    referrer = [
        ("Name", said.referrer_name),
        ("Works in", ROLES[said.referrer_role]),
        ("Organisation", said.organisation),
        ("E-mail", said.email),
        ("Phone", said.referrer_phone),
    ]
    return [*parts, ("Who referred them", referrer)]


def _reached(somebody: Somebody) -> list[tuple[str, str]]:
    phone = as_dialled(somebody.phone) if somebody.phone else "Not known"
    return [("Mobile", phone), ("Safe to text", SAFE[somebody.safe])]


def _yeses(said: Said, history: Sequence[ReferralStep], today: date, zone: str) -> list[Yes]:
    given = {step.who: step for step in history if step.what in {steps.YES, steps.NO, steps.ALONE, steps.CALL}}
    found = []
    for who in needed(band_on(said.born, today)):
        step = given.get(who)
        words = f"{steps.WHAT[step.what]}, {_how(step)}{say_when(step.at, zone)}" if step else "Not there yet"
        there = step is not None and step.what in {steps.YES, steps.ALONE}
        found.append(Yes(WHO[who], who, words, there))
    return found


def _how(step: ReferralStep) -> str:
    return f"{steps.HOW[step.how]}, " if step.how else ""


async def _past(session: AsyncSession, history: Sequence[ReferralStep], zone: str) -> list[Past]:
    ids = {int(step.by.removeprefix("worker:")) for step in history if step.by.startswith("worker:")}
    names = await names_of(session, ids)
    return [
        Past(
            when=say_when(step.at, zone),
            what=f"{WHO[step.who] + ': ' if step.who else ''}{steps.WHAT[step.what]}"
            + (f", {steps.HOW[step.how]}" if step.how else ""),
            by=names.get(int(step.by.removeprefix("worker:")), "") if step.by.startswith("worker:") else "",
        )
        for step in reversed(history)
    ]
