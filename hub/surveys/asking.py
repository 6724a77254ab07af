"""A survey as a conversation: ask the open question, end kindly, put worrying answers to a human. Keeps no answers."""

from typing import Any

from hub.handling import Handling
from hub.promises import answer_by, promise
from hub.repair import repair
from hub.states import SurveyState
from hub.store.tables import SurveyRun
from hub.surveys import moving, runs, worries
from hub.surveys.kinds import Question, QuestionKind
from hub.texts import THEN
from hub.when_safe import tell, told_when_safe
from hub.words import Role


async def begin(handling: Handling, run: SurveyRun) -> None:
    """Yes to the invitation, or MORE. What the questions are about stays unsaid until it is safe to read."""
    await tell(handling, "survey", run.id)


@told_when_safe("survey")
async def _told(handling: Handling, number: int | None) -> None:
    """Their invitation had no link where others may read it: it comes with the first question."""
    run = await handling.session.get(SurveyRun, number, with_for_update=True)
    if run is None or run.person_id != handling.person.id or run.state not in runs.OPEN:
        return await handling.say("surveys.nothing_open")
    link = runs.address_of(handling.hub, run) if run.token_hash else ""
    careful = handling.conversation.contact_point.discreet and run.state is SurveyState.INVITED
    await go_on(handling, run, link=link if careful else "")


async def go_on(handling: Handling, run: SurveyRun, *, link: str = "") -> None:
    """Ask the next question, or end. After a cry for help nothing is asked: the run waits."""
    where = await runs.progress(handling.hub, handling.session, run)
    if where.question is None:
        return await _finish(handling, run, concern=where.concern)
    run.question = where.question.id
    if handling.quiet:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.PAUSED)
        return await handling.answered()
    await runs.set_state(handling.hub, handling.session, run, SurveyState.STARTED)
    await _ask(handling, run, where.question, link)


async def _ask(handling: Handling, run: SurveyRun, question: Question, link: str) -> None:
    await moving.to(handling.session, run, handling.conversation.id)
    more: dict[str, Any] = {THEN: "surveys.page_link", "link": link} if link else {}
    await handling.ask(
        question.key,
        question.awaiting,
        subject=("survey_run", run.id),
        lasts=max(run.expires_at - handling.now, runs.STAYS_OPEN / 14),
        **more,
    )


async def not_an_answer(handling: Handling, question: Question) -> None:
    """Say what would be one; the question stays open."""
    match question.kind:
        case QuestionKind.SCALE:
            await repair(handling, "surveys.rating_range", low=str(question.low), high=str(question.high))
        case QuestionKind.NUMBER:
            await repair(handling, "surveys.number_wanted")
        case QuestionKind.DATE:
            await repair(handling, "surveys.date_wanted")
        case _:
            numbers = range(1, len(question.codes()) + 1)
            await repair(handling, "surveys.choice_range", options=", ".join(map(str, numbers)))


async def note_plea(handling: Handling, run: SurveyRun) -> None:
    """Free words that ask for help are read by a human, whatever the next question is."""
    if handling.hub.flows.safety.is_plea(handling.text):
        await handling.escalate(worries.REASON, detail=f"survey_run:{run.id}")


async def _finish(handling: Handling, run: SurveyRun, *, concern: bool) -> None:
    """A human has what worried since it was said; here the person hears by when they are answered."""
    await runs.set_state(handling.hub, handling.session, run, SurveyState.COMPLETED)
    run.question = ""
    await handling.answered()
    plea = handling.hub.flows.safety.is_plea(handling.text)
    if plea or (concern and not await worries.is_dealt_with(handling.session, run)):
        by = await _by(handling, run)
        return await handling.say("surveys.done_concern", answer_by=by)
    victim = handling.person.role is Role.VICTIM
    await handling.say("surveys.done_victims" if victim else "surveys.done")


async def _by(handling: Handling, run: SurveyRun) -> str:
    """When the item is open already, somebody may be at it: it is not opened a second time."""
    if await worries.is_open(handling.session, run):
        return answer_by(handling, worries.REASON)
    return await promise(handling, worries.REASON, detail=f"survey_run:{run.id}")
