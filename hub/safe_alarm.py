"""Who is told when somebody does not say that they are safe, and that all is well after all.

A worker at once, and again when the last silence was taken on and this is another one; the contacts of their choice by
a text that says nothing of why. Knows neither the clock nor a screen.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, safe_circle, safe_wishes
from hub.core import Hub
from hub.handling import Handling
from hub.people import conversation_for, name_of
from hub.safe_check_facts import facts_of
from hub.speaking import speak_to
from hub.store import audit
from hub.store.loading import TO_TALK
from hub.store.tables import Conversation, Person, SafeCheck
from hub.words import Priority, Purpose

SILENT, DURESS = "safe_check_silent", "safe_check_duress"


async def silent(hub: Hub, session: AsyncSession, check: SafeCheck) -> None:
    """No answer in time."""
    now, person = hub.clock.now(), check.person
    conversation = await _conversation(session, person)
    if conversation:
        await escalations.escalate_anew(session, conversation, SILENT, now, detail=detail_of(check))
    facts = await facts_of(session, check, safe_wishes.zone_of(person))
    audit.record(session, now, "hub", SILENT, detail_of(check), person_id=person.id, facts=facts)
    await tell_contacts(hub, session, check)


async def under_duress(handling: Handling, check: SafeCheck) -> None:
    """To a worker alone: a contact who rings now could give it away."""
    check.told_at = handling.now
    handling.handed_over = True
    message_id = handling.message.id if handling.message else None
    await escalations.escalate_anew(
        handling.session, handling.conversation, DURESS, handling.now, detail=detail_of(check), message_id=message_id
    )


async def all_is_well(handling: Handling, check: SafeCheck) -> None:
    """What nobody has taken on is withdrawn; whoever was told hears of it."""
    found = await escalations.find_open(handling.session, handling.conversation.id, SILENT)
    if found and found.taken_at is None and found.detail == detail_of(check):
        await escalations.withdraw(handling.session, found, "answered_late", handling.now)
    if check.contacts_told_at:
        for person in await safe_circle.contacts_of(handling.session, handling.person, handling.now):
            await _say(handling.hub, handling.session, person, "are_you_safe.all_is_well", handling.person)


def detail_of(check: SafeCheck) -> str:
    return f"safe_check:{check.id}"


async def tell_contacts(hub: Hub, session: AsyncSession, check: SafeCheck) -> None:
    """Once a check: silence and then a no are one call."""
    if check.contacts_told_at or not await safe_wishes.tells_contacts(session, check.person):
        return
    contacts: Sequence[Person] = await safe_circle.contacts_of(session, check.person, hub.clock.now())
    for person in contacts:
        await _say(hub, session, person, "are_you_safe.please_call", check.person)
    if contacts:
        check.contacts_told_at = hub.clock.now()
        ids = [person.id for person in contacts]
        now, about = hub.clock.now(), detail_of(check)
        audit.record(
            session, now, "hub", "chosen_contacts_told", about, person_id=check.person_id, contacts=ids, number=len(ids)
        )


async def _say(hub: Hub, session: AsyncSession, to: Person, text_key: str, about: Person) -> None:
    handling = await speak_to(hub, session, to, Purpose.SAFETY)
    if handling:
        their_name = name_of(hub, about).split(" ")[0]
        await handling.say(text_key, priority=Priority.URGENT, their_name=their_name)


async def _conversation(session: AsyncSession, person: Person) -> Conversation | None:
    """Where a worker finds them; the last one that there was, when no way leads there any more."""
    found = await conversation_for(session, person)
    if found:
        return found
    theirs = select(Conversation).where(Conversation.person_id == person.id).options(*TO_TALK)
    last: Conversation | None = await session.scalar(theirs.order_by(Conversation.last_at.desc().nulls_last()).limit(1))
    return last
