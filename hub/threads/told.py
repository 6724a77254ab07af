"""What is told around a circle of supporters once it is a good time: names stand in it, so each has one wording.

To the person: is it right, the code, who has come, who has gone, what ends soon. To a supporter: the question before it
counts, what ends soon, what has ended. Said by nobody who must not hear it any more: each asks how things stand now.
"""

from hub.handling import Handling
from hub.people import name_of
from hub.promises import answer_by
from hub.states_of_support import InvitationState
from hub.store.tables import Invitation, Person, Thread, ThreadMember
from hub.tellings import tells
from hub.threads import codes, invitations
from hub.threads.going_out import remember
from hub.threads.standing import members_of, stands_by, thread_of
from hub.times import say_day
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Sees

JOINED, NOT_JOINED, LEFT = "supporter_joined", "supporter_not_joined", "supporter_left"
ENDING, ENDED, GROWN_UP, UNUSED = "supporter_ending", "supporter_ended", "supporter_grown_up", "invitation_unused"
FOR_MONTHS = {3: "for_3", 6: "for_6", None: "for_ever"}


def first_name(name: str) -> str:
    return name.split(" ")[0]


def word(handling: Handling, name: str) -> str:
    """A few words of `flows/supporters/` to be put into another text."""
    return handling.texts.render(f"supporters.{name}", handling.language, {}).text


def how_long(handling: Handling, months: int | None) -> str:
    if months in FOR_MONTHS:
        return word(handling, FOR_MONTHS[months])
    return handling.texts.render("supporters.for_months", handling.language, {"number": str(months)}).text


def until(handling: Handling, member: ThreadMember) -> str:
    """The last day, or until somebody ends it."""
    if member.ends_at is None:
        return word(handling, "for_ever")
    day = say_day(member.ends_at, handling.agency.time_zone, handling.language)
    return handling.texts.render("supporters.until_day", handling.language, {"day": day}).text


# --- to the person --------------------------------------------------------------------------------


async def say_outcome(handling: Handling, invitation: Invitation, code: str | None) -> None:
    """The code, or by when a human has looked. Why a human looks is told to nobody."""
    if code:
        return await codes.say_code(handling, invitations.who(handling.hub, handling.person, invitation), code)
    await handling.say("supporters.circle_checking", answer_by=answer_by(handling, invitations.TO_CHECK))


@tells(invitations.YES, first="supporters.circle_agree")
async def _ask_yes(handling: Handling, number: int) -> None:
    """What a worker entered: is it what they want?"""
    invitation = await _theirs(handling, number, InvitationState.ASKED)
    if invitation is None:
        return
    await handling.ask(
        "supporters.circle_agree",
        Awaiting.SURVEY_YES_NO,
        subject=(invitations.YES, invitation.id),
        lasts=codes.LASTS,
        their_name=_who(handling, invitation),
        sees=word(handling, f"sees_{invitation.sees}"),
        how_long=how_long(handling, invitation.months),
    )


@tells(invitations.CODE, first="supporters.circle_code")
async def _tell_code(handling: Handling, number: int) -> None:
    """Drawn now: a code that waits to be told would have to be kept."""
    invitation = await _theirs(handling, number, InvitationState.OPEN)
    if invitation:
        await say_outcome(handling, invitation, await codes.give_new(handling.hub, handling.session, invitation))


@tells(invitations.REFUSED, first="supporters.circle_refused")
async def _tell_refused(handling: Handling, number: int) -> None:
    invitation = await _theirs(handling, number, InvitationState.REFUSED)
    if invitation:
        await handling.say("supporters.circle_refused", their_name=_who(handling, invitation))


@tells(UNUSED, first="supporters.circle_unused")
async def _tell_unused(handling: Handling, number: int) -> None:
    invitation = await _theirs(handling, number, InvitationState.EXPIRED)
    if invitation:
        await handling.say("supporters.circle_unused", their_name=_who(handling, invitation))


@tells(NOT_JOINED, first="supporters.circle_not_joined")
async def _tell_not_joined(handling: Handling, number: int) -> None:
    invitation = await _theirs(handling, number, InvitationState.DECLINED)
    if invitation:
        await handling.say("supporters.circle_not_joined", their_name=_who(handling, invitation))


