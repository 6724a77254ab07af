"""RESTORATIVE: what it is in two plain texts, and their choice. The same for either side, with its own words.

Whoever is in it already is asked whether to go on: stopping takes one number at any moment. Knows no screen.
"""

from datetime import datetime

from hub import restorative, when_safe
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.restorative import UNDER_WAY
from hub.states_of_care import RestorativeState
from hub.store.tables import Restorative, Worker
from hub.tellings import tells
from hub.times import say_when
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Side

ABOUT = "restorative"
S = RestorativeState


async def begin(handling: Handling) -> None:
    await when_safe.tell(handling, ABOUT)


@told_when_safe(ABOUT)
async def _brought_up(handling: Handling, _number: int | None) -> None:
    """By the person: also after a "never", which was theirs to say and is theirs to take back."""
    row = await restorative.begin(handling.hub, handling.session, f"person:{handling.person.id}", handling.person)
    await (_ask_whether_to_go_on if row.state in UNDER_WAY else _explain)(handling, row)


async def _still_offered(handling: Handling, number: int) -> datetime | None:
    row = await handling.session.get_one(Restorative, number)
    return handling.now if row.state is S.ASKED_ABOUT else None


@tells("restorative", first="restorative.what", when=_still_offered)
async def _offered(handling: Handling, number: int) -> None:
    await _explain(handling, await handling.session.get_one(Restorative, number))


async def _explain(handling: Handling, row: Restorative) -> None:
    side = "" if row.side is Side.VICTIMS else "_other"  # what it is, from where they stand
    if handling.prompt is None or handling.prompt.subject_kind != ABOUT:  # else they have just read what it is
        await handling.say(f"restorative.what{side}")
    await handling.ask(f"restorative.choose{side}", Awaiting.SURVEY_CHOICE, subject=(ABOUT, row.id), lasts=None)


async def _ask_whether_to_go_on(handling: Handling, row: Restorative) -> None:
    name = await _coordinator(handling, row)
    await handling.ask("restorative.go_on", Awaiting.SURVEY_CHOICE, subject=(ABOUT, row.id), worker=name)


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """1, 2 or 3: the first goes on, the others stop."""
    prompt = handling.prompt
    row = await restorative.of_person(handling.session, handling.person.id, lock=True)
    if row is None or prompt is None:
        return await handling.say("surveys.nothing_open")
    going = prompt.text_key == "restorative.go_on"
    match words if kind is Kind.CHOICE else kind:
        case "1":
            await (_goes_on if going else _wants_call)(handling, row)
        case "2" | Kind.SKIP | Kind.LATER | Kind.NO:
            await _stop(handling, row, S.NOT_NOW, "restorative.stopped" if going else "restorative.not_now")
        case "3":
            await _stop(handling, row, S.NO, "restorative.never")
        case _:
            await repair(handling)


async def _wants_call(handling: Handling, row: Restorative) -> None:
    await handling.answered()
    if row.state not in {S.WANTS_TO_KNOW, *UNDER_WAY}:
        _move(handling, row, S.WANTS_TO_KNOW)
    by = await promise(handling, "wants_restorative", detail=f"{ABOUT}:{row.id}")
    await handling.say("restorative.called", answer_by=by, worker=await _coordinator(handling, row))


async def _goes_on(handling: Handling, row: Restorative) -> None:
    await handling.answered()
    await handling.say("restorative.goes_on", worker=await _coordinator(handling, row))


async def _stop(handling: Handling, row: Restorative, to: RestorativeState, text_key: str) -> None:
    """At once; whoever coordinates reads it."""
    under_way = row.state in UNDER_WAY
    if row.state is not to:
        _move(handling, row, to)
    await restorative.call_off_reminders(handling.hub, handling.session, row)
    if under_way:
        await handling.escalate("stopped_restorative", detail=f"{ABOUT}:{row.id}")
    await handling.answered()
    await handling.say(text_key, worker=await _coordinator(handling, row))


async def _agreed_stands(handling: Handling, number: int) -> datetime | None:
    row = await handling.session.get_one(Restorative, number)
    return handling.now if row.state in {S.AGREED, S.PREPARED} and row.agreed_sealed else None


@tells("restorative_agreed", first="restorative.agreed", when=_agreed_stands)
async def _remind_of_agreement(handling: Handling, number: int) -> None:
    row = await handling.session.get_one(Restorative, number)
    await handling.say("restorative.agreed", words=_agreed(handling, row), worker=await _coordinator(handling, row))


async def _meeting_stands(handling: Handling, number: int) -> datetime | None:
    row = await handling.session.get_one(Restorative, number)
    ahead = row.meeting_at is not None and row.meeting_at > handling.now
    return handling.now if ahead and row.state is S.PREPARED else None


@tells("restorative_meeting", first="restorative.meeting", when=_meeting_stands)
async def _remind_of_meeting(handling: Handling, number: int) -> None:
    row = await handling.session.get_one(Restorative, number)
    if row.meeting_at and row.meeting_at > handling.now:
        when = say_when(row.meeting_at, handling.agency.time_zone, handling.language)
        await handling.say("restorative.meeting", when=when, words=_agreed(handling, row))


def _agreed(handling: Handling, row: Restorative) -> str:
    return handling.key.open(row.agreed_sealed, "agreed") if row.agreed_sealed else ""


async def _coordinator(handling: Handling, row: Restorative) -> str:
    worker = await handling.session.get(Worker, row.coordinator_id) if row.coordinator_id else None
    return worker.first_name if worker else handling.facts()["worker"]


def _move(handling: Handling, row: Restorative, to: RestorativeState) -> None:
    restorative.move(handling.hub, handling.session, f"person:{handling.person.id}", row, to)
