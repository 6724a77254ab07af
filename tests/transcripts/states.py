"""What a transcript's `state:` asks for."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.prompts import open_prompt
from hub.store.tables import Appointment, Condition, Conversation, Proof, Thread
from tests.transcripts.check_in_scenes import state_of
from tests.transcripts.survey_scenes import survey_state

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
        case "stopped":
            return conversation.contact_point.stopped_at is not None
        case "language":
            return conversation.person.language
        case "held":
            return conversation.holder_id is not None
        case "thread":
            thread = await session.scalar(select(Thread).limit(1))
            return "none" if thread is None else "there"
        case _:
            raise AssertionError(f"a transcript cannot ask for {what}")
