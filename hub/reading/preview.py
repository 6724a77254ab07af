"""What a text would say to a person, before it is sent. Knows no screen."""

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.manner import manner_of
from hub.speaking import speak_to
from hub.store.tables import Appointment, Person
from hub.texts import Rendered
from hub.words import Purpose


async def preview(
    hub: Hub, session: AsyncSession, person: Person, text_key: str, appointment: Appointment | None = None
) -> Rendered | None:
    """As it would leave; None when there is no way to reach the person."""
    handling = await speak_to(hub, session, person, Purpose.REMINDER)
    if handling is None:
        return None
    facts = handling.facts() | (handling.appointment_facts(appointment) if appointment else {})
    manner = manner_of(handling.key, handling.conversation.contact_point)
    return hub.texts_for(person).render(text_key, handling.language, facts, **manner)
