"""IDEAS: ready words for a supporter to say or to have passed on, three at a time, by the moment.

The moment is guessed from what they may know: something is on in two days, or, with progress, somebody came. That it is
hard is never guessed: it would tell. Asked for whom where they stand by several. Knows no rule of the talk itself.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import when_safe
from hub.answering import Kind, takes_answers
from hub.handling import STANDING, Handling
from hub.kit_data import SHOWN
from hub.people import name_of
from hub.repair import repair
from hub.store.tables import Appointment, Person, Thread, ThreadMember
from hub.threads import posts
from hub.threads.standing import stands_by
from hub.when_safe import told_when_safe
from hub.words import AppointmentState, Awaiting, Sees

ABOUT, WHOM = "ideas", "ideas_whom"
MORE, OTHERS = SHOWN + 1, "supporters.ideas_others"  # the number that asks for others, and its button
SOON, JUST_NOW = timedelta(days=2), timedelta(days=1)
Standing = tuple[ThreadMember, Person]


async def begin(handling: Handling) -> None:
    if not await stands_by(handling.session, handling.person.id, handling.now):
        return await handling.say("supporters.not_invited")
    await when_safe.tell(handling, ABOUT)


@told_when_safe(ABOUT)
async def _whom(handling: Handling, _number: int | None) -> None:
    standing = await stands_by(handling.session, handling.person.id, handling.now)
    if not standing:
        return await handling.say("supporters.not_invited")
    if len(standing) == 1:
        return await _show(handling, standing[0], 0)
    names = [_first_name(handling, person) for _, person in standing]
    await handling.ask(
        "supporters.ideas_whom",
        Awaiting.SURVEY_CHOICE,
        subject=(WHOM, handling.person.id),
        keep={"threads": [member.thread_id for member, _ in standing]},
        choices=[{"reply": str(number), "label": name} for number, name in enumerate(names, 1)],
        numbered=", ".join(f"{number} {name}" for number, name in enumerate(names, 1)),
    )


@takes_answers(WHOM)
async def take_whom(handling: Handling, kind: Kind, words: str) -> None:
    if kind in {Kind.SKIP, Kind.LATER}:
        return await _leave(handling)
    threads: list[int] = handling.prompt.facts.get("threads", []) if handling.prompt else []
    number = int(words) if kind is Kind.CHOICE and words.strip().isdecimal() else 0
    if not 1 <= number <= len(threads):
        return await repair(handling)
    found = await _in(handling, threads[number - 1])
    if found is None:
        return await _over(handling)
    await _show(handling, found, 0)


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """A number passes it on, where the person has allowed that; the fourth shows others."""
    if kind in {Kind.SKIP, Kind.LATER}:
        return await _leave(handling)
    kept = handling.prompt.facts if handling.prompt else {}
    found = await _in(handling, kept.get("thread", 0))
    if found is None:
        return await _over(handling)
    number = int(words) if kind is Kind.CHOICE and words.strip().isdecimal() else 0
    if number == MORE:
        return await _show(handling, found, kept["turn"] + 1)
    if not 1 <= number <= SHOWN:
        return await repair(handling)
    await _pass_on(handling, found, kept["keys"][number - 1])


async def _pass_on(handling: Handling, found: Standing, key: str) -> None:
    member, person = found
    await handling.answered()
    name = _first_name(handling, person)
    if not member.sees.allows(Sees.CHAT):
        return await handling.say("supporters.ideas_not_allowed", their_name=name)
    if (await handling.session.get_one(Thread, member.thread_id)).paused_at:  # a worker has stopped the talk
        return await handling.say("supporters.ideas_paused", their_name=name)
    words = handling.texts.render(key, handling.language, {}).text
    await posts.post(handling, member.thread_id, words, only_to=person)
    handling.record("kit_passed_on", f"thread:{member.thread_id}", text=key)
    await handling.say("supporters.ideas_passed_on", their_name=name)


async def _show(handling: Handling, found: Standing, turn: int) -> None:
    member, person = found
    keys = await _keys(handling, found, turn)
    said = [handling.texts.render(key, handling.language, {}).text for key in keys]
    may = member.sees.allows(Sees.CHAT)
    choices = [{"reply": str(number), "label": words} for number, words in enumerate(said, 1)] if may else []
    await handling.ask(
        "supporters.ideas" if may else "supporters.ideas_yourself",
        Awaiting.SURVEY_CHOICE,
        subject=(ABOUT, member.thread_id),
        keep={"thread": member.thread_id, "turn": turn, "keys": keys},
        choices=[*choices, {"reply": str(MORE), "label": handling.texts.render(OTHERS, handling.language, {}).text}],
        words=" ".join(f"{number} {words}" for number, words in enumerate(said, 1)),
        their_name=_first_name(handling, person),
    )


async def _keys(handling: Handling, found: Standing, turn: int) -> list[str]:
    """Turn by turn through the moments, the likely one first; then again with other sentences."""
    kits = handling.hub.flows.supporters.kits
    likely = await _moment(handling.session, found, handling.now)
    order = [likely, *(moment for moment in kits if moment != likely)]
    return list(kits[order[turn % len(order)]].some(turn // len(order)))


async def _moment(session: AsyncSession, found: Standing, now: datetime) -> str:
    member, person = found
    theirs = Appointment.person_id == person.id
    soon = Appointment.starts_at.between(now, now + SOON), Appointment.state.in_(STANDING)
    came = Appointment.starts_at.between(now - JUST_NOW, now), Appointment.state == AppointmentState.ATTENDED
    if member.sees.allows(Sees.PROGRESS) and await session.scalar(select(exists().where(theirs, *came))):
        return "after"
    return "before" if await session.scalar(select(exists().where(theirs, *soon))) else "any_time"


async def _in(handling: Handling, thread_id: int) -> Standing | None:
    """Asked anew with each answer: it may have ended since."""
    standing = await stands_by(handling.session, handling.person.id, handling.now)
    return next((each for each in standing if each[0].thread_id == thread_id), None)


async def _over(handling: Handling) -> None:
    await handling.answered()
    await handling.say("supporters.not_invited")


async def _leave(handling: Handling) -> None:
    await handling.answered()
    await handling.say("supporters.ideas_left")


def _first_name(handling: Handling, person: Person) -> str:
    return name_of(handling.hub, person).split(" ")[0]
