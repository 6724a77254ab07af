"""What a transcript's `state:` asks for."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.prompts import open_prompt
from hub.store.tables import Appointment, Condition, Conversation, Proof, Thread
from tests.transcripts.care_scenes import STATES
from tests.transcripts.check_in_scenes import state_of
from tests.transcripts.safe_scenes import safe_state
from tests.transcripts.speaking import state_of_statement
from tests.transcripts.survey_scenes import survey_state
from tests.transcripts.thread_scenes import posts_state, unread_state
from tests.transcripts.update_scenes import state_of_updates

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay


async def state(replay: "Replay", session: AsyncSession, what: str, value: Any) -> object:  # noqa: C901  # a list
    """`value` is what is expected: of the checks of a proof, those that it names are looked at."""
    conversation = await session.get_one(Conversation, replay.conversation_id)
    match what:
        case "appointment":
            return (await replay.appointment(session)).state.value
        case "prompt":
            prompt = await open_prompt(session, conversation.id, replay.world.clock.now())
            return prompt.awaiting.value if prompt else "nothing"
        case "proof" | "check_in" | "survey" | "back":
            return await state_of(replay, session, what)
        case "safe_check":
            return await safe_state(replay, session)
        case "statement" | "voice" | "said" | "versions":
            return await state_of_statement(replay, session, what)
        case "answers" | "earlier" | "runs":
            return await survey_state(replay, session, what)
        case "conditions":
            return [row.state.value for row in await session.scalars(select(Condition).order_by(Condition.id))]
        case "kind":
            return (await replay.last(session, Proof)).kind
        case "checks":
            return {name: (await replay.last(session, Proof)).checks.get(name) for name in value}
        case "other_appointment":
            other = await session.get_one(Appointment, next(iter(replay.others.values())))
            return other.state.value
        case "safe":
            return conversation.contact_point.safe_state.value
        case "discreet" | "ask_first":
            return getattr(conversation.contact_point, what)
        case "hours":
            contact = conversation.contact_point
            return f"{contact.safe_from:%H:%M}-{contact.safe_until:%H:%M}" if contact.safe_from else "any"
        case "called" | "code_word":
            return _sealed(replay, conversation, what)
        case "updates" | "owed_by" | "rhythm" | "contact" | "contact_heard":
            return await state_of_updates(replay, session, what)
        case "posts":
            return await posts_state(replay, session)
        case "unread":
            return await unread_state(replay, session)
        case "stopped":
            return conversation.contact_point.stopped_at is not None
        case "language":
            return conversation.person.language
        case "held":
            return conversation.holder_id is not None
        case "thread":
            thread = await session.scalar(select(Thread).limit(1))
            return "none" if thread is None else "there"
        case _ if what in STATES:
            return await STATES[what](replay, session)
        case _:
            raise AssertionError(f"a transcript cannot ask for {what}")


def _sealed(replay: "Replay", conversation: Conversation, what: str) -> str:
    """What they are to be called, or their code word."""
    person, contact = conversation.person, conversation.contact_point
    key = replay.world.hub.vault.open_person_key(person.wrapped_key or b"")
    if what == "code_word":
        return key.open(contact.code_word_sealed, "code_word") if contact.code_word_sealed else ""
    return key.open(person.preferred_name_sealed, "name") if person.preferred_name_sealed else ""
