"""Supporters: yes, no and goodbye to an invitation; and a person who wishes for somebody by their side."""

from hub.commands.registry import carries_out
from hub.errors import NotFound
from hub.handling import Handling
from hub.people import name_of
from hub.promises import promise
from hub.threads import members
from hub.words import Awaiting


@carries_out("invite_supporter")
async def invite_supporter(handling: Handling, _entities: dict[str, str]) -> None:
    """A human sets it up: nobody is told anything without the consent of both."""
    by = await promise(handling, "supporter_question")
    await handling.say("supporters.asked_for", answer_by=by)


@carries_out("accept_invitation")
async def accept_invitation(handling: Handling, _entities: dict[str, str]) -> None:
    try:
        person = await members.accept(handling.hub, handling.session, handling.person)
    except NotFound:
        return await handling.say("supporters.not_invited")
    await _answered(handling)
    await handling.say("supporters.accepted", their_name=name_of(handling.hub, person).split(" ")[0])


@carries_out("decline_invitation")
async def decline_invitation(handling: Handling, _entities: dict[str, str]) -> None:
    try:
        await members.decline(handling.hub, handling.session, handling.person)
    except NotFound:
        return await handling.say("supporters.not_invited")
    await _answered(handling)
    await handling.say("supporters.declined")


@carries_out("leave_thread")
async def leave_thread(handling: Handling, _entities: dict[str, str]) -> None:
    try:
        await members.leave(handling.hub, handling.session, handling.person)
    except NotFound:
        return await handling.say("supporters.not_invited")
    await _answered(handling)
    await handling.say("supporters.left")


async def _answered(handling: Handling) -> None:
    if handling.prompt and handling.prompt.awaiting is Awaiting.THREAD_INVITATION:
        await handling.answered()
