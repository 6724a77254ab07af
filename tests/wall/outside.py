"""What leaves by other doors than pages: texts, the API, imported files, what a person may have of themselves, a
calendar, the command line. Each check says what is wrong; empty: nothing.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import httpx
from sqlalchemy import select

from hub.candidates import candidates
from hub.imports import Kind, Seen
from hub.reading import own_data
from hub.store.tables import SettingsLink, Worker
from hub.words import ChannelKind, Side, WorkerRole
from integrations.case_systems.door import CaseFiles
from tests.wall import circles
from tests.wall.households import ROLE, Member
from tests.wall.looking import shown
from tests.wall.marks import OTHER
from tests.wall.places import NOBODYS_ID, NOBODYS_REF, REFS, Places, Whose, blanks_of
from tests.wall.town import Town

_BLANK = re.compile(r"\{(\w+)\}")


def texts(town: Town) -> list[str]:
    """Every text that left, on whichever line: to somebody of that side, in words of that side."""
    wrong, house = list[str](), town.house
    addresses = {side: _addresses(town, side) for side in Side}
    for taken in house.world.simulator.taken:
        sent = taken.outgoing
        side = house.side_of_line(sent.line_address)
        wrong += [f"a text on a line of {side} tells {each}" for each in town.book.crossed(sent.text, side)]
        if sent.to in addresses[OTHER[side]] - addresses[side]:
            wrong.append(f"a text on a line of {side} went to {sent.to}, who is known to the other side alone")
    return wrong


def _addresses(town: Town, side: Side) -> set[str]:
    found = {address for member in town.members(side) for address in (member.mobile, member.telegram, member.chat)}
    return found | {f"+447700{number}" for number, sides in town.book.numbers.items() if side in sides}


class Program:
    """Another program of an agency, with its key."""

    def __init__(self, town: Town, side: Side, agency: int = 0) -> None:
        self.town, self.side = town, side
        self._headers = {"Authorization": f"Bearer {town.house.keys[agency, side]}"}

    async def ask(self, method: str, path: str, body: object = None) -> str:
        transport = httpx.ASGITransport(self.town.house.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            return shown(await http.request(method, path, headers=self._headers, json=body))


async def api(town: Town, side: Side, places: Places) -> list[str]:
    """Lists hold nothing of the other side; what is theirs answers as what never was; a body that names theirs, too."""
    program, wrong = Program(town, side), list[str]()
    document = (await _document(program))["paths"]
    for path, methods in document.items():
        for method in methods:
            wrong += await _asked(town, program, places, method.upper(), path)
    return wrong + await _bodies(town, program, places) + await _same_human(town, program)


async def _document(program: Program) -> Mapping[str, Any]:
    transport = httpx.ASGITransport(program.town.house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
        found: Mapping[str, Any] = (await http.get("/api/openapi.json")).json()
        return found


async def _asked(town: Town, program: Program, places: Places, method: str, path: str) -> list[str]:
    if "{" not in path:
        text = await program.ask(method, path) if method == "GET" else ""
        return [f"API {program.side} GET {path} shows {each}" for each in town.book.crossed(text, program.side)]
    theirs, nobodys = (_filled(places, path, whose) for whose in (Whose.OTHERS, Whose.NOBODYS))
    if not theirs or not nobodys:
        return []
    body: dict[str, str] | None = {} if method != "GET" else None
    one, two = await program.ask(method, theirs, body), await program.ask(method, nobodys, body)
    return [] if one == two else [f"API {program.side} {method} {path} can tell them apart: {one[:80]!r}, {two[:80]!r}"]


def _filled(places: Places, path: str, whose: Whose) -> str:
    """As a page's: of which row a blank is, the word before it tells. The API's blanks are one in each address."""
    blank = blanks_of(path)[0]
    table, column = blank.table, "ref" if blank.name in REFS else "id"
    nobody = NOBODYS_REF if column == "ref" else str(NOBODYS_ID)
    value = nobody if whose is Whose.NOBODYS else places.value(table, column, whose)
    return _BLANK.sub(value, path) if value else ""


async def _bodies(town: Town, program: Program, places: Places) -> list[str]:
    """A case, an appointment, a person: each with something of the other side in its body."""
    case: dict[str, Any] = {"kind": "bail", "reference": "new", "opened_at": "2026-03-01T10:00:00+00:00"}
    meeting: dict[str, Any] = {"starts_at": "2030-03-05T14:00:00+00:00", "with_whom": "Jo"}
    meeting["person_ref"] = places.value("people", "ref", Whose.OWN)
    tried = [
        ("/api/v1/cases", case, "person_ref", "people", "ref", NOBODYS_REF),
        ("/api/v1/appointments", meeting, "person_ref", "people", "ref", NOBODYS_REF),
        ("/api/v1/appointments", meeting, "case_id", "cases", "id", NOBODYS_ID),
        ("/api/v1/appointments", meeting, "worker_email", "workers", "email", "nobody@example.org"),
    ]
    wrong = []
    for path, body, field, table, column, nobody in tried:
        theirs = places.value(table, column, Whose.OTHERS)
        if theirs is None:
            continue
        named = int(theirs) if column == "id" else theirs
        one, two = [await program.ask("POST", path, {**body, field: each}) for each in (named, nobody)]
        if one != two or one.startswith("2"):
            told = f"{one[:200]!r}, nobody’s: {two[:200]!r}"
            wrong.append(f"API {program.side} POST {path} with {field} of theirs: {told}")
    return wrong


async def _same_human(town: Town, program: Program) -> list[str]:
    """Somebody who is known on the other side alone is made here as anybody is: no number, no reference is “used”."""
    side = program.side
    member = _of_the_other_side_alone(town, side)
    if member is None:
        return []
    body = {"name": member.name, "role": ROLE[side], "mobile": member.mobile, "external_ref": member.reference}
    answer = await program.ask("POST", "/api/v1/people", body)
    town.book.numbers[member.mobile[-6:]].add(side)  # on both sides from now on
    return [] if answer.startswith("201") else [f"API {side} refuses somebody of the other side: {answer[:300]!r}"]


async def imports(town: Town, side: Side) -> list[str]:
    """A file with rows of people who are on the other side is read as one of people who are nowhere."""
    member = _of_the_other_side_alone(town, side)
    if member is None:
        return []
    hub = town.house.world.hub
    files = CaseFiles(hub, fictional=True)
    async with hub.store.transaction() as session:
        worker = await session.get_one(Worker, town.house.desk(side, WorkerRole.SUPERVISOR).worker_id)
    said = {
        (kind, ref): _result(await files.look(worker, kind, content), ref)
        for kind, content_of in ((Kind.PEOPLE, partial(_people, member, side)), (Kind.APPOINTMENTS, _dates))
        for ref in (member.ref, member.reference, NOBODYS_REF)
        for content in [content_of(ref)]
    }
    return [
        f"import of {kind} on {side} with {ref}: {told}, nobody’s: {said[kind, NOBODYS_REF]}"
        for (kind, ref), told in said.items()
        if told != said[kind, NOBODYS_REF]
    ]


def _of_the_other_side_alone(town: Town, side: Side) -> Member | None:
    """Somebody whose number and reference are not on this side too."""
    theirs = [
        member
        for member in town.members(OTHER[side])
        if town.book.numbers[member.mobile[-6:]] == {OTHER[side]} and member.mark in member.reference
    ]
    return town.dice.choice(theirs) if theirs else None


def _people(member: Member, side: Side, reference: str) -> bytes:
    return f"person_ref,name,role,mobile\n{reference},{member.name},{ROLE[side]},{member.mobile}\n".encode()


def _dates(reference: str) -> bytes:
    return f"appointment_id,person_ref,date,time,with_whom\nX1,{reference},05/03/2030,14:00,Jo\n".encode()


def _result(seen: Seen, ref: str) -> tuple[object, ...]:
    """What a worker is told of the file, but for the reference that stands in it."""
    wrong = [{column: words.replace(ref, "?") for column, words in row.wrong.items()} for row in seen.rows]
    return seen.created, seen.changed, seen.unchanged, seen.problems, tuple(seen.about_file), repr(wrong)


async def codes(town: Town, side: Side) -> list[str]:
    """A code that is given from a phone that the other side knows is answered as from one that nobody knows."""
    theirs = [m.mobile for m in town.members(OTHER[side]) if town.book.numbers[m.mobile[-6:]] == {OTHER[side]}]
    own = [member for member in town.members(side) if member.agency == 0]
    if not theirs or not own:
        return []
    member, numbers = town.dice.choice(own), (town.dice.choice(theirs), f"+447700900{town.dice.randrange(900, 999)}")
    heard = list[list[str]]()
    for number in numbers:
        town.book.add_number(number, side)  # whoever writes to us is known here, too
        code = await circles.wish(town.house, member, "Nan") if side is Side.SUPERVISION else ""
        heard.append([await _answer(town, side, number, said) for said in ("JOIN 0000 0001", f"JOIN {code}", "1")])
    return [] if heard[0] == heard[1] else [f"a code on {side} is answered {heard[0]}, nobody’s {heard[1]}"]


async def _answer(town: Town, side: Side, number: str, words: str) -> str:
    """All that comes back to that phone at once."""
    world, line = town.house.world, town.house.lines[0][side, ChannelKind.SMS]
    before = len(world.simulator.taken)
    await world.simulator.text(number, line, words, channel=ChannelKind.SMS)
    await world.settle()
    sent = [taken.outgoing for taken in world.simulator.taken[before:]]
    return " / ".join(each.text for each in sent if (each.to, each.line_address) == (number, line))


async def own_words(town: Town, side: Side) -> list[str]:
    """What a person may have of themselves (own data), and what the corrections of a side hold."""
    hub, wrong = town.house.world.hub, list[str]()
    async with hub.store.transaction() as session:
        for link in (await session.scalars(select(SettingsLink))).unique():
            if link.conversation.side is side:
                told = repr(await own_data.data_of(hub, session, link)) + repr(
                    await own_data.settings_of(hub, session, link)
                )
                wrong += [f"own data on {side} tells {each}" for each in town.book.crossed(told, side)]
        told = repr(await candidates(hub, session, side, frozenset()))
        wrong += [f"corrections of {side} tell {each}" for each in town.book.crossed(told, side)]
    return wrong
