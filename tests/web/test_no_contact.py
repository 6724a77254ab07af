"""The no-contact list of a person: entering, ending, whom it puts out; and who may not see it."""

import pytest
from sqlalchemy import select

from hub.no_contact import is_barred
from hub.outbox import queue
from hub.people import conversation_for
from hub.states import MessageState
from hub.store.tables import AuditEvent, Message, NoContact, NoContactAddress, Person, ThreadMember
from hub.threads.going_out import remember
from hub.threads.standing import members_of, thread_of
from hub.words import Priority, Purpose, Role, Sees, Side, WorkerRole
from tests.web.circle import JO, Circle, circle, member
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow

ENTRY = {"name": "Dan Moss", "numbers": "07700 900399", "why": "order"}


@pytest.fixture
async def around(world: World) -> Circle:
    return await circle(world)


async def test_somebody_is_added_with_numbers_as_people_write_them(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/no-contact"
    assert "Nobody is on the list now" in (await priya.get(page)).text
    added = await priya.post(page, **ENTRY | {"numbers": "+44 (0)7700 900399\n07700900398"})
    assert added.headers["location"] == f"{page}?done=added"
    shown = (await priya.get(page)).text
    assert "Dan Moss" in shown
    assert "07700 900399, 07700 900398" in shown
    assert "A court order or bail condition" in shown
    async with world.hub.store.transaction() as session:
        sealed = (await session.scalars(select(NoContactAddress.address_sealed))).all()
        assert all(b"900399" not in each for each in sealed)
        said = (await session.scalars(select(AuditEvent.what))).all()
    assert {"no_contact_added", "no_contact_viewed"} <= set(said)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "", "numbers": ""}, "Enter a name, a number, or both."),
        ({"numbers": "07700 900399\n020 7946 0958"}, "020 7946 0958: "),
        ({"numbers": "call the flat"}, "call the flat: "),
        ({"why": "gossip"}, "Select why."),
        ({"until": "2020-01-01"}, "Enter a day from tomorrow on"),
        ({"until": "soon"}, "Enter a day from tomorrow on"),
        ({"numbers": "\n".join(f"07700 9003{n:02}" for n in range(11))}, "Enter at most 10 numbers"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_kept(
    world: World, enter: Enter, around: Circle, change: dict[str, str], sentence: str
) -> None:
    priya, page = await enter(), f"/people/{around.sam}/no-contact"
    wrong = await priya.post(page, **ENTRY | change)
    assert wrong.status_code == 422
    assert sentence in wrong.text
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(NoContact.id))) == []


async def test_whoever_stands_by_them_is_put_out_at_once_and_what_waits_does_not_leave(
    world: World, enter: Enter, around: Circle
) -> None:
    priya, page = await enter(), f"/people/{around.sam}/no-contact"
    async with world.hub.store.transaction() as session:
        jo = (await session.scalars(select(Person).where(Person.ref == around.jo))).one()
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        talk, thread = await conversation_for(session, jo), await thread_of(session, sam.id)
        assert talk
        assert thread
        waiting = await queue(
            world.hub, session, talk, purpose=Purpose.UPDATE, priority=Priority.REMINDER, body="Tuesday at 2"
        )
        await session.flush()
        remember(session, waiting, thread.id, jo.id, Sees.DATES)
        number = waiting.id
    added = await priya.post(page, name="", numbers="07700 900301", why="safety")
    assert added.headers["location"] == f"{page}?done=put_out"
    shown = (await priya.get(added.headers["location"])).text
    assert "their part has ended now" in shown
    assert "<strong>Jo</strong>, on 2 March 2026" in shown
    await world.settle()
    assert world.heard(JO) == []
    async with world.hub.store.transaction() as session:
        sent = await session.get_one(Message, number)
        assert (sent.state, sent.reason) == (MessageState.BLOCKED, "no_contact")
    assert (await member(world, around.sam, around.jo)).ended_for == "no_contact"
    assert (await member(world, around.sam, around.kit)).left_at is None


