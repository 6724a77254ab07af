"""A wish for a supporter, until somebody stands by: by the person, or by a worker with the person's recorded yes.

    wish()       who, what they may see, for how long: then a code, or a human looks first, or the person is asked
    agree()      the person's own yes to what a worker entered
    look_at()    a human's yes or no, where one must look (`hub/threads/checks.py`)
    withdraw()   taken back before anybody stood by
    give_code()  somebody texts the code (`hub/threads/joining.py`)

Nobody's number is asked for: whom they want hears nothing before they have texted the code. Knows no talk and no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, tellings
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.people import conversation_for, index_of_name
from hub.safe_contact import is_careful
from hub.speaking import speak_to
from hub.states import check_move
from hub.states_of_support import INVITATION_MOVES, InvitationState
from hub.store import audit
from hub.store.tables import Invitation, Person, Thread
from hub.threads import checks, codes, consents, refusals
from hub.threads.reading import name_in
from hub.threads.standing import thread_for
from hub.words import Purpose, Relation, Sees

# What is told at a good time (`hub/threads/told.py`).
YES, CODE, ASK, REFUSED = "invitation_yes", "invitation_code", "invitation_ask", "invitation_refused"
TO_CHECK = "supporter_to_check"  # the reason in front of a human
BY_WORKER = ("spoken", "letter")
BY_PERSON = ("text", "page")
STANDING = (InvitationState.ASKED, InvitationState.CHECKING, InvitationState.OPEN)


@dataclass(frozen=True, slots=True)
class Wished:
    """`code` only where it can be handed on now."""

    invitation: Invitation
    code: str | None


async def wish(
    hub: Hub,
    session: AsyncSession,
    person: Person,
    by: str,
    *,
    name: str,
    relation: Relation,
    sees: Sees,
    months: int | None,
    agreed_how: str,
    worker_id: int | None = None,
    guardian_how: str = "",
    under_18: bool = False,
    staff_id: int | None = None,
) -> Wished:
    """`agreed_how`: a word of `BY_PERSON`; of `BY_WORKER`, with `worker_id`; empty: the person is asked for their yes.

    Raises `NotAllowed` with what to do, and `SidesMeet` for a mentor who works with victims.
    """
    refusals.refuse_what_cannot_be(hub, person, name, relation, sees, months, under_18=under_18)
    if agreed_how not in (("", *BY_WORKER) if worker_id else BY_PERSON):
        raise NotAllowed("Enter how the person said yes.")
    if worker_id and agreed_how and refusals.needs_guardian(hub, person, relation) and not guardian_how:
        raise NotAllowed("The person is under 18. Enter how whoever looks after them said yes.")
    if staff_id:
        await refusals.refuse_colleague(session, person, staff_id)
    now = hub.clock.now()
    thread = await thread_for(session, person, now)
    await _replace_same(hub, session, by, person, thread, name)
    why = await checks.of_wish(hub, session, person, name, relation, under_18=under_18)
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    invitation = Invitation(
        thread_id=thread.id, side=thread.side, who_sealed=key.seal(name_in(name), "name"),
        who_index=index_of_name(hub, person.side, name_in(name)), relation=relation, sees=sees, months=months,
        state=InvitationState.ASKED, state_at=now, worker_id=worker_id, guardian_how=guardian_how,
        guardian_at=now if guardian_how else None, checks=why, under_18=under_18, staff_id=staff_id, made_at=now,
    )  # fmt: skip
    session.add(invitation)
    await session.flush()
    _record(hub, session, by, person, invitation, "supporter_proposed" if worker_id else "supporter_wished")
    consents.note(hub, session, thread.id, "proposed" if worker_id else "wished", by, invitation=invitation)
    if guardian_how:
        consents.note(hub, session, thread.id, "guardian_agreed", by, invitation=invitation, how=guardian_how)
    if not agreed_how:
        invitation.expires_at = now + codes.LASTS
        await tellings.plan(hub, session, person, YES, invitation.id)
        return Wished(invitation, None)
    code = await agree(hub, session, by, person, invitation, agreed_how)
    if code and agreed_how in BY_WORKER:
        await _text_code(hub, session, person, invitation, code)
    return Wished(invitation, code)


async def agree(
    hub: Hub, session: AsyncSession, by: str, person: Person, invitation: Invitation, how: str
) -> str | None:
    """The person's yes. Returns the code, or None where a human looks first."""
    invitation.agreed_how, invitation.agreed_at = how, hub.clock.now()
    consents.note(hub, session, invitation.thread_id, "agreed", by, invitation=invitation, how=how)
    if _left_to_check(invitation):
        await check_first(hub, session, person, invitation)
        return None
    if invitation.checks:
        invitation.checked_by_id = invitation.worker_id
    _move(hub, invitation, InvitationState.OPEN)
    return await codes.give_new(hub, session, invitation)


