"""Answers to whatever question is open: a survey's, a check-in's, "is it safe?". And the moves around a
survey."""

from hub import check_ins
from hub.commands.appointments import ask_again
from hub.commands.check_ins import take_help
from hub.commands.registry import carries_out
from hub.commands.victims import is_safe
from hub.handling import STANDING, Handling
from hub.states import SurveyState
from hub.store.tables import Appointment, Consent, SurveyRun
from hub.surveys import asking, runs
from hub.words import Awaiting, Purpose


@carries_out("answer_rating")
async def answer_rating(handling: Handling, entities: dict[str, str]) -> None:
    await _answer(handling, entities.get("rating", handling.text))


@carries_out("answer_choice")
async def answer_choice(handling: Handling, entities: dict[str, str]) -> None:
    """The number of a survey's choice or of a kind of help."""
    choice = entities.get("choice", handling.text)
    check_in = await check_ins.open_check_in(handling)
    if check_in:
        await take_help(handling, check_in, choice)
    else:
        await _answer(handling, choice)


@carries_out("answer_yes")
async def answer_yes(handling: Handling, _entities: dict[str, str]) -> None:
    """Yes to an invitation, to a question, to help, to "is it safe?"."""
    if _awaits(handling, Awaiting.SAFE_TO_TALK):
        return await is_safe(handling)
    check_in = await check_ins.open_check_in(handling)
    if check_in:
        return await check_ins.ask_help(handling, check_in, "check_ins.which_help")
    await _answer(handling, "yes")


@carries_out("answer_no")
async def answer_no(handling: Handling, _entities: dict[str, str]) -> None:
    check_in = await check_ins.open_check_in(handling)
    if check_in:
        return await check_ins.take_needs(handling, check_in, ["nothing"])
    await _answer(handling, "no")


@carries_out("answer_text")
async def answer_text(handling: Handling, _entities: dict[str, str]) -> None:
    run = await _run(handling)
    if run:
        await asking.note_plea(handling, run)
    await _answer(handling, handling.text)


@carries_out("skip_question")
async def skip_question(handling: Handling, _entities: dict[str, str]) -> None:
    run = await _run(handling)
    if run is None or not run.question:
        return await handling.say("surveys.nothing_open")
    await runs.skip(handling.hub, handling.session, run, run.question)
    await asking.go_on(handling, run)


@carries_out("pause_survey")
async def pause_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """Later: the answers so far are kept. An invitation stays an invitation."""
    run = await _run(handling)
    if run is None:
        return await handling.say("surveys.nothing_open")
    if run.state is SurveyState.STARTED:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.PAUSED)
    await handling.answered()
    await handling.say("surveys.paused")


@carries_out("resume_survey")
async def resume_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """MORE: go on where it stopped."""
    run = await _run(handling) or await runs.open_run(handling.session, handling.person)
    if run is None:
        return await handling.say("surveys.nothing_open")
    await asking.go_on(handling, run)


@carries_out("decline_survey")
async def decline_survey(handling: Handling, _entities: dict[str, str]) -> None:
    """No to this one; said without one being open, no to all of them."""
    run = await _run(handling) or await runs.open_run(handling.session, handling.person)
    if run is None or _awaits(handling, Awaiting.STOP_SCOPE):
        await refuse_surveys(handling)
    if run:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.DECLINED)
    if handling.prompt and (handling.prompt.subject_kind == "survey_run" or _awaits(handling, Awaiting.STOP_SCOPE)):
        await handling.answered()
    await handling.say("surveys.declined")


@carries_out("change_answer")
async def change_answer(handling: Handling, _entities: dict[str, str]) -> None:
    """CHANGE: the question before once more, or the appointment's or the check-in's."""
    run = await _run(handling)
    if run and await runs.take_back_last(handling.session, run):
        return await asking.go_on(handling, run)
    check_in = await check_ins.open_check_in(handling)
    if check_in:
        return await check_ins.ask_feeling_again(handling, check_in)
    appointment = await handling.appointment()
    if isinstance(appointment, Appointment) and appointment.state in STANDING:
        return await ask_again(handling, appointment)
    await handling.say("surveys.nothing_to_change")


async def _answer(handling: Handling, words: str) -> None:
    """The answer to the open question of a run; yes and no to its invitation."""
    run = await _run(handling)
    if run is None:
        return await handling.say("surveys.nothing_open")
    if not run.question:
        return await (decline_survey(handling, {}) if words == "no" else asking.go_on(handling, run))
    question = runs.definition_of(handling.hub, run).questions[run.question]
    if await runs.answer(handling.hub, handling.session, run, question.id, words):
        await asking.go_on(handling, run)
    else:
        await asking.not_an_answer(handling, question)


async def _run(handling: Handling) -> SurveyRun | None:
    """The run that the open question belongs to, while it can still be answered."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != "survey_run" or prompt.subject_id is None:
        return None
    run = await handling.session.get(SurveyRun, prompt.subject_id)
    return run if run and run.state in runs.OPEN else None


async def refuse_surveys(handling: Handling) -> None:
    """None of them any more, to this address."""
    contact = handling.conversation.contact_point
    await handling.session.merge(
        Consent(contact_point_id=contact.id, purpose=Purpose.SURVEY, given=False, at=handling.now, source="person")
    )


def _awaits(handling: Handling, awaiting: Awaiting) -> bool:
    return handling.prompt is not None and handling.prompt.awaiting is awaiting
