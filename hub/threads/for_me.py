"""HELP FOR ME: support and plain information for those who stand by somebody. General words, never about a case.

By text as a menu that stays open; a page shows the same (`inbox/pages/standing_by.py`). Knows no words.
"""

from typing import Any

from hub import support_talk, when_safe
from hub.answering import Kind, takes_answers
from hub.core import Hub
from hub.handling import Handling
from hub.kit_data import Item, in_language
from hub.promises import promise
from hub.repair import repair
from hub.texts import THEN
from hub.threads.standing import stands_by
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Relation, Side

ABOUT = "for_me"
MENU, TALK, CALL = "supporters.for_me", "supporters.for_me_talk", "supporters.for_me_call"


async def begin(handling: Handling) -> None:
    """The menu; who stands by nobody, or by a victim, gets the menu of services, as everybody does."""
    standing = await stands_by(handling.session, handling.person.id, handling.now)
    if not standing or handling.person.side is not Side.SUPERVISION:
        return await support_talk.begin(handling)
    await when_safe.tell(handling, ABOUT)


@told_when_safe(ABOUT)
async def _menu(handling: Handling, _number: int | None) -> None:
    entries = await _entries(handling)
    await handling.ask(
        MENU,
        Awaiting.SURVEY_CHOICE,
        subject=(ABOUT, handling.person.id),
        choices=_buttons(entries),
        numbered=", ".join(f"{number} {words}" for number, words in enumerate(entries, 1)),
    )


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    if kind in {Kind.SKIP, Kind.LATER}:
        await handling.answered()
        return await handling.say("supporters.how_going_left")
    items = await items_for(handling)
    number = int(words) if kind is Kind.CHOICE and words.strip().isdecimal() else 0
    if number == 1:
        return await support_talk.for_family(handling)
    if number == len(items) + 2:
        by = await promise(handling, "wants_a_call")
        await handling.answered()
        return await handling.say("supporters.will_call", answer_by=by)
    if not 1 < number <= len(items) + 1:
        return await repair(handling)
    handling.record("supporter_informed", f"person:{handling.person.id}", item=items[number - 2].name)
    then: dict[str, Any] = {THEN: "supporters.for_me_more"}
    await handling.ask(
        items[number - 2].key,
        Awaiting.SURVEY_CHOICE,
        subject=(ABOUT, handling.person.id),
        choices=_buttons(await _entries(handling)),
        **then,
    )


async def items_for(handling: Handling) -> list[Item]:
    """Those for everybody; of what differs by who they are, theirs."""
    standing = await stands_by(handling.session, handling.person.id, handling.now)
    return items_of(handling.hub, mentor=any(member.relation is Relation.MENTOR for member, _ in standing))


def items_of(hub: Hub, *, mentor: bool) -> list[Item]:
    theirs = {"", Relation.MENTOR.value if mentor else Relation.FAMILY.value}
    return [item for item in hub.flows.supporters.items if item.relation in theirs]


async def _entries(handling: Handling) -> list[str]:
    items = await items_for(handling)
    first, last = (handling.texts.template(key, handling.language).text for key in (TALK, CALL))
    return [first, *(in_language(item.title, handling.language) for item in items), last]


def _buttons(entries: list[str]) -> list[dict[str, str]]:
    return [{"reply": str(number), "label": words.capitalize()} for number, words in enumerate(entries, 1)]
