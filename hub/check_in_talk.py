"""A check-in as a conversation: how are you, what would help, the worker's own questions, has anything changed, a call?

    open_one(), unfinished()   the check-in that a text is about
    take_…()                   one answer is stored, what worries is put to a human at once, and the next is asked
    go_back(), leave()         the question before once more; the rest later

Whoever stops half-way has been heard all the same. A phone that others may read gets no question of a worker's own.
Knows no command.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hub import check_in_plans, escalations
from hub.check_in_streak import EVERY, streak
from hub.check_ins import FEELING, HELP, LOW, answerable_for, ask_feeling
from hub.escalations import find_open
from hub.handling import Handling
from hub.needs import NOTHING
from hub.nudges.planner import replan
from hub.promises import answer_by, promise
from hub.safe_contact import is_careful
from hub.states import CHECK_IN_MOVES, CheckInState, EscalationState, check_move
from hub.store.tables import CheckIn, CheckInAnswer, CheckInPlan
from hub.times import say_when
from hub.words import Awaiting

OWN, CHANGED, CHANGED_WHAT, CALL = "own_", "changed", "changed_what", "call"
YES, NO, SAID, SKIPPED = "yes", "no", "said", "skipped"
JUST_NOW = timedelta(hours=1)  # so long after the end, CHANGE still means this check-in
ENDED_WELL = {CheckInState.ANSWERED, CheckInState.REVIEWED}


async def open_one(handling: Handling) -> CheckIn | None:
    """The one that the open question is about."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != "check_in" or prompt.subject_id is None:
        return None
    found = await handling.session.get(CheckIn, prompt.subject_id)
    if found and not found.step:  # asked before the steps were written down
        found.step = HELP if prompt.awaiting is Awaiting.CHECK_IN_HELP else FEELING
    return found


async def unfinished(handling: Handling) -> CheckIn | None:
    """One whose other questions were left for later, while they can be answered."""
    found: CheckIn | None = await handling.session.scalar(
        select(CheckIn)
        .where(CheckIn.person_id == handling.person.id, CheckIn.step != "", CheckIn.closes_at > handling.now)
        .order_by(CheckIn.id.desc())
        .limit(1)
    )
    return found


async def just_ended(handling: Handling) -> CheckIn | None:
    """One whose last question was answered a moment ago."""
    found: CheckIn | None = await handling.session.scalar(
        select(CheckIn)
        .join(CheckInAnswer, CheckInAnswer.check_in_id == CheckIn.id)
        .where(
            CheckIn.person_id == handling.person.id,
            CheckIn.step == "",
            CheckInAnswer.answered_at > handling.now - JUST_NOW,
        )
        .order_by(CheckIn.id.desc())
        .limit(1)
    )
    return found


async def take_feeling(handling: Handling, check_in: CheckIn, feeling: int | None) -> None:
    """1 very well … 5 very bad, None when it is skipped; a low one is put to a human at once."""
    late = check_in.state is CheckInState.EXPIRED
    check_in.feeling, check_in.answered_at = feeling, handling.now
    if check_in.state not in ENDED_WELL:
        check_in.state = check_move(CHECK_IN_MOVES, check_in.state, CheckInState.ANSWERED)
    handling.record("check_in_answered", f"check_in:{check_in.id}", feeling=feeling)
    await replan(handling.hub, handling.session, "check_in", check_in.id)
    if late:
        await _take_back(handling, check_in, "check_in_silent", "answered_late")
    if (feeling or 0) >= LOW:
        await handling.escalate("struggling", detail=f"check_in:{check_in.id}")
    await ask_next(handling, check_in, FEELING)


async def take_needs(handling: Handling, check_in: CheckIn, needs: Sequence[str]) -> None:
    check_in.needs = [need for need in needs if need != NOTHING]
    handling.record("check_in_needs", f"check_in:{check_in.id}", needs=check_in.needs)
    if check_in.needs:
        await handling.escalate("struggling", detail=f"check_in:{check_in.id}")
    await ask_next(handling, check_in, HELP)


