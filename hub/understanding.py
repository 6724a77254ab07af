"""From a decision to commands: what was not understood is repaired; the last touch comes last."""

from collections.abc import Awaitable, Callable

from hub.decide import ASSISTANT_DOWN
from hub.escalations import find_open
from hub.handling import Handling
from hub.last_touch import last_touch
from hub.ports import Command, Decision
from hub.repair import pass_on, repair
from hub.safe_contact_doubt import keep_silent

CarryOut = Callable[[Handling, Command], Awaitable[None]]


async def carry_out_understood(handling: Handling, decision: Decision, carry_out: CarryOut) -> None:
    """Carry out each command; those about understanding itself are answered here. Files are clean by then."""
    asked = handling.prompt
    for command in decision.commands:
        match command.do:
            case "not_understood" | "assistant_down" if handling.quiet:
                pass  # a crisis was in the same text: a human has all of it already
            case "not_understood":
                await repair(handling)
            case "unknown_sender":
                await _unknown_sender(handling)
            case "kept_silent":
                await keep_silent(handling)
            case "text_empty":
                await handling.say("human.text_empty")
            case "assistant_down":
                await pass_on(handling, ASSISTANT_DOWN)
            case _:
                await _understood(handling, command, carry_out)
    await last_touch(handling, decision, asked)


async def _understood(handling: Handling, command: Command, carry_out: CarryOut) -> None:
    """Carried out; the counter starts anew unless the command itself found that the answer was none."""
    before = handling.conversation.misunderstood
    await carry_out(handling, command)
    if handling.conversation.misunderstood == before:
        handling.conversation.misunderstood = 0


async def _unknown_sender(handling: Handling) -> None:
    """Somebody whose number nobody has entered: one friendly answer, then a human; never a word about anybody."""
    before = await find_open(handling.session, handling.conversation.id, "unknown_sender")
    await handling.hand_over("unknown_sender")
    if before is None:
        await handling.say("human.unknown_sender")