async def test_whom_they_stand_by_themselves_is_let_go_too(world: World, enter: Enter, around: Circle) -> None:
    """Sam may not be in contact with Alex, and stood by him."""
    async with world.hub.store.transaction() as session:
        sam = (await session.scalars(select(Person).where(Person.ref == around.sam))).one()
        alex = (await session.scalars(select(Person).where(Person.ref == around.alex))).one()
        of_alex = await thread_of(session, alex.id)
        assert of_alex
        now = world.clock.now()
        session.add(
            ThreadMember(thread_id=of_alex.id, person_id=sam.id, side=sam.side, invited_at=now, accepted_at=now)
        )
    priya = await enter()
    await priya.post(f"/people/{around.sam}/no-contact", name="", numbers="07700 900102", why="co_accused")
    async with world.hub.store.transaction() as session:
        left = await members_of(session, alex.id, world.clock.now())
        assert sam.id not in {each.person_id for each in left}
        assert await is_barred(session, sam.id, alex.id, world.clock.now())


async def test_a_name_alone_puts_nobody_out_and_asks_for_a_look(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/no-contact"
    named = await priya.post(page, name="Jo Reed", numbers="", why="condition")
    assert named.headers["location"] == f"{page}?done=named"
    shown = (await priya.get(page)).text
    assert "Jo Reed stands by them and has the same name" in shown
    assert f"/people/{around.sam}/supporters/{around.jo}/end" in shown
    assert (await member(world, around.sam, around.jo)).left_at is None


async def test_an_entry_is_ended_and_stays_for_the_record(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/no-contact"
    await priya.post(page, **ENTRY)
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(NoContact.id))).one()
    assert (await priya.post(f"{page}/{number}/end")).status_code == 303
    shown = (await priya.get(page)).text
    assert "Nobody is on the list now" in shown
    assert "ended 2 March 2026, Priya Shah" in shown
    assert (await priya.post(f"{page}/{number}/end")).status_code == 404
    history = (await priya.get(f"/people/{around.sam}/history")).text
    assert "No-contact list: somebody added" in history


async def test_until_a_day_and_from_a_case_of_theirs(world: World, enter: Enter, around: Circle) -> None:
    priya, page = await enter(), f"/people/{around.sam}/no-contact"
    await priya.post(page, **ENTRY, until="2026-03-10", case="999")
    async with world.hub.store.transaction() as session:
        entry = (await session.scalars(select(NoContact))).one()
        assert entry.case_id is None, "no case of Sam's"
        assert entry.ends_at
        assert entry.ends_at.isoformat() == "2026-03-10T00:00:00+00:00"
    assert "holds until 10 March 2026" in (await priya.get(page)).text
    await world.push(days=9)
    again = await enter()
    assert "Nobody is on the list now" in (await again.get(page)).text


async def test_who_may_not_see_the_list(world: World, enter: Enter, around: Circle) -> None:
    page = f"/people/{around.sam}/no-contact"
    ann = await enter(Side.VICTIMS)
    assert (await ann.get(page)).status_code == 404
    assert (await ann.post(page, **ENTRY)).status_code == 404
    for role in (WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR):
        other = await enter(role=role, name=f"Some {role}")
        assert (await other.get(page)).status_code == 403
        assert (await other.post(page, **ENTRY)).status_code == 403
    colleague = await enter(name="Tom Field")
    assert (await colleague.get(page)).status_code == 404
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Bea Boss")
    assert (await boss.get(page)).status_code == 200


async def test_a_victim_has_no_such_list(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    ann = await enter(Side.VICTIMS)
    assert (await ann.get(f"/people/{vera.ref}/no-contact")).status_code == 404
    assert (await ann.get(f"/people/{vera.ref}/supporters")).status_code == 404
    assert "Supporters</a>" not in (await ann.get(f"/people/{vera.ref}")).text
