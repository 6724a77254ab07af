"""How often somebody wishes to hear, and whom they have named: said by a number, or by words that always work."""

from sqlalchemy import select

from hub import nominations, update_plans
from hub.answering import Kind, takes_answers
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.repair import repair
from hub.states import NominationState
from hub.store.tables import Nomination
from hub.words import Awaiting, Role

# The numbers of the menu, as they stand in flows/updates/en.yml: days, or None for no updates at all.
CHOICES: dict[str, int | None] = {"1": 7, "2": 14, "3": 28, "4": 0, "5": None}


@carries_out("ask_how_often")
async def ask_how_often(handling: Handling, _entities: dict[str, str]) -> None:
    """HOW OFTEN: the menu, which gives nothing away."""
    plans = []
    if handling.person.role is Role.VICTIM:
        plans = await update_plans.open_plans(handling.hub, handling.session, handling.person)
    if not plans:
        return await handling.say("updates.nothing_to_set")
    for plan in plans:
        plan.asked_at = handling.now
    subject = ("update_plan", plans[0].case_id)
    await handling.ask("updates.how_often", Awaiting.SURVEY_CHOICE, subject=subject)


@takes_answers("update_plan")
async def take_how_often(handling: Handling, kind: Kind, words: str) -> None:
    """One answer for all of their open cases: nobody thinks of themselves by case."""
    if kind in {Kind.SKIP, Kind.LATER}:
        await handling.answered()
        return await handling.say("updates.as_before")
    if kind not in {Kind.CHOICE, Kind.RATING} or words not in CHOICES:
        return await repair(handling)
    days = CHOICES[words]
    await update_plans.say_rhythm(handling.hub, handling.session, handling.person, days)
    await handling.answered()
    await handling.say(f"updates.often_{'never' if days is None else days}")


@takes_answers("nomination")
async def take_yes(handling: Handling, kind: Kind, _words: str) -> None:
    """Their own yes to whom they have named, or no."""
    asked = await _asked(handling)
    if asked is None:
        await handling.answered()
        return await handling.say("surveys.nothing_open")
    actor = f"person:{handling.person.id}"
    match kind:
        case Kind.YES:
            await nominations.agree(handling.hub, handling.session, actor, asked, "text")
            await handling.answered()
            await handling.say("updates.nominated_yes")
        case Kind.NO:
            await nominations.end(handling.hub, handling.session, actor, asked)
            await handling.answered()
            await handling.say("updates.nominated_no")
        case _:
            await repair(handling)


@carries_out("only_me")
async def only_me(handling: Handling, _entities: dict[str, str]) -> None:
    """ONLY ME: whoever was named hears nothing more, from this moment."""
    named = await nominations.end_all(handling.hub, handling.session, handling.person)
    if handling.prompt and handling.prompt.subject_kind == "nomination":
        await handling.answered()
    await handling.say("updates.only_me" if named else "updates.only_me_already")


async def _asked(handling: Handling) -> Nomination | None:
    number = handling.prompt.subject_id if handling.prompt else None
    waits = Nomination.person_id == handling.person.id, Nomination.state == NominationState.ASKED
    found: Nomination | None = await handling.session.scalar(select(Nomination).where(Nomination.id == number, *waits))
    return found
