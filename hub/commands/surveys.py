"""A survey over texts: its answers, and the moves around it."""

from sqlalchemy import select

from hub.answering import Kind, takes_answers
from hub.commands import check_ins
from hub.commands.registry import carries_out
from hub.handling import Handling
from hub.statements import talk
from hub.states import SurveyState
from hub.store.tables import Consent, ContactPoint, SurveyRun
from hub.surveys import answers, asking, moving, runs, worries
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


@takes_answers(moving.ELSEWHERE)
async def take_elsewhere(handling: Handling, _kind: Kind, _words: str) -> None:
    """They have gone on by another way since: nothing is kept of it here."""
    await handling.say(moving.GONE_ON)


@carries_out("resume_survey")
async def resume_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """MORE: go on where it stopped, wherever they write now; a check-in that was left comes before a survey."""
    run = await _run(handling)
    if run is None and (await check_ins.resume(handling) or await talk.resume(handling)):
        return None
    run = run or await runs.open_run(handling.session, handling.person, lock=True)
    if run is None:
        return await handling.say("surveys.nothing_open")
    await asking.begin(handling, run)


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


@carries_out("no_more_surveys")
async def no_more_surveys(handling: Handling, _entities: dict[str, str]) -> None:
    """Said in so many words, at any time: none of them any more."""
    await refuse_surveys(handling)
    handling.record("stopped_surveys", f"conversation:{handling.conversation.id}")
    if handling.prompt and handling.prompt.subject_kind == "survey_run":
        await handling.answered()
    await handling.say("person.surveys_stopped")


async def refuse_surveys(handling: Handling) -> None:
    """None of them any more, on any way of theirs; what is open is over."""
    session, person = handling.session, handling.person
    for contact_id in await session.scalars(select(ContactPoint.id).where(ContactPoint.person_id == person.id)):
        no = Consent(contact_point_id=contact_id, purpose=Purpose.SURVEY, given=False, at=handling.now, source="person")
        await session.merge(no)
    while run := await runs.open_run(session, person, lock=True):
        await runs.set_state(handling.hub, session, run, SurveyState.DECLINED)
        await session.flush()


async def _answer(handling: Handling, run: SurveyRun, words: str) -> None:
    """The answer to the open question; yes and no to the invitation."""
    if not run.question:
        return await (decline_survey(handling, {}) if words == Kind.NO else asking.begin(handling, run))
    question = runs.definition_of(handling.hub, run).questions[run.question]
    if await answers.answer(handling.hub, handling.session, run, question.id, words, _here(handling)):
        await worries.look(handling.hub, handling.session, run, handling.conversation, question.id)
        await asking.go_on(handling, run)
    else:
        await asking.not_an_answer(handling, question)


async def _skip(handling: Handling, run: SurveyRun) -> None:
    if not run.question:
        return await handling.say("surveys.nothing_open")
    await answers.skip(handling.hub, handling.session, run, run.question, _here(handling))
    await asking.go_on(handling, run)


async def _pause(handling: Handling, run: SurveyRun) -> None:
    """The answers so far are kept. An invitation stays an invitation."""
    if run.state is SurveyState.STARTED:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.PAUSED)
    await handling.answered()
    await handling.say("surveys.paused")


async def _change(handling: Handling, run: SurveyRun) -> None:
    if await answers.take_back_last(handling.hub, handling.session, run):
        if not (await runs.progress(handling.hub, handling.session, run)).concern:
            await worries.take_back(handling.hub, handling.session, run)
        return await asking.go_on(handling, run)
    await handling.say("surveys.nothing_to_change")


async def _run(handling: Handling) -> SurveyRun | None:
    """The run that the open question belongs to, while it can still be answered."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != "survey_run" or prompt.subject_id is None:
        return None
    run = await handling.session.get(SurveyRun, prompt.subject_id, with_for_update=True)
    return run if run and run.state in runs.OPEN else None


def _here(handling: Handling) -> str:
    return handling.conversation.line.channel.value


def _asks_which(handling: Handling) -> bool:
    return handling.prompt is not None and handling.prompt.awaiting is Awaiting.STOP_SCOPE
