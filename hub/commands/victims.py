"""What victims, witnesses and bereaved family ask. On a phone that others may read, nothing is told before
"is it safe?" (`hub/when_safe.py`)."""

from sqlalchemy import select, update

from hub import update_talk, updates_owed, when_safe
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.promises import promise
from hub.reasons import REASONS
from hub.states import Direction, MessageState
from hub.store.tables import Case, Message
from hub.when_safe import told_when_safe
from hub.words import Role, Side


@carries_out("ask_case_update")
async def ask_case_update(handling: Handling, _entities: dict[str, str]) -> None:
    """What they are owed, else the last news once more; else an honest promise, kept in the list of what is owed."""
    if await update_talk.has_news(handling):
        return await when_safe.tell(handling, "case_update")
    by = await promise(handling, "case_question")
    case = await _open_case(handling)
    if case:
        due = REASONS["case_question"].due(handling.now, handling.agency)
        await updates_owed.owe_answer(handling.hub, handling.session, case, due)
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
async def _tell_news(handling: Handling, _number: int | None) -> None:
    await update_talk.tell(handling)


async def _open_case(handling: Handling) -> Case | None:
    """Their own; nobody is promised anything about a case of somebody else's."""
    theirs = Case.person_id == handling.person.id, Case.side == Side.VICTIMS, Case.closed_at.is_(None)
    if handling.person.role is not Role.VICTIM:
        return None
    found: Case | None = await handling.session.scalar(select(Case).where(*theirs).order_by(Case.id.desc()).limit(1))
    return found