async def take_words(handling: Handling, check_in: CheckIn, words: str) -> None:
    """Their own words, to a question of the worker's or about what has changed."""
    asked = await _own_words_of(handling, check_in, check_in.step)
    await _keep(handling, check_in, check_in.step, SAID, words=words, asked=asked)
    if handling.hub.flows.safety.is_plea(words):
        await handling.escalate("struggling", detail=f"check_in:{check_in.id}")
    await ask_next(handling, check_in, check_in.step)


async def take_yes_no(handling: Handling, check_in: CheckIn, *, yes: bool) -> None:
    """Has anything changed; would a call be welcome. A yes is in front of a human before anything else is asked."""
    reason = {CHANGED: "something_changed", CALL: "wants_a_call"}[check_in.step]
    await _keep(handling, check_in, check_in.step, YES if yes else NO)
    if yes:
        await handling.escalate(reason, detail=f"check_in:{check_in.id}")
    else:
        await _take_back(handling, check_in, reason, "taken_back")
    await ask_next(handling, check_in, check_in.step)


async def take_change(handling: Handling, check_in: CheckIn, words: str) -> None:
    """What has changed, said at once in place of a yes."""
    await _keep(handling, check_in, CHANGED, YES)
    await handling.escalate("something_changed", detail=f"check_in:{check_in.id}")
    check_in.step = CHANGED_WHAT
    await take_words(handling, check_in, words)


async def skip(handling: Handling, check_in: CheckIn) -> None:
    """Not this question."""
    if check_in.step == FEELING:
        return await take_feeling(handling, check_in, None)
    if check_in.step == HELP:
        return await ask_next(handling, check_in, HELP)
    asked = await _own_words_of(handling, check_in, check_in.step)
    await _keep(handling, check_in, check_in.step, SKIPPED, asked=asked)
    await ask_next(handling, check_in, check_in.step)


async def leave(handling: Handling, check_in: CheckIn) -> None:
    """The rest later: what has been answered is kept."""
    await handling.answered()
    until = say_when(check_in.closes_at, handling.agency.time_zone, handling.language)
    await handling.say("check_ins.paused", until=until)


async def go_back(handling: Handling, check_in: CheckIn) -> None:
    """CHANGE: the question before once more."""
    steps = await _steps(handling, check_in)
    here = steps.index(check_in.step) if check_in.step in steps else len(steps)
    await ask(handling, check_in, steps[max(here - 1, 0)], "check_ins.feeling_number")


async def ask_next(handling: Handling, check_in: CheckIn, answered: str) -> None:
    """What comes after `answered`, or the end. After a cry for help nothing is asked: the rest waits for MORE."""
    steps = await _steps(handling, check_in)
    rest = _after(steps, answered)
    check_in.step = rest[0] if rest else ""
    if handling.quiet or not rest:
        await handling.answered()
    if not rest:
        return await _thank(handling, check_in)
    if not handling.quiet:
        await ask(handling, check_in, rest[0])


async def ask(
    handling: Handling, check_in: CheckIn, step: str, feeling_key: str = "check_ins.feeling_reminder"
) -> None:
    """One question. `feeling_key`: how they are is asked in other words when it is asked again."""
    check_in.step = step
    match step:
        case "feeling":
            return await ask_feeling(handling, check_in, feeling_key)
        case "help":
            low = (check_in.feeling or 0) >= LOW
            await ask_about(handling, check_in, "check_ins.help_low" if low else "check_ins.help")
        case "changed" | "call":
            await _ask(handling, check_in, f"check_ins.{step}", Awaiting.SURVEY_YES_NO)
        case "changed_what":
            await _ask(handling, check_in, "check_ins.changed_what", Awaiting.SURVEY_TEXT)
        case _:
            words = await _own_words_of(handling, check_in, step)
            if not words:
                return await ask_next(handling, check_in, step)
            await _ask(handling, check_in, "check_ins.own_question", Awaiting.SURVEY_TEXT, words=words)


