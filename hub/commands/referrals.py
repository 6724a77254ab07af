"""The answers of somebody who was referred, or of who looks after them: yes, no, “call me”. A no is final."""

from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.promises import answer_by, promise
from hub.referrals import asking, content, course, steps
from hub.referrals.ages import GUARDIAN
from hub.repair import repair
from hub.store.tables import Referral

CALL = "3"


@takes_answers(asking.SUBJECT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    if handling.quiet:  # nobody agrees or refuses in the same breath as a cry for help: a human has it all
        return None
    referral = await _theirs(handling)
    if referral is None:
        await handling.answered()
        return await handling.say("referrals.over")
    match kind:
        case Kind.YES:
            await _yes(handling, referral)
        case Kind.NO:
            await _answered(handling, referral, steps.NO)
            await handling.say("referrals.no_thanks")
        case Kind.CHOICE if words == CALL:
            await _answered(handling, referral, steps.CALL)
            by = await promise(handling, "wants_a_call", detail=referral.ref)
            await handling.say("referrals.will_call", answer_by=by)
        case Kind.SKIP | Kind.LATER:
            await handling.say("referrals.later")
        case _:
            await repair(handling)


async def _yes(handling: Handling, referral: Referral) -> None:
    """Thanks come first: the next question goes to somebody else."""
    who = referral.asked_whom
    said = (await content.need(handling.hub, handling.session, referral)).said
    if who == GUARDIAN:
        await handling.say("referrals.yes_guardian", their_name=said.first_name())
    else:
        await handling.say("referrals.yes_young", answer_by=answer_by(handling, "referral_ready"))
    await _answered(handling, referral, steps.YES)


async def _answered(handling: Handling, referral: Referral, what: str) -> None:
    await handling.answered()
    who, by = referral.asked_whom, f"person:{handling.person.id}"
    how = "page" if handling.on_a_page else "text"
    await course.answered(handling.hub, handling.session, referral, who, what, how, by)


async def _theirs(handling: Handling) -> Referral | None:
    """The referral that the open question is about, while it waits for this very person."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != asking.SUBJECT or prompt.subject_id is None:
        return None
    referral = await handling.session.get(Referral, prompt.subject_id, with_for_update={"of": Referral})
    return referral if referral and asking.waits_for(referral, handling.person.id) else None
