"""Asking for somebody by one's side, by text: who, who they are, over 18, what they may see, for how long, is it right?

Nothing is kept before the yes at the end but which text held the name; “no” and BACK end it at any question. On a phone
that others may read, all of it comes after "is now a good time?". Knows no page.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from hub import when_safe
from hub.ages import is_minor
from hub.answering import Kind, takes_answers
from hub.errors import NotAllowed
from hub.handling import Handling
from hub.repair import repair
from hub.states_of_support import InvitationState
from hub.store.tables import Message
from hub.threads import invitations
from hub.threads.invitations import YES
from hub.threads.reading import is_over, name_in, to_invite
from hub.threads.told import how_long, say_outcome, word
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Relation, Role, Sees, Side

ABOUT = "invite"
LASTS = timedelta(hours=12)  # a talk of one sitting: an old half of it is not gone on with
WHO, RELATION, AGE, SEES, MONTHS, RIGHT = "who", "relation", "age", "sees", "months", "right"
RELATIONS = (Relation.FAMILY, Relation.FRIEND, Relation.MENTOR, Relation.GUARDIAN)
MONTHS_OF = {"1": 3, "2": 6, "3": None}

Facts = dict[str, Any]
Step = Callable[[Handling, Facts, Kind, str], Awaitable[None]]


def may_ask(handling: Handling) -> bool:
    """Somebody under supervision; on the victims' side, and of supporters, a human sets it up."""
    person = handling.person
    return person.side is Side.SUPERVISION and person.role is Role.SUPERVISED and person.known


async def begin(handling: Handling) -> None:
    """INVITE, or INVITE JO."""
    named = handling.message.id if handling.message and to_invite(handling.text) else None
    await when_safe.tell(handling, ABOUT, named)


@told_when_safe(ABOUT)
async def _begin(handling: Handling, number: int | None) -> None:
    facts: Facts = {"name_in": number}
    if number and await _name(handling, facts):
        return await _ask(handling, RELATION, facts)
    await _ask(handling, WHO, {})


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    facts: Facts = dict(handling.prompt.facts) if handling.prompt else {}
    step = facts.get("step", WHO)
    stays = step == AGE and kind is Kind.NO  # "no" is an answer there
    if kind in {Kind.LATER, Kind.SKIP} or (is_over(handling.text) and not stays) or (kind is Kind.NO and not stays):
        await handling.answered()
        return await handling.say("supporters.invite_left")
    if kind is Kind.CHANGE:
        return await _ask(handling, _before(step, facts), facts)
    await _STEPS[step](handling, facts, kind, words)


async def _who(handling: Handling, _facts: Facts, _kind: Kind, _words: str) -> None:
    if handling.message is None or handling.by_machine or not name_in(handling.text):
        return await repair(handling, "supporters.invite_who_unclear")
    await _ask(handling, RELATION, {"name_in": handling.message.id})


async def _relation(handling: Handling, facts: Facts, kind: Kind, words: str) -> None:
    possible = RELATIONS if is_minor(handling.person, handling.now) else RELATIONS[:-1]
    number = words.strip()
    if kind is not Kind.CHOICE or not number.isdecimal() or not 1 <= int(number) <= len(possible):
        return await repair(handling)
    relation = possible[int(number) - 1]
    step = SEES if relation is Relation.GUARDIAN else AGE
    await _ask(handling, step, facts | {"relation": relation.value, "under_18": False})


async def _age(handling: Handling, facts: Facts, kind: Kind, _words: str) -> None:
    if kind not in {Kind.YES, Kind.NO}:
        return await repair(handling)
    if kind is Kind.NO:  # then there is nothing to choose
        return await _ask(handling, MONTHS, facts | {"under_18": True, "sees": Sees.DATES.value})
    await _ask(handling, SEES, facts | {"under_18": False})


async def _sees(handling: Handling, facts: Facts, kind: Kind, words: str) -> None:
    possible = dict(zip("123", Sees, strict=True))
    if kind is not Kind.CHOICE or words.strip() not in possible:
        return await repair(handling)
    await _ask(handling, MONTHS, facts | {"sees": possible[words.strip()].value})


