"""Somebody else seems to hold a victim's phone: one sentence that gives nothing away, silence, and a way back.

The way back is never that phone: a worker who has spoken with the person, or another address of theirs that is known
to be safe, where it is asked about without a word of which phone. Knows no page.
"""

from sqlalchemy import select

from hub import safe_contact_record
from hub.another_way import line_for
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.people import conversation_on
from hub.repair import repair
from hub.safe_contact import forbidden, is_recorded
from hub.states import SafeContactState
from hub.store.tables import ContactPoint
from hub.words import Awaiting, ChannelKind, Purpose

SUBJECT = "doubted_phone"
REASON = "someone_else_reads"


async def doubt(handling: Handling) -> None:
    """ "Who is this?", "wrong number": said once, then nothing goes there any more."""
    contact = handling.conversation.contact_point
    again = bool(forbidden(contact))
    await handling.answered()
    await safe_contact_record.doubt(handling.hub, handling.session, contact)
    await handling.hand_over(REASON)
    if again:
        return
    if not contact.stopped_at:
        await handling.say("safe_contact.someone_else")
    await _ask_elsewhere(handling, contact)


async def keep_silent(handling: Handling) -> None:
    """A text from an address that gets nothing: a worker reads it, and no answer goes there."""
    doubted = handling.conversation.contact_point.safe_state is SafeContactState.DOUBTED
    await handling.hand_over(REASON if doubted else "safe_contact_no")


async def _ask_elsewhere(handling: Handling, contact: ContactPoint) -> None:
    """Another address of theirs from which they have written, and which is known to be safe. Else a worker asks."""
    others = select(ContactPoint).where(
        ContactPoint.person_id == contact.person_id,
        ContactPoint.id != contact.id,
        ContactPoint.verified_at.is_not(None),
        ContactPoint.stopped_at.is_(None),
        ContactPoint.refused_code.is_(None),
        ContactPoint.channel != ChannelKind.WEBCHAT,  # reaches nobody who is not looking at it
    )
    for other in await handling.session.scalars(others.order_by(ContactPoint.preferred.desc(), ContactPoint.id)):
        line = await line_for(handling.session, handling.conversation, other) if is_recorded(other) else None
        if line is None or line.id == handling.conversation.line_id:
            continue
        talk = await conversation_on(handling.session, handling.person, line, other)
        there = Handling(handling.hub, handling.session, talk, None, "", None, handling.now, purpose=Purpose.UPDATE)
        return await there.ask(
            "safe_contact.other_phone", Awaiting.SURVEY_YES_NO, subject=(SUBJECT, contact.id), keep={"step": "other"}
        )


@takes_answers(SUBJECT)
async def take(handling: Handling, kind: Kind, _words: str) -> None:
    """Yes, from another address: that phone is theirs again, in careful words. Anything else leaves it silent."""
    doubted = await handling.session.get(ContactPoint, handling.prompt.subject_id) if handling.prompt else None
    if doubted is None or doubted.person_id != handling.person.id or not forbidden(doubted):
        await handling.answered()
        return await handling.say("surveys.nothing_open")
    match kind:
        case Kind.YES:
            doubted.discreet = True
            actor = f"person:{handling.person.id}"
            await safe_contact_record.record(handling.hub, handling.session, actor, doubted, "other_address")
            await handling.answered()
            await handling.say("safe_contact.other_phone_yes")
        case Kind.NO | Kind.SKIP | Kind.LATER:
            await handling.answered()
            await handling.say("safe_contact.other_phone_no")
        case _:
            await repair(handling)
