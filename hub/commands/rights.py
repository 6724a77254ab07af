"""RIGHTS, "RIGHTS 7", and the answer to "there is something you can ask for now"."""

from hub import rights, rights_offers, when_safe
from hub.answering import Kind, takes_answers
from hub.commands.human import speak_to_person
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.repair import repair
from hub.rights_offers import OFFER
from hub.store.tables import RightsOffer
from hub.tellings import tells
from hub.when_safe import told_when_safe
from hub.words import Side


@carries_out("ask_rights")
async def ask_rights(handling: Handling, entities: dict[str, str]) -> None:
    """One right at a time: the one that is named, the one that was offered, or the next each time."""
    if handling.conversation.side is not Side.VICTIMS:  # these rights are not theirs: a human answers
        return await speak_to_person(handling, entities)
    offer = await _open_offer(handling)
    if offer and "number" not in entities:
        return await rights_offers.take(handling, offer)
    number = int(entities["number"]) if "number" in entities else None
    await when_safe.tell(handling, "rights", number)


@told_when_safe("rights")
async def _tell(handling: Handling, number: int | None) -> None:
    if number is not None and not rights.is_right(str(number)):
        return await handling.say("rights.no_such")
    await rights.say(handling, str(number) if number else await rights.next_item(handling))


@tells("right", first="victims.right_1")
async def _from_worker(handling: Handling, number: int) -> None:
    """A worker wishes them to know it."""
    await rights.say(handling, str(number) if number else rights.REVIEW)


@takes_answers(OFFER)
async def take(handling: Handling, kind: Kind, _words: str) -> None:
    offer = await _open_offer(handling)
    if offer is None:
        return await handling.say("surveys.nothing_open")
    match kind:
        case Kind.YES:
            await rights_offers.take(handling, offer)
        case Kind.NO:
            await rights_offers.decline(handling, offer)
        case Kind.SKIP | Kind.LATER:
            await handling.answered()
            await handling.say("rights.later")
        case _:
            await repair(handling)


async def _open_offer(handling: Handling) -> RightsOffer | None:
    """The one that the open question is about."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != OFFER or prompt.subject_id is None:
        return None
    return await handling.session.get(RightsOffer, prompt.subject_id)
