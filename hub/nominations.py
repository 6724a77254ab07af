"""Whom a victim has named to hear of their case: with whose yes, how much, besides them or instead of them.

    name()      a worker enters whom they named; they have agreed already, or are asked by text
    agree()     their own yes, or what they said to a worker
    end()       at any moment: what waited for the contact is taken back, and what they were to hear comes to the person

The contact is told nothing before the yes, and is not told that it has ended: that is the person's to say.
Knows no screen.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import update_plans, updates_owed
from hub.core import Hub
from hub.errors import NotAllowed, NotFound, SidesMeet
from hub.handling import Handling
from hub.nudges.planner import replan_all
from hub.people import name_of
from hub.speaking import speak_to
from hub.states import NOMINATION_MOVES, MessageState, NominationState, UpdateState, check_move
from hub.store import audit
from hub.store.tables import Conversation, Message, Nomination, Person, Update
from hub.words import Awaiting, Purpose, Role, Side

EVERYTHING, DATES, NEWS = "everything", "dates", "news"
SCOPES = {
    EVERYTHING: "Everything: what has happened and why",
    DATES: "Only dates: on which day, not what or why",
    NEWS: "Only that there is news",
}
# How the person said yes.
AGREED_HOW = {
    "spoken": "They told me",
    "letter": "In writing",
    "text": "By their own text",
    "page": "On their own page",
}
BY_WORKER = ("spoken", "letter")
STANDING = (NominationState.ASKED, NominationState.AGREED)


async def name(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    person: Person,
    contact: Person,
    *,
    scope: str,
    instead: bool = False,
    agreed_how: str = "",
) -> Nomination:
    """`agreed_how`: a word of `BY_WORKER` when they have said yes; empty: they are asked by text.

    Raises
    ------
    SidesMeet
        when the two are not both of the victims' side.
    NotAllowed
        for somebody who is no victim, or has named this one already, or a scope that there is not.
    """
    if {person.side, contact.side} != {Side.VICTIMS} or person.agency_id != contact.agency_id:
        raise SidesMeet
    if person.role is not Role.VICTIM or scope not in SCOPES or agreed_how not in {"", *BY_WORKER}:
        raise NotAllowed("Only a victim, a witness or bereaved family can name somebody. Select how much they hear.")
    if any(each.contact_id == contact.id for each in await standing(session, person.id)):
        raise NotAllowed("They have named this person already. End that first.")
    now = hub.clock.now()
    nomination = Nomination(
        person_id=person.id, contact_id=contact.id, side=person.side, scope=scope, instead=instead,
        state=NominationState.ASKED, state_at=now,
    )  # fmt: skip
    session.add(nomination)
    await session.flush()
    await session.refresh(nomination, ["person", "contact"])
    _record(hub, session, actor, nomination, "contact_named")
    if agreed_how:
        await agree(hub, session, actor, nomination, agreed_how)
    else:
        await _ask(hub, session, nomination)
    return nomination


async def agree(hub: Hub, session: AsyncSession, actor: str, nomination: Nomination, how: str) -> None:
    """The person says yes: from now on the contact hears. What was owed to the person, the contact hears instead of
    them where that was wished.
    """
    _move(hub, nomination, NominationState.AGREED)
    nomination.agreed_how, nomination.agreed_at = how, hub.clock.now()
    _record(hub, session, actor, nomination, "contact_agreed", how=how)
    await session.flush()
    if nomination.instead:
        await _hand(hub, session, nomination, over=True)
    handling = await speak_to(hub, session, nomination.contact, Purpose.UPDATE)
    if handling:
        await handling.say("updates.contact_hello", their_name=_first_name(hub, nomination.person))


async def end(hub: Hub, session: AsyncSession, actor: str, nomination: Nomination) -> None:
    """Nothing more is told to them."""
    was_agreed = nomination.state is NominationState.AGREED
    _move(hub, nomination, NominationState.ENDED)
    _record(hub, session, actor, nomination, "contact_unnamed")
    await session.flush()
    if was_agreed:
        await _take_back_texts(hub, session, nomination)
        if nomination.instead:
            await _hand(hub, session, nomination, over=False)
        await _withdraw(hub, session, nomination)


async def end_all(hub: Hub, session: AsyncSession, person: Person) -> int:
    """By their own word. Returns how many there were."""
    named = await standing(session, person.id)
    for each in named:
        await end(hub, session, f"person:{person.id}", each)
    return len(named)


async def standing(session: AsyncSession, person_id: int) -> Sequence[Nomination]:
    """Asked or agreed."""
    theirs = select(Nomination).where(Nomination.person_id == person_id, Nomination.state.in_(STANDING))
    return (await session.scalars(theirs.order_by(Nomination.id))).all()


async def nomination(session: AsyncSession, person: Person, number: int) -> Nomination:
    """One of theirs that stands, locked. Raises `NotFound`."""
    theirs = select(Nomination).where(
        Nomination.id == number, Nomination.person_id == person.id, Nomination.state.in_(STANDING)
    )
    found: Nomination | None = await session.scalar(theirs.with_for_update(of=Nomination))
    if found is None:
        raise NotFound
    return found


async def waits_for_yes(session: AsyncSession, person: Person) -> Nomination | None:
    asked = Nomination.person_id == person.id, Nomination.state == NominationState.ASKED
    found: Nomination | None = await session.scalar(select(Nomination).where(*asked).order_by(Nomination.id).limit(1))
    return found


async def ask_yes(handling: Handling, nomination: Nomination) -> None:
    """Is it right that this one hears? Names somebody, so only where it is safe."""
    await handling.ask(
        f"updates.nominate_{nomination.scope}",
        Awaiting.SURVEY_YES_NO,
        subject=("nomination", nomination.id),
        lasts=None,
        their_name=_first_name(handling.hub, nomination.contact),
    )


async def _ask(hub: Hub, session: AsyncSession, nomination: Nomination) -> None:
    handling = await speak_to(hub, session, nomination.person, Purpose.UPDATE)
    if handling is None:
        return
    if handling.conversation.contact_point.discreet:
        await handling.say("updates.question_waits")
    else:
        await ask_yes(handling, nomination)


async def _hand(hub: Hub, session: AsyncSession, nomination: Nomination, *, over: bool) -> None:
    """What the person is owed the contact is owed by the same day (`over`), or the other way round."""
    own = (Update.person_id == nomination.person_id) & Update.case.has(person_id=nomination.person_id)
    theirs = own if over else Update.nomination_id == nomination.id
    moved = (await session.scalars(select(Update).where(theirs, Update.state == UpdateState.OWED))).all()
    for each in moved:
        each.person_id = nomination.contact_id if over else nomination.person_id
        each.nomination_id, each.nomination = (nomination.id, nomination) if over else (None, None)
        each.message_id = each.arrived_at = each.heard_at = None
        each.again_at = hub.clock.now()  # said anew, to the other one; what waited for the first is no longer true
    await session.flush()
    await replan_all(hub, session, "update", [each.id for each in moved])


async def _withdraw(hub: Hub, session: AsyncSession, nomination: Nomination) -> None:
    owed = select(Update).where(Update.nomination_id == nomination.id, Update.state == UpdateState.OWED)
    gone = (await session.scalars(owed)).all()
    for each in gone:
        updates_owed.withdraw(hub, each)
    await session.flush()
    await replan_all(hub, session, "update", [each.id for each in gone])
    for plan in await update_plans.open_plans(hub, session, nomination.person):
        await updates_owed.keep_word(hub, session, plan)


async def _take_back_texts(hub: Hub, session: AsyncSession, nomination: Nomination) -> None:
    """What waits to go to the contact because of this person."""
    talks = select(Conversation.id).where(Conversation.person_id == nomination.contact_id)
    says = select(Update.message_id).where(Update.nomination_id == nomination.id, Update.message_id.is_not(None))
    waits = update(Message).where(
        Message.conversation_id.in_(talks),
        Message.id.in_(says) | (Message.text_key == "updates.contact_hello"),
        Message.state.in_((MessageState.QUEUED, MessageState.HELD)),
    )
    now = hub.clock.now()
    await session.execute(waits.values(state=MessageState.CANCELLED, state_at=now, reason="no_longer_true"))


def _move(hub: Hub, nomination: Nomination, to: NominationState) -> None:
    nomination.state = check_move(NOMINATION_MOVES, nomination.state, to)
    nomination.state_at = hub.clock.now()


def _first_name(hub: Hub, person: Person) -> str:
    return name_of(hub, person).split(" ")[0]


def _record(hub: Hub, session: AsyncSession, actor: str, nomination: Nomination, what: str, **details: str) -> None:
    about = f"nomination:{nomination.id}"
    audit.record(session, hub.clock.now(), actor, what, about, person_id=nomination.person_id, **details)