async def _months(handling: Handling, facts: Facts, kind: Kind, words: str) -> None:
    if kind is not Kind.CHOICE or words.strip() not in MONTHS_OF:
        return await repair(handling)
    await _ask(handling, RIGHT, facts | {"months": MONTHS_OF[words.strip()]})


async def _right(handling: Handling, facts: Facts, kind: Kind, _words: str) -> None:
    if kind is not Kind.YES:
        return await repair(handling)
    name, person = await _name(handling, facts), handling.person
    await handling.answered()
    try:
        wished = await invitations.wish(
            handling.hub, handling.session, person, f"person:{person.id}",
            name=name, relation=Relation(facts["relation"]), sees=Sees(facts["sees"]), months=facts["months"],
            agreed_how="text", under_18=facts["under_18"],
        )  # fmt: skip
    except NotAllowed:  # a birthday in the middle of it: then they are asked anew
        return await handling.say("supporters.invite_left")
    await say_outcome(handling, wished.invitation, wished.code)


_STEPS: dict[str, Step] = {
    WHO: _who, RELATION: _relation, AGE: _age, SEES: _sees, MONTHS: _months, RIGHT: _right
}  # fmt: skip
_AWAITS = {
    WHO: Awaiting.SURVEY_TEXT, RELATION: Awaiting.SURVEY_CHOICE, AGE: Awaiting.SURVEY_YES_NO,
    SEES: Awaiting.SURVEY_CHOICE, MONTHS: Awaiting.SURVEY_CHOICE, RIGHT: Awaiting.SURVEY_YES_NO,
}  # fmt: skip


def _before(step: str, facts: Facts) -> str:
    """The question before, of those that they were asked."""
    skipped = {SEES} if facts.get("under_18") else set()
    skipped |= {AGE} if facts.get("relation") == Relation.GUARDIAN else set()
    order = [each for each in _STEPS if each not in skipped]
    return order[max(0, order.index(step) - 1)]


async def _ask(handling: Handling, step: str, facts: Facts) -> None:
    text_key = f"supporters.invite_{step}"
    if step == RELATION and is_minor(handling.person, handling.now):
        text_key = "supporters.invite_relation_young"
    said = await _said(handling, facts) if step != WHO else {}
    await handling.ask(
        text_key, _AWAITS[step], subject=(ABOUT, handling.person.id), keep=facts | {"step": step}, lasts=LASTS, **said
    )


async def _said(handling: Handling, facts: Facts) -> dict[str, Any]:
    """The name and, once they are known, the choices in words."""
    return {
        "their_name": (await _name(handling, facts)).split(" ")[0],
        "sees": word(handling, f"sees_{facts['sees']}") if "sees" in facts else "",
        "how_long": how_long(handling, facts["months"]) if "months" in facts else "",
    }


async def _name(handling: Handling, facts: Facts) -> str:
    """From the text in which they wrote it: an open question keeps nothing personal."""
    message = await handling.session.get(Message, facts["name_in"]) if facts.get("name_in") else None
    if message is None or message.conversation_id != handling.conversation.id or message.body_sealed is None:
        return ""
    words = handling.key.open(message.body_sealed, "body")
    return to_invite(words) or name_in(words)


@takes_answers(YES)
async def take_yes(handling: Handling, kind: Kind, _words: str) -> None:
    invitation = await invitations.locked(handling.session, handling.prompt.subject_id if handling.prompt else None)
    if invitation.state is not InvitationState.ASKED:
        await handling.answered()
        return await handling.say("surveys.nothing_open")
    actor = f"person:{handling.person.id}"
    match kind:
        case Kind.YES:
            await handling.answered()
            code = await invitations.agree(handling.hub, handling.session, actor, handling.person, invitation, "text")
            await say_outcome(handling, invitation, code)
        case Kind.NO:
            await handling.answered()
            await invitations.decline(handling.hub, handling.session, actor, invitation)
            await handling.say("supporters.invite_left")
        case _:
            await repair(handling)
