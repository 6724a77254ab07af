"""What workers see, and the people behind their links: own pages hold nothing of the other side, and an address of the
other side answers as one that was never given does. Each check says what is wrong; empty: nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.words import WorkerRole
from inbox.public import is_public
from tests.wall.house import Desk
from tests.wall.households import ROLE
from tests.wall.looking import ENDLESS, ENDS_THE_WALK, pages, shown
from tests.wall.marks import OTHER, marks_in
from tests.wall.places import NOBODYS_ID, NOBODYS_REF, Places, Whose, routes, stand_for_rows
from tests.wall.town import Town
from tests.web.quiet import Quiet
from tests.web.test_walk import fields

READERS = (WorkerRole.WORKER, WorkerRole.SUPERVISOR, WorkerRole.PROVIDER)
PROBES = 40  # addresses of the other side that are tried in one town; each town tries others
LOOKS = 40  # pages of the own side that are looked at by lot, of about 130
ALWAYS = [  # where there are lists and figures, and a filter that is forgotten shows at once
    *("/inbox", "/people", "/appointments", "/proofs", "/check-ins", "/outbox", "/outcomes", "/missed", "/feedback"),
    *("/rules", "/surveys", "/send", "/send/before", "/duty", "/settings/audit", "/settings/channels"),
]
_IDS = ("conversation", "to", "worker", "person", "people", "case", "way", "item", "ref", "seen", "session_id", "team")


def own_addresses(town: Town, places: Places, desk: Desk, people: int = 2) -> list[str]:
    """Pages of a side, by lot: of the lists, and of everything that hangs on some of the worker's own people."""
    theirs = [
        member.person_id
        for member in town.members(desk.side, 0)
        if places.rows.tables["people"][member.person_id,].values["worker_id"] in (None, desk.worker_id)
    ]
    chosen = town.dice.sample(theirs, min(people, len(theirs)))
    found: list[str] = []
    for path in routes("GET"):
        if path.endswith((*ENDLESS, *ENDS_THE_WALK)):
            continue
        several = [places.fill(path, [Whose.OWN] * 3, person) for person in chosen] if "{" in path else [path]
        found += [each for each in several if each]
    found = list(dict.fromkeys(found))
    return list(dict.fromkeys([*ALWAYS, *town.dice.sample(found, min(LOOKS, len(found)))]))


async def look(town: Town, desk: Desk, addresses: Iterable[str]) -> tuple[Mapping[str, str], list[str]]:
    """All of them, and what is wrong with them."""
    seen = await pages(desk, addresses)
    wrong = [f"{desk.side} {desk.role} GET {path} fails" for path, text in seen.items() if text[:1] == "5"]
    for path, text in seen.items():
        wrong += [f"{desk.side} {desk.role} GET {path} shows {found}" for found in town.book.crossed(text, desk.side)]
    return seen, wrong


def is_worth_looking(seen: Mapping[str, str]) -> list[str]:
    """A walk that met no page of anybody would find nothing, ever."""
    good = [path for path, text in seen.items() if text.startswith("200")]
    marked = [path for path in good if marks_in(seen[path])]
    if len(good) < len(seen) // 3 or not marked:
        return [f"the walk saw too little: {len(good)} of {len(seen)} pages, {len(marked)} with somebody's words"]
    return []


async def no_oracle(town: Town, desk: Desk, places: Places) -> list[str]:
    """Something of the other side, and something that never was: nobody can tell which is which."""
    tried = [(method, path) for method in ("GET", "POST") for path in routes(method) if stand_for_rows(path)]
    wrong: list[str] = []
    for method, path in town.dice.sample(tried, min(PROBES, len(tried))):
        for whose in _ways(stand_for_rows(path)):
            theirs, nobodys = _two(places, path, whose)
            if theirs is None or nobodys is None:
                continue
            sent = [_fields(places, desk, each) if method == "POST" else None for each in (theirs, nobodys)]
            one = await desk.http.request(method, theirs, data=sent[0])
            two = await desk.http.request(method, nobodys, data=sent[1])
            said = [_without(shown(answer), each) for answer, each in ((one, theirs), (two, nobodys))]
            if said[0] != said[1]:
                told = f"{one.status_code} for theirs, {two.status_code} for nobody's"
                wrong.append(f"{desk.side} {desk.role} {method} {path} can tell them apart: {told}")
            if one.status_code >= 500:
                wrong.append(f"{desk.side} {desk.role} {method} {path} fails")
    return wrong


def _ways(blanks: int) -> Iterator[list[Whose]]:
    """Theirs in each place; and theirs behind one of the own, as in /people/mine/cases/theirs."""
    yield [Whose.OTHERS] * blanks
    if blanks > 1:
        yield [Whose.OWN] * (blanks - 1) + [Whose.OTHERS]


