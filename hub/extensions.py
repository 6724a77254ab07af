"""More time for a condition: the person asks in their own words, a worker decides with a day or a reason.

Until then the day stays as it is. Knows no screen.
"""

import re
from calendar import month_name, monthrange
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import condition_words, conditions
from hub.core import Hub
from hub.dates import understand
from hub.errors import MoveNotAllowed, NotAllowed
from hub.handling import Handling
from hub.plain_words import plain_words
from hub.promises import promise
from hub.states import ConditionState
from hub.store.tables import Condition, Extension, Worker
from hub.times import local

LONGEST = timedelta(days=366)
_NUMBERS = {"a": 1, "an": 1, "another": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "five": 5}
_DAYS = {"day": 1, "diwrnod": 1, "week": 7, "wythnos": 7, "fortnight": 14, "pythefnos": 14, "month": 30, "mis": 30}
_LONGER = re.compile(
    rf"(?<!in )(?:\b(?P<many>\d{{1,2}}|{'|'.join(_NUMBERS)}) )?(?:of )?(?:more |extra |other )?"
    rf"\b(?P<unit>{'|'.join(_DAYS)})s?\b(?: (?P<end>more|longer|extra|arall))?(?! (?:on|from|today|tomorrow)\b)"
)
_UNTIL = re.compile(r"\b(?:un)?till?\b|\bby\b|\btan\b|\berbyn\b")  # the day that it names is the day wanted
_END_OF_MONTH = re.compile(r"\bend of (?:the |this )?(month|[a-z]+)\b")


def wished_day(text: str, today: date, due_on: date | None) -> date | None:
    """The one day that is asked for: a date, or so much longer than the day that it has now.

    None where no one day is meant, or one that is no more time.
    """
    words = _UNTIL.sub(" ", plain_words(text))
    from_day = max(due_on or today, today)
    wish = understand(words, today)
    days = wish.days if wish else ()
    day = _so_much_longer(words, from_day) or _end_of_month(words, today) or (days[0] if len(days) == 1 else None)
    return day if day and from_day < day <= today + LONGEST else None


def _so_much_longer(words: str, from_day: date) -> date | None:
    """ "2 more weeks", "a fortnight": counted from the day that it has now."""
    found = _LONGER.search(words)
    if found is None or not (found["many"] or found["end"] or found["unit"] in {"fortnight", "pythefnos"}):
        return None
    many = found["many"] or "1"
    number = int(many) if many.isdigit() else _NUMBERS[many]
    return from_day + timedelta(days=number * _DAYS[found["unit"]])


def _end_of_month(words: str, today: date) -> date | None:
    """ "the end of march": its last day, the next one to come."""
    found = _END_OF_MONTH.search(words)
    names = [name.casefold() for name in month_name]
    if found is None or (found[1] != "month" and found[1] not in names):
        return None
    month = today.month if found[1] == "month" else names.index(found[1])
    year = today.year + (month < today.month)
    return date(year, month, monthrange(year, month)[1])


async def ask(handling: Handling, condition: Condition, words: str, wanted_on: date | None) -> None:
    """Note what is wanted, put it to the worker, say that the day stands until then."""
    request = await open_request(handling.session, condition)
    if request is None:
        request = Extension(condition_id=condition.id, asked_at=handling.now, state="open", condition=condition)
        handling.session.add(request)
    request.words_sealed = handling.key.seal(words, "words")
    request.wanted_on = wanted_on
    await handling.session.flush()
    handling.record("extension_asked", f"condition:{condition.id}")
    await conditions.spoken_of(handling, condition)
    if handling.prompt and handling.prompt.subject_kind == "condition":
        await handling.answered()
    by = await promise(handling, "wants_longer", detail=f"condition:{condition.id}")
    facts = condition_words.facts_of(handling, condition) | {"answer_by": by}
    if wanted_on is None:
        return await handling.say("conditions.longer_passed_on", **facts)
    await handling.say("conditions.longer_asked", wanted_day=condition_words.say(handling, wanted_on), **facts)


async def accept(hub: Hub, session: AsyncSession, worker: Worker, request: Extension, until: date) -> None:
    """The worker gives a new day; the person is told and what is planned follows it.

    Raises
    ------
    MoveNotAllowed
        when it has been decided, or the condition is over.
    NotAllowed
        when that day has passed.
    """
    condition = request.condition
    if until <= local(hub.clock.now(), condition.case.person.agency.time_zone).date():
        raise NotAllowed("Choose a day to come.")
    await _decide(hub, session, worker, request, "accepted", **conditions.day_of(until))
    request.until = until
    await conditions.set_day(hub, session, condition, until)
    await conditions.settle(hub, session, worker, condition, "extension_accepted")
    await condition_words.tell(hub, session, condition, "conditions.longer_yes")


async def decline(hub: Hub, session: AsyncSession, worker: Worker, request: Extension, why: str) -> None:
    """The day stays; the person reads the reason in the worker's words.

    Raises
    ------
    MoveNotAllowed
        when it has been decided, or the condition is over.
    NotAllowed
        when there is no reason, or one too long for a text.
    """
    conditions.check_why(why, wanted=True)
    await _decide(hub, session, worker, request, "declined")
    condition = request.condition
    key = hub.vault.open_person_key(condition.case.person.wrapped_key or b"")
    request.reason_sealed = key.seal(why.strip(), "reason")
    await conditions.stands(hub, session, condition)
    await conditions.settle(hub, session, worker, condition, "extension_declined")
    await condition_words.tell(hub, session, condition, "conditions.longer_no", why=why.strip())


async def open_request(session: AsyncSession, condition: Condition) -> Extension | None:
    found: Extension | None = await session.scalar(
        select(Extension).where(Extension.condition_id == condition.id, Extension.state == "open")
    )
    return found


async def _decide(hub: Hub, session: AsyncSession, worker: Worker, request: Extension, state: str, **day: str) -> None:
    if request.state != "open" or request.condition.state is not ConditionState.OPEN:
        raise MoveNotAllowed
    now = hub.clock.now()
    request.state, request.decided_at, request.decided_by_id = state, now, worker.id
    conditions.record(session, now, f"worker:{worker.id}", f"extension_{state}", request.condition, **day)
    await session.flush()
