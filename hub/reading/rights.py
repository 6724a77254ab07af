"""Which rights somebody was told of, when and how: the Victims' Code asks agencies to show it. Knows no page."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.delivery import in_words
from hub.rights import BY_WORKER, REVIEW, RIGHTS
from hub.store.tables import Message, Person, RightTold, Worker
from hub.texts import DEFAULT_LANGUAGE
from hub.times import say_when


@dataclass(frozen=True, slots=True)
class Row:
    """One right. `told`: each time it was told, the newest first: "Tue 3 March at 11am, by text: delivered"."""

    item: str
    number: str  # empty for what is no number of the Code
    title: str
    told: list[str]


async def of_person(hub: Hub, session: AsyncSession, person: Person) -> list[Row]:
    """All of them, in order; those never told too."""
    told = await _told(session, person)
    items = [*map(str, range(1, RIGHTS + 1)), REVIEW]
    return [Row(item, item if item.isdecimal() else "", title_of(hub, item), told.get(item, [])) for item in items]


def title_of(hub: Hub, item: str) -> str:
    return hub.flows.texts.template(f"rights.title_{item}", DEFAULT_LANGUAGE).text


async def _told(session: AsyncSession, person: Person) -> dict[str, list[str]]:
    rows = await session.execute(
        select(RightTold, Message, Worker.name)
        .outerjoin(Message, Message.id == RightTold.message_id)
        .outerjoin(Worker, Worker.id == RightTold.by_id)
        .where(RightTold.person_id == person.id)
        .order_by(RightTold.id.desc())
    )
    found: dict[str, list[str]] = {}
    for told, message, name in rows:
        when = say_when(told.told_at, person.agency.time_zone)
        how = f"by {name}" if told.how == BY_WORKER else f"by text: {_delivery(message)}"
        found.setdefault(told.item, []).append(f"{when}, {how}")
    return found


def _delivery(message: Message | None) -> str:
    if message is None:
        return "the text is not kept any more"
    words = in_words(message.state, message.reason).words
    return words[0].lower() + words[1:]