def _two(places: Places, path: str, whose: list[Whose]) -> tuple[str | None, str | None]:
    """The same address twice, with theirs and with nobody's; what is our own is the same in both."""
    before = places.dice.getstate()
    theirs = places.fill(path, whose)
    places.dice.setstate(before)
    nobodys = places.fill(path, [Whose.NOBODYS if each is Whose.OTHERS else each for each in whose])
    return theirs, nobodys


def _fields(places: Places, desk: Desk, address: str) -> dict[str, str]:
    """What any form of ours could ask for, with numbers of nobody."""
    nobody: dict[str, Any] = dict.fromkeys(Quiet.__dataclass_fields__, str(NOBODYS_ID))
    return fields(Quiet(**nobody), desk.csrf) | {"sure": "yes", "why": "moved"}


def _without(text: str, address: str) -> str:
    """A page may say again what stood in its own address."""
    for part in (address, *(each for each in address.split("/") if len(each) == len(NOBODYS_REF))):
        text = text.replace(part, "?")
    return text


async def forms_with_theirs(town: Town, desk: Desk, places: Places) -> list[str]:
    """A form of one's own with numbers and references of the other side in its fields shows nothing of them."""
    wrong: list[str] = []
    tried = [path for path in routes("POST") if not path.endswith(ENDS_THE_WALK) and not is_public(path)]
    for path in town.dice.sample(tried, min(PROBES, len(tried))):
        address = places.fill(path, [Whose.OWN] * 3)
        if address is None:
            continue
        sent = _fields(places, desk, address) | {name: _one_of_theirs(places, name) for name in _IDS}
        answer = await desk.http.post(address, data=sent)
        text = shown(answer)
        for value in sent.values():
            text = text.replace(value, "?") if len(value) > 5 else text
        wrong += [f"{desk.side} {desk.role} POST {path} shows {found}" for found in town.book.crossed(text, desk.side)]
        if answer.status_code >= 500:
            wrong.append(f"{desk.side} {desk.role} POST {path} fails")
    return wrong


def _one_of_theirs(places: Places, name: str) -> str:
    by_name = {
        "conversation": ("conversations", "id"),
        "worker": ("workers", "id"),
        "to": ("workers", "id"),
        "team": ("teams", "id"),
        "case": ("cases", "id"),
        "way": ("contact_points", "id"),
        "item": ("escalations", "id"),
        "seen": ("escalations", "ref"),
    }
    table, column = by_name.get(name, ("people", "ref"))
    return places.value(table, column, Whose.OTHERS) or ""


async def search(town: Town, desk: Desk, places: Places) -> list[str]:
    """By the other side's names, numbers, references and words: found is what is found by words of nobody."""
    own = town.dice.choice(town.members(desk.side))
    others = [m for m in town.members() if m.side is not desk.side]
    wrong: list[str] = []
    for path in ("/inbox/search", "/people", f"/people/{own.ref}/merge"):
        for words in town.dice.sample(town.dice.choice(others).words, 2):
            answer = await desk.post(path, words=words)
            text = shown(answer).replace(words, "?")
            wrong += [f"{desk.side} {desk.role} {path} finds {each}" for each in town.book.crossed(text, desk.side)]
    return wrong


async def suggestions(town: Town, desk: Desk) -> list[str]:
    """Who is suggested for somebody (the same person twice?) whose very name stands on the other side, too."""
    same = [h for h in town.households if "name" in h.shared and {m.agency for m in h.members.values()} == {0}]
    own = [household.members[desk.side].ref for household in town.dice.sample(same, min(5, len(same)))]
    return (await look(town, desk, [f"/people/{ref}{page}" for ref in own for page in ("", "/merge")]))[1]


async def numbers(town: Town, desk: Desk) -> list[str]:
    """The number of somebody on the other side alone can be given to somebody here, as one of nobody can be."""
    other = OTHER[desk.side]
    theirs = [m for m in town.members(other) if town.book.numbers[m.mobile[-6:]] == {other}]
    own = town.members(desk.side, 0)
    if not theirs or not own:
        return []
    tried = [town.dice.choice(theirs).mobile, f"+447700900{town.dice.randrange(900, 999)}"]
    person = {"name": "Al New", "role": ROLE[desk.side], "language": "en"}
    wrong = []
    for path, typed in (("/people/new", person), (f"/people/{town.dice.choice(own).ref}/number", {})):
        one, two = [shown(await desk.post(path, **typed, number=number)) for number in tried]
        if one.replace(tried[0][-6:], "?") != two.replace(tried[1][-6:], "?"):
            wrong.append(f"{desk.side} {desk.role} POST {path} tells a number of {other} from one of nobody")
    for number in tried:
        town.book.add_number(number, desk.side)  # it is theirs too, from now on
    return wrong


async def found_by(town: Town, desk: Desk) -> list[str]:
    """Whether a search finds anything at all: one's own person by their own mark."""
    own = [m for m in town.members(desk.side) if m.agency == 0]
    for member in own:
        text = shown(await desk.post("/people", words=member.name))
        if member.ref in text:
            return []
    return [f"{desk.side} {desk.role} finds nobody of the own side"] if own else []