@tells(JOINED, first="supporters.circle_joined")
async def _tell_joined(handling: Handling, number: int) -> None:
    """`number` is the supporter's, here and below. Not of somebody who has gone since."""
    members = await members_of(handling.session, handling.person.id, handling.now)
    member = next((each for each in members if each.person_id == number), None)
    if member:
        name = first_name(name_of(handling.hub, member.supporter))
        sees = word(handling, f"sees_{member.sees}")
        await handling.say("supporters.circle_joined", their_name=name, sees=sees, remove=name.upper())


@tells(LEFT, first="supporters.circle_left")
async def _tell_left(handling: Handling, number: int) -> None:
    await _of_supporter(handling, number, "supporters.circle_left")


@tells(GROWN_UP, first="supporters.circle_grown_up")
async def _tell_grown_up(handling: Handling, number: int) -> None:
    await _of_supporter(handling, number, "supporters.circle_grown_up")


# --- to both --------------------------------------------------------------------------------------


@tells(ENDING, first="supporters.circle_ending")
async def _tell_ending(handling: Handling, number: int) -> None:
    """`number` is the other one's: the supporter's for the person, the person's for the supporter."""
    for member, person in await stands_by(handling.session, handling.person.id, handling.now):
        if person.id == number and member.ends_at:
            await _say_ending(handling, member, person, "supporters.circle_ending_yours")
            remember(handling.session, handling.said[-1], member.thread_id, handling.person.id, Sees.DATES)
    for member in await members_of(handling.session, handling.person.id, handling.now):
        if member.person_id == number and member.ends_at:
            await _say_ending(handling, member, member.supporter, "supporters.circle_ending")


@tells(ENDED, first="supporters.circle_ended")
async def _tell_ended(handling: Handling, number: int) -> None:
    thread = await thread_of(handling.session, handling.person.id)
    member = await handling.session.get(ThreadMember, (thread.id, number)) if thread else None
    if member:
        return await _of_supporter(handling, number, "supporters.circle_ended")
    other = await handling.session.get(Person, number)
    if other and other.side is handling.person.side and other.wrapped_key:
        their_name = first_name(name_of(handling.hub, other))
        await handling.say("supporters.circle_ended_yours", their_name=their_name)


async def _say_ending(handling: Handling, member: ThreadMember, other: Person, text_key: str) -> None:
    name = first_name(name_of(handling.hub, other))
    day = say_day(member.ends_at, handling.agency.time_zone, handling.language) if member.ends_at else ""
    await handling.say(text_key, their_name=name, day=day)


# --- to whoever gave the code ---------------------------------------------------------------------


@told_when_safe(invitations.ASK)
async def ask_before_it_counts(handling: Handling, number: int | None) -> None:
    """ "You are Jo, and want to stand by Alex?" A code in the wrong hands has shown two first names, and no more."""
    invitation = await handling.session.get(Invitation, number)
    if (
        invitation is None
        or invitation.state is not InvitationState.OPEN
        or invitation.side is not handling.person.side
    ):
        return await handling.say("supporters.code_no")
    person = await invitations.person_of(handling.session, invitation)
    await handling.ask(
        "supporters.circle_ask",
        Awaiting.THREAD_INVITATION,
        subject=("invitation", invitation.id),
        lasts=codes.LASTS,
        your_name=first_name(invitations.who(handling.hub, person, invitation)),
        their_name=first_name(name_of(handling.hub, person)),
    )


@tells(invitations.ASK, first="supporters.circle_ask")
async def _ask_after_check(handling: Handling, number: int) -> None:
    """A human has looked and agreed."""
    await ask_before_it_counts(handling, number)


# --- helpers --------------------------------------------------------------------------------------


async def _theirs(handling: Handling, number: int, state: InvitationState) -> Invitation | None:
    """Of this person, and still so."""
    invitation = await handling.session.get(Invitation, number)
    if invitation is None or invitation.state is not state:
        return None
    thread = await handling.session.get_one(Thread, invitation.thread_id)
    return invitation if thread.person_id == handling.person.id else None


def _who(handling: Handling, invitation: Invitation) -> str:
    return first_name(invitations.who(handling.hub, handling.person, invitation))


async def _of_supporter(handling: Handling, number: int, text_key: str) -> None:
    supporter = await handling.session.get(Person, number)
    if supporter and supporter.side is handling.person.side and supporter.wrapped_key:
        await handling.say(text_key, their_name=first_name(name_of(handling.hub, supporter)))