async def look_at(
    hub: Hub,
    session: AsyncSession,
    worker_id: int,
    invitation: Invitation,
    *,
    agreed: bool,
    guardian_how: str = "",
    staff_id: int | None = None,
) -> str | None:
    """A human's yes or no. Returns the code, which the person is texted too. None where somebody has given theirs
    already, and where the person's phone may be read by others: they get it once they say that it is a good time.

    Raises `NotAllowed` where a yes of whoever looks after the person is missing, or the mentor cannot be one.
    """
    invitation = await locked(session, invitation.id)
    person = await person_of(session, invitation)
    by = f"worker:{worker_id}"
    if not agreed:
        await refuse(hub, session, by, person, invitation)
        await tellings.plan(hub, session, person, REFUSED, invitation.id)
        await _settle(hub, session, worker_id, person, invitation, "no")
        return None
    if guardian_how:
        invitation.guardian_how, invitation.guardian_at = guardian_how, hub.clock.now()
        consents.note(hub, session, invitation.thread_id, "guardian_agreed", by, invitation=invitation)
    if refusals.needs_guardian(hub, person, invitation.relation) and not invitation.guardian_how:
        raise NotAllowed("The person is under 18. Enter how whoever looks after them said yes.")
    if staff_id:
        await refusals.refuse_colleague(session, person, staff_id)
        invitation.staff_id = staff_id
    _move(hub, invitation, InvitationState.OPEN)
    invitation.checked_by_id = worker_id
    consents.note(hub, session, invitation.thread_id, "checked", by, invitation=invitation)
    _record(hub, session, by, person, invitation, "supporter_checked")
    await _settle(hub, session, worker_id, person, invitation, "yes")
    if invitation.supporter_id:
        invitation.code_index, invitation.expires_at = None, hub.clock.now() + codes.LASTS
        await tellings.plan(hub, session, await session.get_one(Person, invitation.supporter_id), ASK, invitation.id)
        return None
    if await _is_careful(session, person):  # drawn when it can be told
        invitation.expires_at = hub.clock.now() + codes.LASTS
        await tellings.plan(hub, session, person, CODE, invitation.id)
        return None
    code = await codes.give_new(hub, session, invitation)
    await _text_code(hub, session, person, invitation, code)
    return code


async def check_first(hub: Hub, session: AsyncSession, person: Person, invitation: Invitation) -> None:
    """Put it in front of a human; the code, if there is one, does nothing meanwhile."""
    _move(hub, invitation, InvitationState.CHECKING)
    await tell_worker(hub, session, person, TO_CHECK, invitation)


async def refuse(hub: Hub, session: AsyncSession, by: str, person: Person, invitation: Invitation) -> None:
    _move(hub, invitation, InvitationState.REFUSED)
    consents.note(hub, session, invitation.thread_id, "refused", by, invitation=invitation)
    _record(hub, session, by, person, invitation, "supporter_refused")


async def decline(hub: Hub, session: AsyncSession, by: str, invitation: Invitation) -> None:
    """The person, or whom they wanted, says no."""
    _move(hub, invitation, InvitationState.DECLINED)
    consents.note(hub, session, invitation.thread_id, "declined", by, invitation=invitation)
    _record(hub, session, by, await person_of(session, invitation), invitation, "supporter_declined")


async def withdraw(hub: Hub, session: AsyncSession, actor: str, invitation: Invitation) -> None:
    """Taken back: the code works no more. Raises `MoveNotAllowed` where somebody was quicker."""
    invitation = await locked(session, invitation.id)
    person = await person_of(session, invitation)
    _move(hub, invitation, InvitationState.WITHDRAWN)
    consents.note(hub, session, invitation.thread_id, "withdrawn", actor, invitation=invitation)
    _record(hub, session, actor, person, invitation, "supporter_withdrawn")
    await _take_from_human(hub, session, person, invitation)


def close(hub: Hub, invitation: Invitation, to: InvitationState) -> None:
    """Accepted, or run out."""
    _move(hub, invitation, to)


async def standing(session: AsyncSession, person_id: int) -> Sequence[Invitation]:
    """Those that wait: for a yes, for a human, for the code to be given. Locked: nobody gets in by one of them until
    this is done, and who got in by one that is not here is a member by now."""
    theirs = select(Invitation).join(Thread, Thread.id == Invitation.thread_id)
    wanted = theirs.where(Thread.person_id == person_id, Invitation.state.in_(STANDING)).order_by(Invitation.id)
    lock = wanted.with_for_update(of=Invitation).execution_options(populate_existing=True)
    return (await session.scalars(lock)).all()


