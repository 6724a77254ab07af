"""A survey over texts: its answers, and the moves around it."""

from hub.answering import Kind, takes_answers
from hub.commands import check_ins
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.statements import talk
from hub.states import SurveyState
from hub.store.tables import Consent, SurveyRun
from hub.surveys import asking, runs
from hub.words import Awaiting, Purpose


@takes_answers("survey_run")
async def take(handling: Handling, kind: Kind, words: str) -> None:
    run = await _run(handling)
    if run is None:
        return await handling.say("surveys.nothing_open")
    match kind:
        case Kind.SKIP:
            await _skip(handling, run)
        case Kind.LATER:
            await _pause(handling, run)
        case Kind.CHANGE:
            await _change(handling, run)
        case Kind.YES | Kind.NO:
            await _answer(handling, run, kind)
        case _:
            if kind is Kind.WORDS:
                await asking.note_plea(handling, run)
            await _answer(handling, run, words)


@carries_out("resume_survey")
async def resume_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """MORE: go on where it stopped, with a check-in that was left before a survey that waits."""
    run = await _run(handling)
    if run is None and (await check_ins.resume(handling) or await talk.resume(handling)):
        return None
    run = run or await runs.open_run(handling.session, handling.person)
    if run is None:
        return await handling.say("surveys.nothing_open")
    await asking.go_on(handling, run)


@carries_out("decline_survey")
async def decline_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """No to this one; said without one being open, no to all of them."""
    run = await _run(handling) or await runs.open_run(handling.session, handling.person)
    if run is None or _asks_which(handling):
        await refuse_surveys(handling)
    if run:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.DECLINED)
    if handling.prompt and (handling.prompt.subject_kind == "survey_run" or _asks_which(handling)):
        await handling.answered()
    await handling.say("surveys.declined")


async def refuse_surveys(handling: Handling) -> None:
    """None of them any more, to this address."""
    contact = handling.conversation.contact_point
    await handling.session.merge(
        Consent(contact_point_id=contact.id, purpose=Purpose.SURVEY, given=False, at=handling.now, source="person")
    )


async def _answer(handling: Handling, run: SurveyRun, words: str) -> None:
    """The answer to the open question; yes and no to the invitation."""
    if not run.question:
        return await (decline_survey(handling, {}) if words == Kind.NO else asking.go_on(handling, run))
    question = runs.definition_of(handling.hub, run).questions[run.question]
    if await runs.answer(handling.hub, handling.session, run, question.id, words):
        await asking.go_on(handling, run)
    else:
        await asking.not_an_answer(handling, question)


async def _skip(handling: Handling, run: SurveyRun) -> None:
    if not run.question:
        return await handling.say("surveys.nothing_open")
    await runs.skip(handling.hub, handling.session, run, run.question)
    await asking.go_on(handling, run)


async def _pause(handling: Handling, run: SurveyRun) -> None:
    """The answers so far are kept. An invitation stays an invitation."""
    if run.state is SurveyState.STARTED:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.PAUSED)
    await handling.answered()
    await handling.say("surveys.paused")


async def _change(handling: Handling, run: SurveyRun) -> None:
    if await runs.take_back_last(handling.session, run):
        return await asking.go_on(handling, run)
    await handling.say("surveys.nothing_to_change")


async def _run(handling: Handling) -> SurveyRun | None:
    """The run that the open question belongs to, while it can still be answered."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != "survey_run" or prompt.subject_id is None:
        return None
    run = await handling.session.get(SurveyRun, prompt.subject_id)
    return run if run and run.state in runs.OPEN else None


def _asks_which(handling: Handling) -> bool:
    return handling.prompt is not None and handling.prompt.awaiting is Awaiting.STOP_SCOPE
