"""Ended by one word: REMOVE by the person, LEAVE by a supporter. Which of several is asked; until then, shut.

With one there is nothing to ask. With several, all are held before the question leaves: nobody hears anything from that
moment on, and who is not meant goes on as before without having noticed. Held they stay while nobody answers, and a
human has been told of the question. A name that fits nobody is asked about in the same way: better a day of silence
than one text to the wrong one. Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hub import escalations, tellings, when_safe
from hub.anonymise import form
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.people import name_of
from hub.store.tables import Invitation, Person, Thread, ThreadMember
from hub.threads import invitations, members
from hub.threads.reading import is_everybody, is_over, name_in, to_leave, to_remove
from hub.threads.standing import members_of, stands_by
from hub.threads.told import LEFT, first_name, until, word
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Relation

REMOVE, LEAVE, LIST = "circle_remove", "circle_leave", "circle_list"
CHOOSING = "supporter_choosing"  # the reason in front of a human
_MARKS = {REMOVE: members.HELD, LEAVE: members.LEAVING}
_HELD = (members.HELD, members.LEAVING, members.BOTH)


@dataclass(frozen=True, slots=True)
class One:
    """Somebody who can go: a membership, or a code that nobody has given yet."""

    name: str
    relation: Relation
    member: ThreadMember | None = None
    invitation: Invitation | None = None


# --- REMOVE ---------------------------------------------------------------------------------------


async def remove(handling: Handling) -> None:
    """REMOVE, REMOVE JO, REMOVE EVERYBODY."""
    theirs = await _of_person(handling)
    if not theirs:
        return await handling.say("supporters.remove_nobody")
    await _begin(handling, theirs, to_remove(handling.text), REMOVE)


@told_when_safe(REMOVE)
async def _whom_to_remove(handling: Handling, _number: int | None) -> None:
    await _ask(handling, await _of_person(handling), REMOVE, "supporters.circle_whom")


@takes_answers(REMOVE)
async def take_remove(handling: Handling, kind: Kind, words: str) -> None:
    await _take(handling, await _of_person(handling), REMOVE, kind, words)


# --- LEAVE ----------------------------------------------------------------------------------------


async def leave(handling: Handling) -> None:
    """LEAVE, LEAVE ALEX."""
    theirs = await _of_supporter(handling)
    if not theirs:
        return await handling.say("supporters.not_invited")
    await _begin(handling, theirs, to_leave(handling.text), LEAVE)


@told_when_safe(LEAVE)
async def _whom_to_leave(handling: Handling, _number: int | None) -> None:
    await _ask(handling, await _of_supporter(handling), LEAVE, "supporters.circle_whom_leave")


@takes_answers(LEAVE)
async def take_leave(handling: Handling, kind: Kind, words: str) -> None:
    await _take(handling, await _of_supporter(handling), LEAVE, kind, words)


# --- WHO IS WITH ME -------------------------------------------------------------------------------


async def show(handling: Handling) -> None:
    await when_safe.tell(handling, LIST)


@told_when_safe(LIST)
async def _show(handling: Handling, _number: int | None) -> None:
    """First names, what each sees, until when; of a supporter, whom they stand by."""
    theirs = [await _line(handling, one) for one in await _of_person(handling)]
    if theirs:
        return await handling.say("supporters.circle_list", who="; ".join(theirs))
    others = await stands_by(handling.session, handling.person.id, handling.now)
    if others:
        names = ", ".join(first_name(name_of(handling.hub, person)) for _, person in others)
        return await handling.say("supporters.circle_list_yours", who=names)
    await handling.say("supporters.remove_nobody")


async def _line(handling: Handling, one: One) -> str:
    if one.member is None:
        return f"{one.name} ({word(handling, 'not_yet')})"
    if one.member.left_at:
        return f"{one.name} ({word(handling, 'held')})"
    return f"{one.name} ({word(handling, f'sees_{one.member.sees}')}, {until(handling, one.member)})"


# --- both -----------------------------------------------------------------------------------------


async def _begin(handling: Handling, theirs: Sequence[One], wanted: str, what: str) -> None:
    """Certain: they go now. Not certain: all who may be meant are held, then it is asked."""
    if is_everybody(wanted) or (not wanted and len(theirs) == 1):
        return await _end(handling, theirs, (), what)
    meant = [one for one in theirs if _is_named(one, wanted)] if wanted else []
    if len(meant) == 1:
        return await _end(handling, meant, _held_of(theirs, meant), what)
    for one in meant or theirs:
        if one.member:
            await members.hold(handling.hub, handling.session, _actor(handling), one.member, _MARKS[what])
    await handling.escalate(CHOOSING)
    await when_safe.tell(handling, what)


async def _ask(handling: Handling, theirs: Sequence[One], what: str, text_key: str) -> None:
    """Two of one name are told apart by who they are. The order is kept with the question."""
    names = [_told_apart(handling, one, theirs) for one in theirs] + [word(handling, "everybody")]
    keep = {"who": [_number(one) for one in theirs]}
    numbered = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
    await handling.ask(
        text_key,
        Awaiting.SURVEY_CHOICE,
        subject=(what, handling.person.id),
        keep=keep,
        lasts=None,
        choices=[{"reply": str(number), "label": name} for number, name in enumerate(names, 1)],
        numbered=numbered,
    )


async def _take(handling: Handling, theirs: Sequence[One], what: str, kind: Kind, words: str) -> None:
    if kind in {Kind.NO, Kind.SKIP, Kind.LATER} or is_over(handling.text):
        await _end(handling, (), theirs, what)
        return await handling.say("supporters.removed_nobody")
    order = list(handling.prompt.facts.get("who", [])) if handling.prompt else []
    asked = [one for number in order for one in theirs if _number(one) == number]
    said = words.strip() or handling.text.strip()
    chosen = _chosen(asked, said)
    if not chosen:
        text_key = "supporters.circle_whom" if what == REMOVE else "supporters.circle_whom_leave"
        return await _ask(handling, theirs, what, text_key)
    await _end(handling, chosen, [one for one in theirs if one not in chosen], what)


def _chosen(asked: Sequence[One], said: str) -> Sequence[One]:
    """By number, by name, or everybody."""
    if is_everybody(said) or said == str(len(asked) + 1):
        return asked
    if said.isdecimal():
        return asked[int(said) - 1 : int(said)] if int(said) >= 1 else ()
    named = [one for one in asked if _is_named(one, name_in(said))]
    return named if len(named) == 1 else ()


async def _end(handling: Handling, gone: Sequence[One], stay: Sequence[One], what: str) -> None:
    """These go, the held ones among the others go on."""
    for one in stay:
        if one.member and one.member.left_at:
            await members.go_on(handling.hub, handling.session, _actor(handling), one.member, _MARKS[what])
    for one in gone:
        await _end_one(handling, one, what)
    await _is_answered(handling, what)
    if not gone:
        return None
    names = ", ".join(one.name for one in gone)
    if what == REMOVE:
        return await handling.say("supporters.removed", their_name=names)
    still = await stands_by(handling.session, handling.person.id, handling.now)
    await handling.say("supporters.left_one" if still else "supporters.left", their_name=names)


async def _end_one(handling: Handling, one: One, what: str) -> None:
    hub, session = handling.hub, handling.session
    member = one.member
    if one.invitation:
        invitation = await invitations.locked(session, one.invitation.id)
        if invitation.state in invitations.STANDING:
            return await invitations.withdraw(hub, session, _actor(handling), invitation)
        # Somebody gave the code at this very moment: then they are to go.
        member = await session.get(ThreadMember, (invitation.thread_id, invitation.supporter_id or 0))
    if member is None:
        return None
    await members.end(hub, session, _actor(handling), member, "revoked" if what == REMOVE else "left", "text")
    if what == LEAVE:
        thread = await session.get_one(Thread, member.thread_id)
        person = await session.get_one(Person, thread.person_id)
        if person.wrapped_key:
            await tellings.plan(hub, session, person, LEFT, handling.person.id)


async def _is_answered(handling: Handling, what: str) -> None:
    if handling.prompt and handling.prompt.subject_kind == what:
        await handling.answered()
    found = await escalations.find_open(handling.session, handling.conversation.id, CHOOSING)
    if found:
        await escalations.withdraw(handling.session, found, "answered", handling.now)


async def _of_person(handling: Handling) -> list[One]:
    """Who stands by them, or is held; then the codes that nobody has given. The codes are read first: read last,
    somebody who gave theirs between the two was neither, and stayed in."""
    codes = await invitations.standing(handling.session, handling.person.id)
    held = await _held(handling, Thread.person_id == handling.person.id)
    in_force = await members_of(handling.session, handling.person.id, handling.now)
    known = {each.person_id: each for each in (*in_force, *held)}
    found = []
    for member in sorted(known.values(), key=lambda each: (each.accepted_at, each.person_id)):
        supporter = await handling.session.get_one(Person, member.person_id)
        found.append(One(first_name(name_of(handling.hub, supporter)), member.relation, member=member))
    for each in codes:
        name = first_name(invitations.who(handling.hub, handling.person, each))
        found.append(One(name, each.relation, invitation=each))
    return found


async def _of_supporter(handling: Handling) -> list[One]:
    held = await _held(handling, ThreadMember.person_id == handling.person.id)
    in_force = [member for member, _ in await stands_by(handling.session, handling.person.id, handling.now)]
    found = []
    for member in sorted({*in_force, *held}, key=lambda each: (each.accepted_at, each.thread_id)):
        thread = await handling.session.get_one(Thread, member.thread_id)
        person = await handling.session.get_one(Person, thread.person_id)
        found.append(One(first_name(name_of(handling.hub, person)), member.relation, member=member))
    return found


async def _held(handling: Handling, whose: Any) -> Sequence[ThreadMember]:
    wanted = select(ThreadMember).join(Thread, Thread.id == ThreadMember.thread_id)
    found = await handling.session.scalars(wanted.where(whose, ThreadMember.ended_for.in_(_HELD)))
    return found.all()


def _held_of(theirs: Sequence[One], meant: Sequence[One]) -> Sequence[One]:
    """A name said now answers an earlier question: who was held for it goes on."""
    return [one for one in theirs if one not in meant and one.member and one.member.left_at]


def _is_named(one: One, wanted: str) -> bool:
    return bool(wanted) and form(one.name) == form(first_name(wanted))


def _told_apart(handling: Handling, one: One, theirs: Sequence[One]) -> str:
    alike = [each for each in theirs if form(each.name) == form(one.name)]
    return one.name if len(alike) == 1 else f"{one.name} ({word(handling, f'relation_{one.relation}')})"


def _number(one: One) -> list[Any]:
    """What an open question keeps: numbers, no names."""
    if one.member:
        return ["member", one.member.thread_id, one.member.person_id]
    return ["invitation", one.invitation.id if one.invitation else 0, 0]


def _actor(handling: Handling) -> str:
    return f"person:{handling.person.id}"
