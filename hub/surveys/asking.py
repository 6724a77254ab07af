"""A survey as a conversation: ask the open question, end kindly, put worrying answers to a human. Keeps no
answers."""

from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.states import SurveyState
from hub.store.tables import SurveyRun
from hub.surveys import runs
from hub.surveys.kinds import Question, QuestionKind
from hub.words import Role


async def go_on(handling: Handling, run: SurveyRun) -> None:
    """Ask the next question, or end. After a cry for help nothing is asked: the run waits."""
    where = await runs.progress(handling.hub, handling.session, run)
    if where.question is None:
        return await _finish(handling, run, concern=where.concern)
    run.question = where.question.id
    if handling.quiet:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.PAUSED)
        return await handling.answered()
    await runs.set_state(handling.hub, handling.session, run, SurveyState.STARTED)
    await ask(handling, run, where.question)


async def ask(handling: Handling, run: SurveyRun, question: Question) -> None:
    await handling.ask(
        question.key,
        question.awaiting,
        subject=("survey_run", run.id),
        lasts=max(run.expires_at - handling.now, runs.STAYS_OPEN / 14),
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
        await handling.escalate("survey_concern", detail=f"survey_run:{run.id}")


async def _finish(handling: Handling, run: SurveyRun, *, concern: bool) -> None:
    await runs.set_state(handling.hub, handling.session, run, SurveyState.COMPLETED)
    run.question = ""
    await handling.answered()
    plea = handling.hub.flows.safety.is_plea(handling.text)
    if concern or plea:
        by = await promise(handling, "survey_concern", detail=f"survey_run:{run.id}")
        return await handling.say("surveys.done_concern", answer_by=by)
    victim = handling.person.role is Role.VICTIM
    await handling.say("surveys.done_victims" if victim else "surveys.done")