async def ask_about(handling: Handling, check_in: CheckIn, text_key: str) -> None:
    """What would help, in one of its wordings."""
    await _ask(handling, check_in, text_key, Awaiting.CHECK_IN_HELP)


async def _ask(handling: Handling, check_in: CheckIn, text_key: str, awaiting: Awaiting, **facts: Any) -> None:
    lasts = answerable_for(handling, check_in)
    await handling.ask(text_key, awaiting, subject=("check_in", check_in.id), lasts=lasts, **facts)


async def _thank(handling: Handling, check_in: CheckIn) -> None:
    """The end: thanks, and who will be in touch; where to call when it is hard."""
    answers = await _answers(handling, check_in)
    low, call = (check_in.feeling or 0) >= LOW, answers.get(CALL) == YES
    about = f"check_in:{check_in.id}"
    if low:
        return await handling.say("check_ins.done_low", answer_by=await promise(handling, "struggling", detail=about))
    if call:
        return await handling.say("check_ins.done_call", answer_by=answer_by(handling, "wants_a_call"))
    if check_in.needs or answers.get(CHANGED) == YES:
        reason = "struggling" if check_in.needs else "something_changed"
        return await handling.say("check_ins.done_need", answer_by=answer_by(handling, reason))
    good = await streak(handling.session, handling.person.id)
    await handling.say("check_ins.done_streak" if good and good % EVERY == 0 else "check_ins.done")


async def _steps(handling: Handling, check_in: CheckIn) -> Sequence[str]:
    """In their order; what has changed is asked of those only who said that something has."""
    own = [f"{OWN}{number}" for number, _ in enumerate(await _own(handling, check_in), 1)]
    changed = (await _answers(handling, check_in)).get(CHANGED) == YES
    return [FEELING, HELP, *own, CHANGED, *([CHANGED_WHAT] if changed else []), CALL]


def _after(steps: Sequence[str], answered: str) -> Sequence[str]:
    """A question that the worker has taken out meanwhile stood among their own."""
    if answered in steps:
        return steps[steps.index(answered) + 1 :]
    return steps[steps.index(CHANGED) :] if answered.startswith(OWN) else ()


async def _own(handling: Handling, check_in: CheckIn) -> Sequence[str]:
    if check_in.plan_id is None or is_careful(handling.conversation.contact_point):
        return []
    plan = await handling.session.get_one(CheckInPlan, check_in.plan_id)
    return check_in_plans.questions_of(handling.hub, plan)


async def _own_words_of(handling: Handling, check_in: CheckIn, step: str) -> str:
    """The worker's own question; nothing for one of ours."""
    if not step.startswith(OWN):
        return ""
    own, number = await _own(handling, check_in), int(step.removeprefix(OWN))
    return own[number - 1] if number <= len(own) else ""


async def _answers(handling: Handling, check_in: CheckIn) -> dict[str, str]:
    rows = select(CheckInAnswer.question, CheckInAnswer.code).where(CheckInAnswer.check_in_id == check_in.id)
    return {row.question: row.code for row in await handling.session.execute(rows)}


async def _keep(
    handling: Handling, check_in: CheckIn, question: str, code: str, *, words: str = "", asked: str = ""
) -> None:
    """The same question again takes the place of what was answered before."""
    key = handling.key
    await handling.session.merge(
        CheckInAnswer(
            check_in_id=check_in.id,
            question=question,
            asked_sealed=key.seal(asked, "check_in_question") if asked else None,
            code=code,
            words_sealed=key.seal(words, "check_in_answer") if words else None,
            answered_at=handling.now,
        )
    )
    await handling.session.flush()
    handling.record("check_in_told", f"check_in:{check_in.id}", question=question, answer=code)


async def _take_back(handling: Handling, check_in: CheckIn, reason: str, outcome: str) -> None:
    """What this check-in had put in front of a human and nobody has dealt with is no longer so."""
    found = await find_open(handling.session, handling.conversation.id, reason)
    if found and found.state is EscalationState.OPEN and found.detail == f"check_in:{check_in.id}":
        await escalations.withdraw(handling.session, found, outcome, handling.now)
