"""Somebody gives the code. One answer for every code that does not work, so that nobody learns why it did not.

    give_code()  what is to be said to a code; changes nothing that anybody else would notice
    accept()     the yes to “You are Jo, and want to stand by Alex?”: of two who say it at once, one gets in
    decline()    the no: the code is spent, since it may be in the wrong hands

What the other side knows is never asked. Knows no talk.
"""

from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.ages import is_minor
from hub.core import Hub
from hub.errors import NotFound
from hub.people import index_of_name
from hub.states_of_support import InvitationState
from hub.store import audit
from hub.store.tables import AuditEvent, Conversation, Invitation, Person, Thread, ThreadMember
from hub.threads import checks, codes, invitations, members
from hub.threads.standing import in_force
from hub.words import Relation, Role, Side

WRONG, GUESSING, NO_CONTACT = "invitation_code_wrong", "code_guessing", "supporter_no_contact"


class Answer(StrEnum):
    """What the sender hears."""

    NO = "no"  # the one answer for every code that does not work
    NOTHING = "nothing"  # has guessed too often today
    OWN = "own"  # the person's own phone
    ALREADY = "already"  # stands by them
    LOOK = "look"  # a human looks first
    ASK = "ask"  # one question before it counts


@dataclass(frozen=True, slots=True)
class Given:
    answer: Answer
    invitation: Invitation | None = None


async def give_code(hub: Hub, session: AsyncSession, sender: Person, conversation: Conversation, code: str) -> Given:
    """A code from anybody, on any channel. On the victims' side none works, and nothing follows."""
    if sender.side is not Side.SUPERVISION:
        return Given(Answer.NO)
    if await _wrong_lately(hub, session, sender) >= codes.MOST_WRONG:
        await escalations.escalate(session, conversation, GUESSING, hub.clock.now())
        return Given(Answer.NOTHING)
    invitation = await _open_one(hub, session, sender, code)
    if invitation is None:
        return _wrong(hub, session, sender)
    person = await invitations.person_of(session, invitation)
    if person.id == sender.id:
        return Given(Answer.OWN)
    if await _is_in(hub, session, invitation, sender):
        return Given(Answer.ALREADY)
    return await _judge(hub, session, person, sender, invitation)


async def accept(hub: Hub, session: AsyncSession, sender: Person, invitation_id: int | None) -> ThreadMember:
    """Raises `NotFound` where it works no more: somebody else was quicker, it was taken back, a list says no."""
    invitation = await invitations.locked(session, invitation_id)
    person = await invitations.person_of(session, invitation)
    now = hub.clock.now()
    over = invitation.expires_at is not None and invitation.expires_at <= now
    if invitation.state is not InvitationState.OPEN or over or not _same_house(person, sender):
        raise NotFound
    if await checks.is_refused(session, person, sender, now):
        await _refuse(hub, session, person, invitation)
        raise NotFound
    thread = await session.get_one(Thread, invitation.thread_id)
    if not sender.known:
        _is_known_now(hub, person, sender, invitation)
    member = await members.join(
        hub, session, thread, sender,
        sees=invitation.sees, relation=invitation.relation, staff_id=invitation.staff_id,
        ends_at=now + relativedelta(months=invitation.months) if invitation.months else None,
    )  # fmt: skip
    invitation.supporter_id = sender.id
    invitations.close(hub, invitation, InvitationState.ACCEPTED)
    return member


async def decline(hub: Hub, session: AsyncSession, sender: Person, invitation_id: int | None) -> Invitation:
    """Raises `NotFound` where there is nothing to decline."""
    invitation = await invitations.locked(session, invitation_id)
    if invitation.state is not InvitationState.OPEN:
        raise NotFound
    await invitations.decline(hub, session, f"person:{sender.id}", invitation)
    return invitation


async def _judge(hub: Hub, session: AsyncSession, person: Person, sender: Person, invitation: Invitation) -> Given:
    if await checks.is_refused(session, person, sender, hub.clock.now()):
        await _refuse(hub, session, person, invitation)
        return _wrong(hub, session, sender)
    if invitation.relation is Relation.GUARDIAN and not is_minor(person, hub.clock.now()):
        return _wrong(hub, session, sender)
    why = await checks.of_sender(hub, session, person, sender, invitation)
    if why:
        invitation.supporter_id = sender.id
        invitation.checks = sorted({*invitation.checks, *why})
        invitation.checked_by_id = None  # of this one, nobody has looked yet
        await invitations.check_first(hub, session, person, invitation)
        return Given(Answer.LOOK, invitation)
    return Given(Answer.ASK, invitation)


async def _open_one(hub: Hub, session: AsyncSession, sender: Person, code: str) -> Invitation | None:
    """Locked: what is decided about it is decided once."""
    wanted = (
        select(Invitation)
        .join(Thread, Thread.id == Invitation.thread_id)
        .join(Person, Person.id == Thread.person_id)
        .where(
            Invitation.side == sender.side,
            Invitation.code_index == codes.index_of(hub, sender.side, code),
            Invitation.state == InvitationState.OPEN,
            Invitation.expires_at > hub.clock.now(),
            Person.agency_id == sender.agency_id,
            Person.erased_at.is_(None),
            Person.ended_at.is_(None),
        )
        .with_for_update(of=Invitation)
    )
    found: Invitation | None = await session.scalar(wanted)
    return found


async def _is_in(hub: Hub, session: AsyncSession, invitation: Invitation, sender: Person) -> bool:
    theirs = ThreadMember.thread_id == invitation.thread_id, ThreadMember.person_id == sender.id
    return await session.scalar(select(ThreadMember.person_id).where(*theirs, in_force(hub.clock.now()))) is not None


async def _refuse(hub: Hub, session: AsyncSession, person: Person, invitation: Invitation) -> None:
    """Their worker hears of it; the two of them do not."""
    await invitations.refuse(hub, session, "hub", person, invitation)
    await invitations.tell_worker(hub, session, person, NO_CONTACT, invitation)


def _wrong(hub: Hub, session: AsyncSession, sender: Person) -> Given:
    audit.record(session, hub.clock.now(), f"person:{sender.id}", WRONG, f"person:{sender.id}", person_id=sender.id)
    return Given(Answer.NO)


async def _wrong_lately(hub: Hub, session: AsyncSession, sender: Person) -> int:
    lately = AuditEvent.person_id == sender.id, AuditEvent.at > hub.clock.now() - codes.WITHIN
    wanted = select(func.count(AuditEvent.id)).where(*lately, AuditEvent.what == WRONG)
    return await session.scalar(wanted) or 0


def _same_house(person: Person, sender: Person) -> bool:
    open_still = person.wrapped_key is not None and person.ended_at is None
    return person.side is sender.side and person.agency_id == sender.agency_id and open_still


def _is_known_now(hub: Hub, person: Person, sender: Person, invitation: Invitation) -> None:
    """Somebody who wrote from a number that nobody had entered: now it is theirs, by their own doing."""
    name = invitations.who(hub, person, invitation)
    key = hub.vault.open_person_key(sender.wrapped_key or b"")
    sender.known, sender.role, sender.worker_id = True, Role.SUPPORTER, person.worker_id
    sender.name_sealed, sender.name_index = key.seal(name, "name"), index_of_name(hub, sender.side, name)
