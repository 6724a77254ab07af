"""Who stands by a person: the tab, what each may see, taking out, the history, the map; and who may not look."""

import pytest
from sqlalchemy import select

from hub import no_contact
from hub.reading import stands_by
from hub.reading.own_support import own_support
from hub.store.tables import AuditEvent, Person, Worker
from hub.threads import members
from hub.threads.consents import WHAT
from hub.threads.standing import thread_for
from hub.words import Relation, Role, Sees, Side, WorkerRole
from hub.yaml_file import read_yaml
from inbox.circles import circles
from inbox.wording import FOLDER, wording
from tests.web.circle import Circle, circle, member
from tests.web.conftest import Enter, Visitor
from tests.web.test_own_settings import code_by_text, path_in
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
async def around(world: World) -> Circle:
    return await circle(world)


async def test_the_tab_says_who_stands_by_them_and_what_each_sees(world: World, enter: Enter, around: Circle) -> None:
    priya = await enter()
    shown = (await priya.get(f"/people/{around.sam}/supporters")).text
    for words in ("Jo Reed", "Kit Boyle", "Mo Ade", "Family", "Mentor", "Telegram", "2 March 2026"):
        assert words in shown
    assert "Only that there is something and when" in shown
    assert "When something is on, how it went, and the talk" in shown
    async with world.hub.store.transaction() as session:
        assert "supporters_viewed" in list(await session.scalars(select(AuditEvent.what)))


async def test_a_supporter_who_is_no_business_of_the_worker_is_a_first_name(
    world: World, enter: Enter, around: Circle
) -> None:
    async with world.hub.store.transaction() as session:
        jo = (await session.scalars(select(Person).where(Person.ref == around.jo))).one()
        priya_id = world.workers[Side.SUPERVISION]
        team = (await session.get_one(Worker, priya_id)).team_id
        other = Worker(team_id=team, role=WorkerRole.WORKER, name="Tom Field", first_name="Tom", email="t@example.org")
        session.add(other)
        await session.flush()
        jo.worker_id = other.id
    priya = await enter()
    for page in (f"/people/{around.sam}/supporters", "/supporters/map", f"/people/{around.sam}/supporters/history"):
        shown = (await priya.get(page)).text
        assert "Jo" in shown
        assert "Jo Reed" not in shown
        assert f'href="/people/{around.jo}"' not in shown


