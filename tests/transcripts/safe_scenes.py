"""What a transcript's `given:` says of “are you safe?”: how somebody wants to be asked, and who is told of silence."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_circle, safe_wishes
from hub.store.tables import Person, SafeCheck
from hub.words import Role, Side
from tests.circles import stand_by
from tests.world import World

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

CONTACT = "+447700900303"  # of whoever is told


async def give_safe(replay: "Replay", session: AsyncSession, person: Person, given: dict[str, Any]) -> None:
    """`safe_wish: {question, word, patience}`; `chosen: {agreed: true, discreet: false}`: Jo stands by them."""
    hub, actor = replay.world.hub, f"person:{person.id}"
    if "safe_wish" in given:
        words = given["safe_wish"]
        wish = safe_wishes.Wish(words.get("question", ""), words.get("word"), words.get("patience", 15))
        await safe_wishes.change(hub, session, actor, person, wish)
    if "chosen" in given:
        await _give_contact(replay, session, person, given["chosen"])


def contact_heard(world: World, parts: list[str] | None, where: str) -> None:
    """All of it on the contact's phone; an empty list: nothing at all; None: whatever it is."""
    if parts is None:
        return
    heard = " | ".join(world.heard(CONTACT))
    assert parts or not heard, f"{where}: {heard!r}"
    for part in parts:
        assert part in heard, f"{where}: {part!r} is not in {heard!r}"


async def safe_state(replay: "Replay", session: AsyncSession) -> str:
    """Of the one that was set last."""
    theirs = select(SafeCheck).where(SafeCheck.person_id == replay.person_id).order_by(SafeCheck.id.desc()).limit(1)
    check = await session.scalar(theirs)
    return check.state.value if check else "none"


async def _give_contact(replay: "Replay", session: AsyncSession, person: Person, words: dict[str, Any]) -> None:
    hub, discreet = replay.world.hub, words.get("discreet", False)
    jo, _ = await replay.world.person(
        session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Hart", address=CONTACT, discreet=discreet
    )
    await stand_by(hub, session, person, jo)
    await safe_circle.ask(hub, session, f"person:{person.id}", person, jo)
    if words.get("agreed", True):
        found = (await safe_circle.standing(session, person))[jo.id]
        found.agreed_at = replay.world.clock.now()
