"""Supporters: a wish for one, the code that one gives, who is there, and the words that end it."""

from hub import tellings, when_safe
from hub.commands.registry import carries_out
from hub.errors import NotFound
from hub.escalations import find_open, withdraw
from hub.handling import Handling
from hub.people import name_of
from hub.promises import answer_by, promise
from hub.store.tables import Person, Thread
from hub.threads import invitations, invite_talk, joining, leaving, reading, told
from hub.threads.going_out import remember
from hub.threads.joining import Answer
from hub.words import Awaiting, Role, Sees

INVITATION = "invitation"  # of the open question's subject
_SAYS = {Answer.NO: "supporters.code_no", Answer.OWN: "supporters.code_own", Answer.ALREADY: "supporters.code_already"}


@carries_out("invite_supporter")
async def invite_supporter(handling: Handling, _entities: dict[str, str]) -> None:
    """Who is under supervision asks by themselves; a supporter cannot; on the victims' side a human sets it up."""
    if invite_talk.may_ask(handling):
        return await invite_talk.begin(handling)
    if handling.person.role is Role.SUPPORTER:
        return await handling.say("supporters.invite_not_here")
    by = await promise(handling, "supporter_question")
    await handling.say("supporters.asked_for", answer_by=by)


@carries_out("join_thread")
async def join_thread(handling: Handling, _entities: dict[str, str]) -> None:
    """Eight digits, from anybody. JOIN alone: what is needed for it."""
    code = reading.code_in(handling.text)
    if not code:
        return await handling.say("supporters.no_code")
    given = await joining.give_code(handling.hub, handling.session, handling.person, handling.conversation, code)
    if given.answer in _SAYS:
        return await handling.say(_SAYS[given.answer])
    if given.invitation is None:
        return None
    await _speak_their_language(handling, given.invitation.thread_id)
    if given.answer is Answer.LOOK:
        return await handling.say("supporters.code_looked_at", answer_by=answer_by(handling, invitations.TO_CHECK))
    await when_safe.tell(handling, invitations.ASK, given.invitation.id)


@carries_out("accept_invitation")
async def accept_invitation(handling: Handling, _entities: dict[str, str]) -> None:
    """The yes to “You are Jo, and want to stand by Alex?”"""
    number = _asked(handling)
    if number is None:
        return await handling.say("supporters.no_code")
    await handling.answered()
    sender = handling.person
    try:
        member = await joining.accept(handling.hub, handling.session, sender, number)
    except NotFound:
        return await handling.say("supporters.code_no")
    await _is_no_stranger(handling)
    person = await invitations.person_of(handling.session, await invitations.locked(handling.session, number))
    await handling.say(f"supporters.accepted_{member.sees}", their_name=told.first_name(name_of(handling.hub, person)))
    if handling.said:
        remember(handling.session, handling.said[-1], member.thread_id, sender.id, Sees.DATES)
    await tellings.plan(handling.hub, handling.session, person, told.JOINED, sender.id)


@carries_out("decline_invitation")
async def decline_invitation(handling: Handling, _entities: dict[str, str]) -> None:
    number = _asked(handling)
    if number is None:
        return await handling.say("supporters.no_code")
    await handling.answered()
    await handling.say("supporters.declined")
    try:
        invitation = await joining.decline(handling.hub, handling.session, handling.person, number)
    except NotFound:
        return None
    person = await invitations.person_of(handling.session, invitation)
    await tellings.plan(handling.hub, handling.session, person, told.NOT_JOINED, invitation.id)


@carries_out("leave_thread")
async def leave_thread(handling: Handling, _entities: dict[str, str]) -> None:
    await leaving.leave(handling)


@carries_out("remove_supporter")
async def remove_supporter(handling: Handling, _entities: dict[str, str]) -> None:
    await leaving.remove(handling)


@carries_out("show_supporters")
async def show_supporters(handling: Handling, _entities: dict[str, str]) -> None:
    await leaving.show(handling)


def _asked(handling: Handling) -> int | None:
    """The invitation that the open question is about."""
    prompt = handling.prompt
    ours = prompt and prompt.awaiting is Awaiting.THREAD_INVITATION and prompt.subject_kind == INVITATION
    return prompt.subject_id if prompt and ours else None


async def _speak_their_language(handling: Handling, thread_id: int) -> None:
    """Of somebody unknown: that of the word before the code, else that of who gave it to them."""
    if handling.person.known:
        return
    thread = await handling.session.get_one(Thread, thread_id)
    person = await handling.session.get_one(Person, thread.person_id)
    handling.person.language = "cy" if reading.is_welsh(handling.text) else person.language


async def _is_no_stranger(handling: Handling) -> None:
    """They wrote from a number that nobody knew: that has been answered."""
    found = await find_open(handling.session, handling.conversation.id, "unknown_sender")
    if found:
        await withdraw(handling.session, found, "joined", handling.now)
