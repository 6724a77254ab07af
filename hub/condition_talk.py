"""The talk about a condition: done? which one? until when? how is it going? Asks, notes, passes on; decides nothing.

Each question is known by its text: `_STEPS` says who takes its answer. What becomes of a condition is in
hub/conditions.py and hub/extensions.py.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hub import condition_words, conditions, extensions
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.photos import last_usable, not_usable
from hub.plain_words import plain_words
from hub.promises import promise
from hub.repair import repair
from hub.states import ConditionState
from hub.store.tables import Condition, ConditionPhoto
from hub.times import local
from hub.words import Awaiting

MOST_CHOICES = 5  # more than that nobody reads on a small phone
SHORTEST_NAME = 4  # letters of a word that can tell one condition from another


async def say_done(handling: Handling, said: str = "") -> None:
    """ "I did it": which one, where that is not clear; a worker looks in any case."""
    open_ones = await _open_ones(handling)
    meant = _meant(handling, open_ones, said)
    if meant:
        await done(handling, meant)
    elif open_ones and not _busy(handling):
        await _which(handling, open_ones, "conditions.which_done")
    else:
        by = await promise(handling, "condition_done", detail="not_on_record")
        await handling.say("conditions.done_noted", answer_by=by)


async def ask_longer(handling: Handling, said: str = "") -> None:
    """ "can I have longer": for which one, until when; then a worker decides."""
    open_ones = [each for each in await _open_ones(handling) if each.due_on]
    meant = _meant(handling, open_ones, said)
    if meant:
        await _longer(handling, meant, said)
    elif open_ones and not _busy(handling):
        await _which(handling, open_ones, "conditions.which_longer")
    elif open_ones:
        await _pass_on(handling, "more_time")
    else:
        by = await promise(handling, "condition_question", detail="more_time")
        await handling.say("conditions.longer_none", answer_by=by)


async def done(handling: Handling, condition: Condition) -> None:
    """Thanked, and asked for a photo that shows it; how far they are stands first."""
    await conditions.say_done(handling, condition)
    about = f"condition:{condition.id}"
    by = await promise(handling, "condition_done", detail=about)
    theirs = await conditions.of_person(handling.session, handling.person.id)
    name, counts = condition_words.progress(handling, theirs, "well_done")
    facts = condition_words.facts_of(handling, condition) | condition_words.before(name, counts)
    if _busy(handling):
        return await handling.say("conditions.done_noted", answer_by=by, **facts)
    subject = ("condition", condition.id)
    await handling.ask("conditions.done", Awaiting.SURVEY_YES_NO, subject=subject, answer_by=by, **facts)


async def take_photo(handling: Handling, condition: Condition) -> None:
    """A photo while a condition is spoken of shows that it is done."""
    photo, refused = await last_usable(handling)
    if photo is None:
        return await not_usable(handling, refused or "bad_file")
    handling.session.add(ConditionPhoto(condition_id=condition.id, media_id=photo.id, given_at=handling.now))
    handling.record("condition_photo", f"condition:{condition.id}")
    if condition.state is ConditionState.OPEN:
        await conditions.say_done(handling, condition)
    await handling.answered()
    by = await promise(handling, "condition_done", detail=f"condition:{condition.id}")
    await handling.say("conditions.photo_given", answer_by=by)


async def open_condition(handling: Handling) -> Condition | None:
    """The one that the open question is about."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != "condition" or prompt.subject_id is None:
        return None
    return await handling.session.get(Condition, prompt.subject_id)


# --- answers --------------------------------------------------------------------------------------


@takes_answers("condition")
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """The answer to whichever question about a condition is open; what has been decided meanwhile is left alone."""
    condition, prompt = await open_condition(handling), handling.prompt
    if condition is None or prompt is None:
        return await handling.say("surveys.nothing_open")
    await _STEPS[prompt.text_key](handling, condition, kind, words)


async def _take_which(handling: Handling, _first: Condition, kind: Kind, words: str) -> None:
    if kind in {Kind.SKIP, Kind.LATER}:
        return await _leave(handling)
    prompt = handling.prompt
    ids: list[int] = list(prompt.facts.get("ids", [])) if prompt else []
    if kind is not Kind.CHOICE or not words.isdecimal() or not 1 <= int(words) <= len(ids):
        return await repair(handling)
    chosen = await handling.session.get_one(Condition, ids[int(words) - 1])
    longer = prompt is not None and prompt.text_key == "conditions.which_longer"
    if chosen.state is not ConditionState.OPEN:
        return await _leave(handling)
    await (_longer(handling, chosen, "") if longer else done(handling, chosen))


async def _take_until(handling: Handling, condition: Condition, kind: Kind, words: str) -> None:
    """A day or so much longer; asked once more when it is neither, then a human reads the words."""
    if kind in {Kind.SKIP, Kind.LATER} or condition.state is not ConditionState.OPEN:
        return await _leave(handling)
    asked_again = handling.prompt is not None and handling.prompt.text_key == "conditions.until_unclear"
    day = _wished(handling, condition, words or handling.text)
    if day is None and not asked_again:
        return await _ask(handling, condition, "conditions.until_unclear", Awaiting.SURVEY_TEXT)
    await extensions.ask(handling, condition, words or handling.text, day)


