"""Whom somebody has named, for a screen. Knows no page."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.nominations import AGREED_HOW, SCOPES
from hub.reading.texts import shown_name
from hub.states import NominationState
from hub.store.tables import Nomination, Person
from hub.times import say_when

STATES = {
    NominationState.ASKED: "Waits for the person's yes",
    NominationState.AGREED: "Hears",
    NominationState.ENDED: "Ended",
}


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    ref: str
    name: str
    scope: str
    instead: bool
    state: str
    asked: bool
    stands: bool
    hears: bool
    agreed: str
    ended: str


async def rows(hub: Hub, session: AsyncSession, person: Person) -> list[Row]:
    """Those that stand first."""
    theirs = select(Nomination).where(Nomination.person_id == person.id).order_by(Nomination.id.desc())
    found = [_row(hub, each) for each in (await session.scalars(theirs)).all()]
    return sorted(found, key=lambda row: not row.stands)


def _row(hub: Hub, each: Nomination) -> Row:
    zone = each.person.agency.time_zone
    how = AGREED_HOW.get(each.agreed_how, "")
    return Row(
        number=each.id,
        ref=each.contact.ref,
        name=shown_name(hub, each.contact),
        scope=SCOPES.get(each.scope, each.scope),
        instead=each.instead,
        state=STATES[each.state],
        asked=each.state is NominationState.ASKED,
        stands=each.state is not NominationState.ENDED,
        hears=each.state is NominationState.AGREED,
        agreed=f"{how}, {say_when(each.agreed_at, zone)}" if each.agreed_at else "",
        ended=say_when(each.state_at, zone) if each.state is NominationState.ENDED else "",
    )
