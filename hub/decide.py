"""What is to be done about a text: the ladder from certain to likely. Reads, asks, changes nothing."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.arrivals import PROVIDER_KEYWORD
from hub.core import Hub
from hub.errors import AssistantUnavailable
from hub.ports import Command, Decision, Turn
from hub.sms import sanitise
from hub.store.tables import Conversation, MediaFile, Message, Prompt
from hub.words import Awaiting

LONGEST_TURN = 1000  # characters that the assistant reads; the human reads them all
ASSISTANT_DOWN = "assistant_down"


@dataclass(frozen=True, slots=True)
class Situation:
    """One text and where it fell."""

    conversation_id: int
    message_id: int
    text: str
    turn: Turn
    prompt: Prompt | None
    human_holds: bool
    known: bool
    has_file: bool
    provider_keyword: str


async def situation(
    hub: Hub, session: AsyncSession, conversation: Conversation, message: Message, prompt: Prompt | None
) -> Situation:
    person = conversation.person
    body = hub.vault.open_person_key(person.wrapped_key or b"").open(message.body_sealed or b"", "body")
    words = sanitise(body)
    return Situation(
        conversation_id=conversation.id,
        message_id=message.id,
        text=words,
        turn=Turn(
            conversation=str(conversation.id),
            text=words[:LONGEST_TURN],
            awaiting=prompt.awaiting if prompt else Awaiting.NOTHING,
            role=person.role,
            language=person.language,
        ),
        prompt=prompt,
        human_holds=conversation.holder_id is not None,
        known=person.known,
        has_file=await _has_file(session, message.id),
        provider_keyword=message.reason.removeprefix(PROVIDER_KEYWORD) if message.reason else "",
    )


def at_once(hub: Hub, situation: Situation) -> Decision | None:
    """All that needs no model; None when only the assistant can tell."""
    for step in (_keyword, _safety, _human, _unknown, _file, _empty, _exact):
        decision = step(hub, situation)
        if decision:
            return decision
    return None


async def by_assistant(hub: Hub, situation: Situation) -> Decision:
    """The assistant's decision; when it is off, the text goes to a human with that as the reason."""
    if situation.human_holds:
        return Decision((), "human")
    try:
        return await hub.assistant.decide(situation.turn)
    except AssistantUnavailable:
        return Decision((Command(ASSISTANT_DOWN),), ASSISTANT_DOWN, confidence=0.0)


def _keyword(hub: Hub, situation: Situation) -> Decision | None:
    provider = {"STOP": "stop_messages", "START": "start_messages", "HELP": "help"}.get(situation.provider_keyword)
    found = provider or hub.flows.keywords.match(situation.text)
    # "yes" restarts texts at Twilio and is also our word for "I will come": with a question open, it answers that.
    if not found or (found == "start_messages" and situation.prompt and not _is_start(situation)):
        return None
    entities = {"provider_replied": "yes"} if provider else {}
    return Decision((Command(found, entities),), "keyword")


def _is_start(situation: Situation) -> bool:
    return situation.text.strip().casefold().startswith(("start", "unstop"))


def _safety(hub: Hub, situation: Situation) -> Decision | None:
    dangers = hub.flows.safety.match(situation.text)
    return Decision(tuple(Command(name) for name in dangers), "safety") if dangers else None


def _human(_hub: Hub, situation: Situation) -> Decision | None:
    return Decision((), "human") if situation.human_holds else None


def _unknown(_hub: Hub, situation: Situation) -> Decision | None:
    return None if situation.known else Decision((Command("unknown_sender"),), "unknown_sender")


def _file(_hub: Hub, situation: Situation) -> Decision | None:
    return Decision((Command("give_photo"),), "file") if situation.has_file else None


def _empty(_hub: Hub, situation: Situation) -> Decision | None:
    return None if situation.text else Decision((Command("text_empty"),), "empty")


def _exact(hub: Hub, situation: Situation) -> Decision | None:
    return hub.flows.exact.decide(situation.turn)


async def _has_file(session: AsyncSession, message_id: int) -> bool:
    return bool(await session.scalar(select(exists().where(MediaFile.message_id == message_id))))
