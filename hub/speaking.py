"""Speaking to a person who has not written just now: because a worker or a timetable did something."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import Handling
from hub.people import conversation_for
from hub.prompts import open_prompt
from hub.store.tables import Appointment, Person
from hub.words import Purpose


async def speak_to(hub: Hub, session: AsyncSession, person: Person, purpose: Purpose) -> Handling | None:
    """A handling without a text, in the person's own conversation; None when there is no way to reach
    them."""
    if person.wrapped_key is None:
        return None
    conversation = await conversation_for(session, person)
    if conversation is None:
        return None
    now = hub.clock.now()
    prompt = await open_prompt(session, conversation.id, now)
    return Handling(hub, session, conversation, None, "", prompt, now, purpose=purpose)


def facts_about(handling: Handling, appointment: Appointment) -> dict[str, Any]:
    """The appointment's facts as keywords of `say` and `ask` (texts all; `Any`, since those take other
    keywords too)."""
    return dict(handling.appointment_facts(appointment))
