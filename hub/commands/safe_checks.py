"""“Are you safe?”: setting the time by text, and the answers. No model is asked about any of it."""

from hub import safe_check_talk as talk
from hub import safe_check_words as words
from hub import safe_checks, safe_circle, safe_wishes
from hub.answering import Kind, takes_answers
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.repair import pass_on
from hub.words import Side


@carries_out("set_safe_check")
async def set_safe_check(handling: Handling, _entities: dict[str, str]) -> None:
    if await _is_not_theirs(handling):
        return
    await talk.set_from(handling, words.behind(handling.text))


@carries_out("move_safe_check")
async def move_safe_check(handling: Handling, _entities: dict[str, str]) -> None:
    if not await _is_not_theirs(handling):
        await talk.move(handling)


@carries_out("end_safe_check")
async def end_safe_check(handling: Handling, _entities: dict[str, str]) -> None:
    if not await _is_not_theirs(handling):
        await talk.end(handling)


@carries_out("show_safe_check")
async def show_safe_check(handling: Handling, _entities: dict[str, str]) -> None:
    if not await _is_not_theirs(handling):
        await talk.show(handling)


@carries_out("report_safe")
async def report_safe(handling: Handling, _entities: dict[str, str]) -> None:
    """“I am safe”, though the question has gone under: a yes to the one that waits."""
    check = await safe_checks.open_one(handling)
    if check is None:
        victims = handling.person.side is Side.VICTIMS
        return await handling.say("are_you_safe.thanks" if victims else "check_ins.back_yes")
    await safe_checks.say_safe(handling, check)


@takes_answers(talk.MENU)
async def take_time(handling: Handling, _kind: Kind, said: str) -> None:
    await talk.choose(handling, said or handling.text)


@takes_answers(safe_circle.KIND)
async def take_consent(handling: Handling, kind: Kind, _said: str) -> None:
    """Of a supporter: only a clear yes is one."""
    await safe_circle.answer(handling, agrees=kind is Kind.YES)


@takes_answers(safe_checks.KIND)
async def take_answer(handling: Handling, kind: Kind, _said: str) -> None:
    check = await safe_checks.open_one(handling)
    if check is None:
        return await handling.say("are_you_safe.none")
    match kind:
        case Kind.YES:
            await safe_checks.say_safe(handling, check)
        case Kind.NO:
            await safe_checks.say_not_safe(handling, check)
        case Kind.LATER:
            await safe_checks.say_later(handling, check, words.more_time(handling.text))
        case Kind.CHANGE:
            await safe_checks.ask_once_more(handling, check, "are_you_safe.again")
        case _ if await safe_wishes.is_duress(handling.hub, handling.session, handling.person, handling.text):
            await safe_checks.say_under_duress(handling, check)
        case _ if handling.conversation.holder_id is None and not handling.quiet:  # beside a cry nothing is asked
            await safe_checks.say_unclear(handling, check)


async def _is_not_theirs(handling: Handling) -> bool:
    """On the other side nobody is asked whether they are safe; a human reads why they wish it."""
    if handling.person.side is Side.VICTIMS:
        return False
    await pass_on(handling, "not_understood")
    return True