async def locked(session: AsyncSession, invitation_id: int | None) -> Invitation:
    """Of two who act on it at once, the second sees what the first did. Raises `NotFound`."""
    wanted = select(Invitation).where(Invitation.id == invitation_id)
    found: Invitation | None = await session.scalar(
        wanted.with_for_update(of=Invitation).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


async def person_of(session: AsyncSession, invitation: Invitation) -> Person:
    """Who wished for it."""
    thread = await session.get_one(Thread, invitation.thread_id)
    return await session.get_one(Person, thread.person_id)


def who(hub: Hub, person: Person, invitation: Invitation) -> str:
    """The name that the person gave."""
    return hub.vault.open_person_key(person.wrapped_key or b"").open(invitation.who_sealed, "name")


async def tell_worker(hub: Hub, session: AsyncSession, person: Person, reason: str, invitation: Invitation) -> None:
    conversation = await conversation_for(session, person)
    if conversation:
        await escalations.escalate(session, conversation, reason, hub.clock.now(), detail=str(invitation.id))


# --- who looks ------------------------------------------------------------------------------------


def _left_to_check(invitation: Invitation) -> bool:
    """A worker who enters somebody has looked already, but perhaps not at the no-contact list."""
    why = set(invitation.checks)
    return bool(why & {"same_name"} if invitation.worker_id and _looked(invitation) else why)


def _looked(invitation: Invitation) -> bool:
    """Of a person under 18, only with the yes of whoever looks after them."""
    young = "person_under_18" in invitation.checks and invitation.relation is not Relation.GUARDIAN
    return not young or bool(invitation.guardian_how)


async def _replace_same(hub: Hub, session: AsyncSession, by: str, person: Person, thread: Thread, name: str) -> None:
    """A new code for the same name: who has lost one does not leave it open behind them."""
    waiting = select(Invitation).where(Invitation.thread_id == thread.id, Invitation.state == InvitationState.OPEN)
    for each in (await session.scalars(waiting)).all():
        if who(hub, person, each).casefold() == name_in(name).casefold():
            await withdraw(hub, session, by, each)


# --- the code -------------------------------------------------------------------------------------


async def _text_code(hub: Hub, session: AsyncSession, person: Person, invitation: Invitation, code: str) -> None:
    """By text too, unless others may read it: then the worker, who has it, says it."""
    handling = await speak_to(hub, session, person, Purpose.UPDATE)
    if handling and not is_careful(handling.conversation.contact_point):
        await codes.say_code(handling, who(hub, person, invitation), code)


async def _is_careful(session: AsyncSession, person: Person) -> bool:
    conversation = await conversation_for(session, person)
    return conversation is not None and is_careful(conversation.contact_point)


# --- moving ---------------------------------------------------------------------------------------


def _move(hub: Hub, invitation: Invitation, to: InvitationState) -> None:
    invitation.state = check_move(INVITATION_MOVES, invitation.state, to)
    invitation.state_at = hub.clock.now()
    if to not in STANDING:
        invitation.code_index = None  # what is over needs no code


async def _settle(
    hub: Hub, session: AsyncSession, worker_id: int, person: Person, invitation: Invitation, outcome: str
) -> None:
    """The line in the inbox goes when none of theirs waits any more."""
    if not await _others_wait(session, invitation):
        await escalations.settle(session, person.id, {TO_CHECK}, worker_id, outcome, hub.clock.now())


async def _take_from_human(hub: Hub, session: AsyncSession, person: Person, invitation: Invitation) -> None:
    conversation = await conversation_for(session, person)
    found = await escalations.find_open(session, conversation.id, TO_CHECK) if conversation else None
    if found and not await _others_wait(session, invitation):
        await escalations.withdraw(session, found, "taken_back", hub.clock.now())


async def _others_wait(session: AsyncSession, invitation: Invitation) -> bool:
    waiting = select(Invitation.id).where(
        Invitation.thread_id == invitation.thread_id,
        Invitation.id != invitation.id,
        Invitation.state == InvitationState.CHECKING,
    )
    return await session.scalar(waiting.limit(1)) is not None


def _record(hub: Hub, session: AsyncSession, by: str, person: Person, invitation: Invitation, what: str) -> None:
    about = f"invitation:{invitation.id}"
    audit.record(session, hub.clock.now(), by, what, about, person_id=person.id)
