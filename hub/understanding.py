"""From a decision to commands: files cleaned first; what was not understood is asked about once, then handed over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from hub.decide import ASSISTANT_DOWN
from hub.errors import BadFile
from hub.escalations import find_open
from hub.handling import Handling
from hub.ports import Command, Decision
from hub.store.tables import MediaFile
from hub.times import say_when
from hub.working_time import add_working_minutes

MOST_MISUNDERSTOOD = 2  # the first time we ask once more, the second time a human has it
ANSWER_WITHIN = 4 * 60  # working minutes, as REASONS["not_understood"] promises the worker's side

SAY_AGAIN = timedelta(hours=1)

CarryOut = Callable[[Handling, Command], Awaitable[None]]


async def carry_out_understood(handling: Handling, decision: Decision, carry_out: CarryOut) -> None:
    """Carry out each command; those about understanding itself are answered here."""
    await clean_files(handling)
    for command in decision.commands:
        match command.do:
            case "not_understood" | "assistant_down" if handling.quiet:
                pass  # a crisis was in the same text: a human has all of it already
            case "not_understood":
                await _not_understood(handling)
            case "unknown_sender":
                await _unknown_sender(handling)
            case "text_empty":
                await handling.say("human.text_empty")
            case "assistant_down":
                await _pass_on(handling, ASSISTANT_DOWN)
            case _:
                handling.conversation.misunderstood = 0
                await carry_out(handling, command)


async def _not_understood(handling: Handling) -> None:
    conversation = handling.conversation
    conversation.misunderstood += 1
    if conversation.misunderstood < MOST_MISUNDERSTOOD:
        awaiting = handling.prompt.awaiting if handling.prompt else "nothing"
        await handling.say(f"human.again_{awaiting}")
    else:
        conversation.misunderstood = 0
        await _pass_on(handling, "not_understood")


async def _pass_on(handling: Handling, reason: str) -> None:
    """Say once who will answer and when; five texts in a row do not get five times the same."""
    before = await find_open(handling.session, handling.conversation.id, reason)
    await handling.hand_over(reason)
    if before is None or handling.now - before.opened_at > SAY_AGAIN:
        await handling.say("human.passed_on", answer_by=answer_by(handling))


async def _unknown_sender(handling: Handling) -> None:
    """Somebody whose number nobody has entered: one friendly answer, then a human; never a word about anybody."""
    before = await find_open(handling.session, handling.conversation.id, "unknown_sender")
    await handling.hand_over("unknown_sender")
    if before is None:
        await handling.say("human.unknown_sender")


def answer_by(handling: Handling) -> str:
    """When a human will have answered, in words; an honest time, counted in working hours."""
    by = add_working_minutes(handling.now, ANSWER_WITHIN, handling.agency)
    return say_when(by, handling.agency.time_zone, handling.language)


async def clean_files(handling: Handling) -> None:
    """Replace what came by what it really is, re-encoded; a file that is not one is refused and not kept."""
    if handling.message is None:
        return
    wanted = select(MediaFile).where(MediaFile.message_id == handling.message.id, MediaFile.sha256.is_(None))
    for file in (await handling.session.scalars(wanted)).all():
        if file.content_sealed is None:
            continue
        raw = handling.key.open_bytes(file.content_sealed, "file")
        file.sha256 = sha256(raw).digest()
        try:
            clean = await handling.hub.files.clean(raw, file.content_type)
        except BadFile as refused:
            file.refused, file.content_sealed = refused.code, None
            continue
        file.content_sealed = handling.key.seal(clean.content, "file")
        file.content_type = clean.content_type
