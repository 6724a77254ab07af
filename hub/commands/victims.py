"""What victims, witnesses and bereaved family ask. On a phone that others may read, nothing is told before
"is it safe?" (`hub/when_safe.py`)."""

from sqlalchemy import update

from hub import case_events, when_safe
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.promises import promise
from hub.states import Direction, MessageState
from hub.store.tables import Message
from hub.when_safe import told_when_safe
from hub.words import Role


@carries_out("ask_case_update")
async def ask_case_update(handling: Handling, _entities: dict[str, str]) -> None:
    """The last news once more, else an honest promise."""
    event = await case_events.last_event(handling)
    if event and handling.person.role is Role.VICTIM:
        return await when_safe.tell(handling, "case_update")
    by = await promise(handling, "case_question")
    await handling.say("victims.case_promise", answer_by=by)


@carries_out("not_safe_to_talk")
async def not_safe_to_talk(handling: Handling, _entities: dict[str, str]) -> None:
    """Silence at once: "OK", what waits to be sent is taken back, the careful wording from now on, a human
    knows."""
    await handling.session.execute(
        update(Message)
        .where(
            Message.conversation_id == handling.conversation.id,
            Message.direction == Direction.OUT,
            Message.state.in_((MessageState.QUEUED, MessageState.HELD)),
        )
        .values(state=MessageState.CANCELLED, state_at=handling.now, reason="not_safe_to_talk")
    )
    handling.conversation.contact_point.discreet = True
    await handling.answered()
    await handling.hand_over("not_safe_to_talk")
    await handling.say("victims.not_safe")


@told_when_safe("case_update")
async def _tell_last_event(handling: Handling, _number: int | None) -> None:
    event = await case_events.last_event(handling)
    if event:
        await case_events.tell(handling, event)
