"""News before it is recorded: what there is to choose from, and what they will read. Knows no page."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_contact
from hub.core import Hub
from hub.milestones import Milestone
from hub.speaking import speak_to
from hub.store.tables import Case
from hub.words import Purpose


@dataclass(frozen=True, slots=True)
class Offer:
    """One that can be recorded, with what it says."""

    milestone: Milestone
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Both wordings. `careful`: their phone may be read by others, so the second one goes first."""

    open: str
    discreet: str
    told: str  # what they read when they have said that it is a good time, without the day and what comes next
    careful: bool
    reachable: bool
    safe: bool  # it is known how we may write


def offered(hub: Hub) -> list[Offer]:
    texts = hub.flows.texts
    return [Offer(each, texts.template(each.text, "en").text) for each in hub.flows.milestones.values() if each.by_hand]


async def preview(hub: Hub, session: AsyncSession, case: Case, milestone: str, reason: str) -> Preview:
    """In their language, as it would leave."""
    handling = await speak_to(hub, session, case.person, Purpose.UPDATE)
    texts, language = hub.texts_for(case.person), case.person.language
    said = texts.template(hub.flows.milestones[milestone].text, language).text
    contact = handling.conversation.contact_point if handling else None
    known = handling.facts() if handling else {"first_name": "", "agency": case.person.agency.short_name}
    facts = known | {"milestone": said, "reason": reason}
    both = [texts.render("victims.case_update", language, facts, discreet=careful).text for careful in (False, True)]
    return Preview(
        both[0],
        both[1],
        f"{said} {reason}".strip(),
        careful=contact is not None and contact.discreet,
        reachable=contact is not None and contact.stopped_at is None and contact.refused_code is None,
        safe=contact is not None and safe_contact.is_recorded(contact),
    )
