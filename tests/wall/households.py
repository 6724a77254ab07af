"""A household: one human, or two of one home, who is on both sides. What the two records share is drawn by lot.

Each side has its record with everything that can be shared or marked: numbers, names, references, places, hours, a
mother who stands by. A household is drawn from its own number, so that it is the same when it is drawn alone.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, conditions, conversations
from hub.case_events import record_event
from hub.errors import NotInvited
from hub.people import add_contact, conversation_for, create_person
from hub.store.tables import Case, Person, Worker
from hub.surveys import runs
from hub.words import ChannelKind, Role, Side
from tests.wall import circles
from tests.wall.marks import Book, new_mark
from tests.world import World

OVERLAPS = (
    "number",
    "name",
    "telegram",
    "reference",
    "case",
    "appointment_id",
    "hour",
    "place",
    "with_whom",
    "supporter",
    "supporters_number",
    "supervised_supporter",  # the one who is supervised also stands by somebody on the other side
    "agency",
    "victims_phone",  # who stands by the supervised one has the victim's phone: perhaps she is the victim
    "barred",  # the victim's number is on the no-contact list
)
ROLE = {Side.SUPERVISION: Role.SUPERVISED, Side.VICTIMS: Role.VICTIM}
SURVEY = {Side.SUPERVISION: "session_feedback", Side.VICTIMS: "victim_satisfaction"}


@dataclass(frozen=True)
class Member:
    """One of the two records, as it is found again."""

    side: Side
    agency: int  # which of the house
    mark: str
    name: str
    mobile: str
    telegram: str
    chat: str
    reference: str
    case: str
    person_id: int
    ref: str
    appointment: str
    mother: str  # her number; empty where nobody stands by them

    @property
    def words(self) -> list[str]:
        """What a colleague of the other side could search for."""
        spoken = f"0{self.mobile[3:7]} {self.mobile[7:]}"
        said = self.name, self.mark, self.mobile, spoken, self.ref, self.reference, self.case, self.appointment
        return [each for each in said if each]


@dataclass(frozen=True)
class Household:
    number: int
    shared: frozenset[str]
    members: dict[Side, Member]


class Drawn:
    """What one household is to be: values for each side, the same where they are shared."""

    def __init__(self, seed: str, number: int) -> None:
        self.number, self.dice = number, Random(f"{seed}:{number}")  # must be repeatable
        self.shared = frozenset(each for each in OVERLAPS if self.dice.random() < 0.5)
        self.marks = {side: new_mark(self.dice, side, number) for side in Side}
        self.agencies = {side: 0 if "agency" in self.shared else self.dice.randrange(2) for side in Side}

    def often(self) -> bool:
        """Whether there is one of these here, too: not every household has everything, or few could be drawn."""
        return self.dice.random() < 0.5

    def value(self, what: str, side: Side, alone: str, together: str) -> str:
        return together if what in self.shared else alone

    def number_of(self, side: Side, what: str, place: int) -> str:
        """Eight numbers a household: 900100 onwards, of those that are kept for fiction."""
        own = list(Side).index(side) if what not in self.shared else 0
        return f"+447700900{100 + 8 * (self.number % 100) + 2 * place + own:03}"

    def hour(self, now: datetime, side: Side) -> datetime:
        day = now + timedelta(days=2 + (0 if "hour" in self.shared else list(Side).index(side)))
        return datetime.combine(day.date(), time(11), tzinfo=day.tzinfo) + timedelta(minutes=5 * (self.number % 60))


async def move_in(worlds: list[World], session: AsyncSession, book: Book, drawn: Drawn) -> Household:
    members = {side: await _member(worlds[drawn.agencies[side]], session, book, drawn, side) for side in Side}
    return Household(drawn.number, drawn.shared, members)


async def _member(world: World, session: AsyncSession, book: Book, drawn: Drawn, side: Side) -> Member:
    mark, both = drawn.marks[side], f"{drawn.number:03}"
    worker, priya = world.workers[side], await session.get_one(Worker, world.workers[side])
    mobile = drawn.number_of(side, "number", 0)
    name = drawn.value("name", side, f"Kim {mark.title()}", f"Kim Both{both}")
    reference = drawn.value("reference", side, f"R-{mark}", f"R-{both}")
    case_reference = drawn.value("case", side, f"C-{mark}", f"C-{both}")
    telegram = drawn.value("telegram", side, f"77{both}{list(Side).index(side)}", f"77{both}9")
    person = await create_person(
        world.hub,
        session,
        agency_id=world.agency_id,
        side=side,
        role=ROLE[side],
        name=name,
        worker_id=worker if drawn.dice.random() < 0.8 else None,
        external_ref=reference,
        language=drawn.dice.choice(("en", "en", "cy")),
    )
    book.add_number(mobile, side)
    known = f"phone:{worker}" if side is Side.VICTIMS and drawn.dice.random() < 0.7 else ""
    discreet = drawn.dice.random() < 0.3
    await add_contact(world.hub, session, person, ChannelKind.SMS, mobile, discreet=discreet, safe_by=known)
    chat = f"chat-{mark}-that-nobody-can-guess"
    for kind, address in ((ChannelKind.TELEGRAM, telegram), (ChannelKind.WEBCHAT, chat)):
        await add_contact(world.hub, session, person, kind, address, preferred=False)
    talk = await conversation_for(session, person)
    assert talk
    await conversations.add_note(world.hub, session, priya, talk, f"a note about {mark}")
    case = await _case(world, session, drawn, person, case_reference) if drawn.often() else None
    appointment = await _appointment(world, session, drawn, person, case) if drawn.often() else ""
    if drawn.often():
        with suppress(NotInvited):  # nobody has said that it is safe to write there
            await runs.invite(world.hub, session, person, SURVEY[side])
    mother = await circles.gather(world, session, book, drawn, person) if drawn.often() else ""
    if "barred" in drawn.shared and drawn.often():
        await circles.bar(world, session, book, drawn, person)
    return Member(
        side, drawn.agencies[side], mark, name, mobile, telegram, chat, reference, case_reference, person.id,
        person.ref, appointment, mother,
    )  # fmt: skip


async def _case(world: World, session: AsyncSession, drawn: Drawn, person: Person, reference: str) -> Case:
    mark, now = drawn.marks[person.side], world.clock.now()
    case = Case(
        agency_id=person.agency_id, side=person.side, person=person, kind="bail", reference=reference, opened_at=now,
        worker_id=person.worker_id,
    )  # fmt: skip
    session.add(case)
    await session.flush()
    if person.side is Side.SUPERVISION:
        await conditions.add(world.hub, session, "hub", case, f"mend the {mark}", now.date() + timedelta(days=9))
    else:
        await record_event(world.hub, session, "hub", case, "charged", f"because of {mark}", now)
    return case


async def _appointment(world: World, session: AsyncSession, drawn: Drawn, person: Person, case: Case | None) -> str:
    side, mark = person.side, drawn.marks[person.side]
    place = drawn.value("place", side, f"{mark.title()} House, DE1 1AA", f"{drawn.number} High St, DE1 1AA")
    found = await appointments.schedule(
        world.hub,
        session,
        "hub",
        person=person,
        starts_at=drawn.hour(world.clock.now(), side),
        with_whom=drawn.value("with_whom", side, f"Jo {mark}", f"Service {drawn.number}"),
        place=place,
        directions=f"behind the {mark}",
        case_id=case.id if case else None,
        worker_id=world.workers[side],
        external_id=drawn.value("appointment_id", side, f"A-{mark}", f"A-{drawn.number}"),
        proof_wanted=drawn.dice.random() < 0.5,
    )
    return found.ref