async def _take_photo_or_not(handling: Handling, condition: Condition, kind: Kind, _words: str) -> None:
    """After "done": yes, there is a photo; no, there is none; CHANGE: it is not done after all."""
    if kind is Kind.CHANGE and condition.state is ConditionState.SAID_DONE:
        await conditions.take_back(handling, condition)
        await handling.answered()
        return await handling.say("conditions.taken_back", **condition_words.facts_of(handling, condition))
    if kind is Kind.YES:
        return await _ask(handling, condition, "conditions.photo_wanted", Awaiting.SURVEY_YES_NO)
    await handling.answered()
    await handling.say("conditions.no_photo")


async def _take_how(handling: Handling, condition: Condition, kind: Kind, words: str) -> None:
    """1 done, 2 longer, 3 help; at half time 4 is "going well"."""
    if kind in {Kind.SKIP, Kind.LATER}:
        return await _leave(handling)
    match words if kind is Kind.CHOICE and condition.state is ConditionState.OPEN else "":
        case "1":
            await done(handling, condition)
        case "2":
            await _longer(handling, condition, "")
        case "3":
            await handling.answered()
            await _pass_on(handling, f"condition:{condition.id}")
        case "4" if handling.prompt and handling.prompt.text_key == "conditions.half_way":
            await handling.answered()
            handling.record("condition_going_well", f"condition:{condition.id}")
            await handling.say("conditions.going_well")
        case _ if condition.state is not ConditionState.OPEN:
            await _leave(handling)
        case _:
            await repair(handling)


_STEPS: Mapping[str, Callable[[Handling, Condition, Kind, str], Awaitable[None]]] = {
    "conditions.which_done": _take_which,
    "conditions.which_longer": _take_which,
    "conditions.until_when": _take_until,
    "conditions.until_unclear": _take_until,
    "conditions.done": _take_photo_or_not,
    "conditions.photo_wanted": _take_photo_or_not,
    "conditions.half_way": _take_how,
    "conditions.early": _take_how,
    "conditions.passed": _take_how,
}


# --- questions ------------------------------------------------------------------------------------


async def _which(handling: Handling, open_ones: Sequence[Condition], text_key: str) -> None:
    some = open_ones[:MOST_CHOICES]
    labels = [condition_words.words_of(handling, each) for each in some]
    await handling.ask(
        text_key,
        Awaiting.SURVEY_CHOICE,
        subject=("condition", some[0].id),
        keep={"ids": [each.id for each in some]},
        choices=[{"reply": str(number), "label": label} for number, label in enumerate(labels, 1)],
        numbered=condition_words.numbered(handling, some),
    )


async def _longer(handling: Handling, condition: Condition, said: str) -> None:
    day = _wished(handling, condition, said) if said else None
    if day or _busy(handling):
        return await extensions.ask(handling, condition, said, day)
    await _ask(handling, condition, "conditions.until_when", Awaiting.SURVEY_TEXT)


async def _ask(handling: Handling, condition: Condition, text_key: str, awaiting: Awaiting) -> None:
    facts: dict[str, Any] = condition_words.facts_of(handling, condition)
    await handling.ask(text_key, awaiting, subject=("condition", condition.id), **facts)


async def _pass_on(handling: Handling, detail: str) -> None:
    by = await promise(handling, "condition_question", detail=detail)
    await handling.say("conditions.help", answer_by=by)


def _busy(handling: Handling) -> bool:
    """A question of another topic is open: that one is answered first, so nothing more is asked."""
    return handling.prompt is not None and handling.prompt.subject_kind != "condition"


async def _leave(handling: Handling) -> None:
    await handling.answered()
    await handling.say("conditions.left")


# --- which one is meant ---------------------------------------------------------------------------


async def _open_ones(handling: Handling) -> list[Condition]:
    theirs = await conditions.of_person(handling.session, handling.person.id)
    return [each for each in theirs if each.state is ConditionState.OPEN]


def _meant(handling: Handling, open_ones: Sequence[Condition], said: str) -> Condition | None:
    """The only one, the one that was asked about, or the only one that shares a word with the text."""
    if len(open_ones) == 1:
        return open_ones[0]
    prompt = handling.prompt
    if prompt and prompt.subject_kind == "condition" and "ids" not in prompt.facts:
        return next((each for each in open_ones if each.id == prompt.subject_id), None)
    words = _telling(said)
    named = [each for each in open_ones if words & _telling(condition_words.words_of(handling, each))]
    return named[0] if len(named) == 1 else None


def _telling(text: str) -> set[str]:
    return {word for word in plain_words(text).split() if len(word) >= SHORTEST_NAME}


def _wished(handling: Handling, condition: Condition, words: str) -> date | None:
    today = local(handling.now, handling.agency.time_zone).date()
    return extensions.wished_day(words, today, condition.due_on)