async def test_changing_what_they_see_needs_the_persons_yes(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters/{around.jo}/change"
    assert 'value="chat" aria-describedby="sees-3-means" checked' in (await priya.get(page)).text
    wrong = await priya.post(page, sees="everything", until="yesterday", how="")
    assert wrong.status_code == 422
    for field in ("sees", "until", "how"):
        assert f'href="#{field}"' in wrong.text
    assert (await member(world, around.sam, around.jo)).sees is Sees.CHAT
    right = await priya.post(page, sees="dates", until="2026-06-01", how="letter")
    assert right.status_code == 303
    jo = await member(world, around.sam, around.jo)
    assert jo.sees is Sees.DATES
    assert jo.ends_at
    shown = (await priya.get(f"/people/{around.sam}/supporters/history")).text
    assert "Changed what the supporter may see" in shown
    assert "In writing" in shown
    assert "Priya Shah" in shown


async def test_taking_somebody_out_asks_once_and_says_what_follows(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    asked = (await priya.get(f"{page}/{around.jo}/end")).text
    assert "gets nothing about this person" in asked
    assert (await member(world, around.sam, around.jo)).left_at is None
    done = await priya.post(f"{page}/{around.jo}/end")
    assert done.headers["location"] == f"{page}?done=ended"
    assert (await member(world, around.sam, around.jo)).ended_for == "removed"
    shown = (await priya.get(page)).text
    assert "A worker ended it" in shown
    for method in (priya.get, priya.post):
        assert (await method(f"{page}/{around.jo}/end")).status_code == 404, "they are out already"


async def test_nobody_of_another_circle_is_changed_by_its_address(world: World, enter: Enter, around: Circle) -> None:
    priya = await enter()
    page = f"/people/{around.alex}/supporters/{around.jo}"
    assert (await priya.get(f"{page}/change")).status_code == 404
    assert (await priya.post(f"{page}/end")).status_code == 404
    assert (await member(world, around.sam, around.jo)).left_at is None


async def test_the_history_is_a_page_and_a_file(enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/supporters/history"
    assert (await priya.get(page)).text.count("The supporter gave the code") == 3
    file = await priya.get(f"{page}.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.headers["content-disposition"] == f'attachment; filename="supporters-{around.sam}.csv"'
    lines = file.text.splitlines()
    assert lines[0].removeprefix("\ufeff") == "When,What,Who,By,What they may see,Until,How"
    assert len(lines) == 4
    assert ",Jo,Jo," in file.text


async def test_a_supporters_own_page_says_whom_they_stand_by(world: World, enter: Enter, around: Circle) -> None:
    priya = await enter()
    shown = (await priya.get(f"/people/{around.mo}/supporters")).text
    assert "Sam Carter" in shown
    assert "Alex Poole" in shown
    assert "Propose a supporter" not in shown
    head = (await priya.get(f"/people/{around.mo}")).text
    assert "2: Sam, Alex" in head
    assert ">Cases<" not in head
    assert ">Check-ins and proof<" not in head


async def test_whom_the_worker_does_not_look_after_is_a_number(world: World, enter: Enter, around: Circle) -> None:
    tom = await enter(name="Tom Field")
    async with world.hub.store.transaction() as session:
        mo = (await session.scalars(select(Person).where(Person.ref == around.mo))).one()
        mo.worker_id = (await session.scalars(select(Worker.id).where(Worker.name == "Tom Field"))).one()
    shown = (await tom.get(f"/people/{around.mo}/supporters")).text
    assert "2 whom you do not look after" in shown
    assert "Sam" not in shown
    assert "Alex" not in shown


async def test_the_line_stands_on_the_person_and_the_conversation(enter: Enter, around: Circle) -> None:
    priya = await enter()
    for page in (f"/people/{around.sam}", f"/people/{around.sam}/messages"):
        shown = (await priya.get(page)).text
        assert "3: Jo, Kit, Mo" in shown
        assert f'href="/people/{around.sam}/supporters"' in shown


async def test_the_map_is_a_table_and_a_picture_that_say_the_same(world: World, enter: Enter, around: Circle) -> None:
    priya = await enter()
    shown = (await priya.get("/supporters/map")).text
    assert "2 of your people have somebody by their side: 3 supporters in all" in shown
    assert shown.count("Stands by 2 people") == 2, "Mo, of both"
    assert "<svg" in shown
    assert shown.count("handrail-map__line--shared") == 2
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        found = await stands_by.ties(world.hub, session, worker)
    picture = str(circles(found))
    for tie in found:
        assert tie.first in picture
        assert tie.person_name in picture


async def test_a_colleague_s_map_has_nobody_of_mine(enter: Enter, around: Circle) -> None:
    tom = await enter(name="Tom Field")
    shown = (await tom.get("/supporters/map")).text
    assert "Nobody stands by any of your people" in shown
    assert "<svg" not in shown
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Bea Boss")
    assert "Carter, Sam" in (await boss.get("/supporters/map")).text


async def test_who_may_not_look(enter: Enter, around: Circle) -> None:
    pages = [
        f"/people/{around.sam}/supporters",
        f"/people/{around.sam}/supporters/history",
        f"/people/{around.sam}/supporters/history.csv",
        f"/people/{around.sam}/supporters/{around.jo}/change",
        f"/people/{around.sam}/supporters/{around.jo}/end",
        "/supporters/map",
        "/threads",
    ]
    ann = await enter(Side.VICTIMS)
    assert {(await ann.get(page)).status_code for page in pages} == {404}
    for role in (WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR):
        other = await enter(role=role, name=f"Some {role}")
        assert {(await other.get(page)).status_code for page in pages} == {403}
    tom = await enter(name="Tom Field")
    assert {(await tom.get(page)).status_code for page in pages[:-2]} == {404}


async def test_when_they_turn_18_is_a_month_and_no_birthday(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/age"
    for month, year in (("13", "2027"), ("4", ""), ("4", "1990"), ("2", "2026")):
        wrong = await priya.post(page, month=month, year=year)
        assert wrong.status_code == 422
        assert "for example 4 and 2027" in wrong.text
    assert (await priya.post(page, month="12", year="2027")).status_code == 303
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        assert sam.adult_from
        assert sam.adult_from.isoformat() == "2028-01-01"
    assert "Turns 18 in December 2027" in (await priya.get(f"/people/{around.sam}")).text
    asked = (await priya.get(page)).text
    assert 'value="12"' in asked
    assert 'value="2027"' in asked
    await priya.post(page, month="", year="")
    assert "18 or over, or not known" in (await priya.get(f"/people/{around.sam}")).text


async def test_a_name_that_runs_is_harmless_in_the_file(world: World, enter: Enter, around: Circle) -> None:
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        wild, _ = await world.person(session, name="=1+1 Wild", role=Role.SUPPORTER, address="+447700900309")
        thread = await thread_for(session, sam, world.clock.now())
        await members.join(world.hub, session, thread, wild, sees=Sees.DATES, relation=Relation.FRIEND)
    priya = await enter()
    assert ",'=1+1," in (await priya.get(f"/people/{around.sam}/supporters/history.csv")).text


async def test_who_is_held_is_shown_and_can_stay_or_go(world: World, enter: Enter, around: Circle) -> None:
    await world.text("REMOVE")
    priya, page = await enter(), f"/people/{around.sam}/supporters"
    shown = (await priya.get(page)).text
    assert shown.count("Held: the person is ending somebody’s part") == 3
    await priya.post(f"{page}/{around.kit}/stays")
    await priya.post(f"{page}/{around.jo}/end")
    assert (await member(world, around.sam, around.kit)).left_at is None
    assert (await member(world, around.sam, around.jo)).ended_for == "removed"
    assert (await priya.get(page)).text.count("Held: the person is ending") == 1


async def test_their_own_data_says_who_stands_by_them_and_each_yes(world: World, around: Circle) -> None:
    for language in ("en", "cy"):
        words = wording(language)
        assert {f"support_{what}" for what in WHAT} <= set(read_yaml(FOLDER / f"{language}.yml"))
        assert all(words[f"data_sees_{sees}"] for sees in Sees)
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        mo = (await session.scalars(select(Person).where(Person.ref == around.mo))).one()
        own, of_mo = await own_support(world.hub, session, sam), await own_support(world.hub, session, mo)
    assert own.around == [("Jo", Sees.CHAT), ("Kit", Sees.DATES), ("Mo", Sees.CHAT)]
    assert [(what, name) for _, what, name in own.history] == [("accepted", name) for name in ("Mo", "Kit", "Jo")]
    assert of_mo.for_whom == ["Sam", "Alex"]
    assert of_mo.around == []
    assert {name for _, _, name in of_mo.history} == {"Sam", "Alex"}


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("Who stands by you", "Kit sees that there is something and when", "The code was given (Jo)")),
        ("cy", ("Pwy sy&#39;n sefyll gyda chi", "Mae Kit yn gweld bod rhywbeth a phryd", "Rhoddwyd y cod (Jo)")),
    ],
)
async def test_the_page_of_what_we_hold_shows_it_in_their_language(
    world: World, visitor: Visitor, around: Circle, language: str, sentences: tuple[str, ...]
) -> None:
    await world.text("settings")
    link = path_in(world.heard()[-1])
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        sam.language = language
        priya = world.workers[Side.SUPERVISION]
        await no_contact.add(world.hub, session, priya, sam, name="Zelda Quill", numbers=[], why="safety")
    shown = (await visitor.post(f"{link}/data", code=await code_by_text(world, visitor, link))).text
    for sentence in sentences:
        assert sentence in shown
    assert "Reed" not in shown
    assert "Zelda" not in shown, "an entry can be there for somebody else's safety"


async def test_a_colleague_who_is_their_mentor_has_none_of_these_pages(
    world: World, enter: Enter, around: Circle
) -> None:
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Bea Boss")
    assert (await boss.get(f"/people/{around.sam}/supporters")).status_code == 200
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        bea = (await session.scalars(select(Worker.id).where(Worker.name == "Bea Boss"))).one()
        mentor, _ = await world.person(session, name="Bea Boss", role=Role.SUPPORTER, address="+447700900308")
        thread = await thread_for(session, sam, world.clock.now())
        sees, relation = Sees.CHAT, Relation.MENTOR
        await members.join(world.hub, session, thread, mentor, sees=sees, relation=relation, staff_id=bea)
    for page in ("supporters", "supporters/history", "supporters/new", "thread", "thread/stream", "no-contact", "age"):
        assert (await boss.get(f"/people/{around.sam}/{page}")).status_code == 403, page
    assert (await boss.post(f"/people/{around.sam}/thread", body="Hello", to="all")).status_code == 403
    for page in ("/supporters/map", "/threads"):
        shown = (await boss.get(page)).text
        assert "Poole, Alex" in shown
        assert "Carter, Sam" not in shown
    priya = await enter()
    assert "Also works here, as Bea Boss" in (await priya.get(f"/people/{around.sam}/supporters")).text
