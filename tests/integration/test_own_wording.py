"""An agency's own wording is what is sent: in this process and in every other, on its own side only."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hub import rewording
from hub.core import Hub
from hub.errors import BadWording, MoveNotAllowed, NotAllowed, NotFound
from hub.outbox import queue
from hub.own_wording import OwnWording
from hub.reading.preview import preview
from hub.reading.ready_texts import offers
from hub.send import send_due
from hub.states import TextState
from hub.store.tables import AuditEvent, Message, TextVersion, Worker
from hub.words import ChannelKind, Priority, Purpose, Role, Side, WorkerRole
from tests.world import LINES, World

pytestmark = pytest.mark.slow

KEY = "human.praise"
READY = "ready_texts.well_done"
OWN = "Thanks a lot. We pass it on today."


async def set_role(world: World, role: WorkerRole, side: Side = Side.SUPERVISION) -> None:
    async with world.hub.store.transaction() as session:
        (await session.get_one(Worker, world.workers[side])).role = role


async def propose(
    world: World, text: str = OWN, discreet: str = "", side: Side = Side.SUPERVISION, key: str = KEY
) -> int:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[side])
        made = await rewording.propose(world.hub, session, worker, key, "en", text=text, discreet=discreet)
        return made.id


async def decide(world: World, version: int, *, accept: bool = True, side: Side = Side.SUPERVISION) -> None:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[side])
        await rewording.decide(world.hub, session, worker, version, accept=accept, why="Well said")


async def say(world: World, hub: Hub, address: str, line: str) -> str:
    """What a phone gets when this hub's worker sends the text."""
    await send_due(hub, "before")  # whatever else waits
    before = len(world.heard(address))
    async with world.hub.store.transaction() as session:
        role = Role.VICTIM if line == LINES[Side.VICTIMS, ChannelKind.SMS] else Role.SUPERVISED
        _, conversation = await world.person(session, role=role, name=f"Kim {address[-3:]}", address=address)
        facts = {"phone": "0300 000 0000", "worker": "Priya", "agency": "us", "first_name": "Kim"}
        await queue(
            world.hub,
            session,
            conversation,
            purpose=Purpose.UPDATE,
            priority=Priority.REPLY,
            text_key=KEY,
            facts=facts,
        )
    await send_due(hub, "test")
    return world.heard(address)[before]


SUPERVISION, VICTIMS = LINES[Side.SUPERVISION, ChannelKind.SMS], LINES[Side.VICTIMS, ChannelKind.SMS]


async def test_ready_texts_and_previews_are_the_agencys_own(world: World) -> None:
    await set_role(world, WorkerRole.SUPERVISOR)
    await decide(world, await propose(world))
    await decide(world, await propose(world, "You did well, {first_name}. {worker}", "You did well.", key=READY))
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session)
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await world.hub.wording.refresh(session)
        assert "You did well, Sam. Priya" in [offer.words for offer in offers(world.hub, worker, conversation, None)]
        previewed = await preview(world.hub, session, person, KEY)
    assert previewed
    assert previewed.text == OWN


async def test_an_accepted_wording_is_sent_at_once_by_every_process_and_on_its_own_side_alone(world: World) -> None:
    other = replace(world.hub, wording=OwnWording())  # the same database, a memory of its own
    ours = world.hub.flows.texts.template(KEY, "en").text
    assert await say(world, other, "+447700900131", SUPERVISION) == ours
    await set_role(world, WorkerRole.SUPERVISOR)
    version = await propose(world)
    assert await say(world, other, "+447700900132", SUPERVISION) == ours, "nobody has accepted it yet"
    await decide(world, version)
    assert await say(world, other, "+447700900133", SUPERVISION) == OWN
    assert await say(world, world.hub, "+447700900134", SUPERVISION) == OWN
    assert await say(world, other, "+447700900135", VICTIMS) == ours
    async with world.hub.store.transaction() as session:
        supervisor = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await rewording.back_to_ours(world.hub, session, supervisor, KEY, "en")
    assert await say(world, other, "+447700900136", SUPERVISION) == ours


async def test_the_record_holds_the_words_that_were_sent(world: World) -> None:
    await set_role(world, WorkerRole.SUPERVISOR)
    await decide(world, await propose(world))
    assert await say(world, world.hub, "+447700900131", SUPERVISION) == OWN
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message))).one()
        assert message.segments == 1
        assert set(await session.scalars(select(AuditEvent.what))) >= {"text_proposed", "text_accepted"}


@pytest.mark.parametrize(
    ("text", "discreet", "said"),
    [
        ("Thank you {first_name}, that is kind.", "", "same facts"),
        ("Thank you, dear client, that is kind.", "", "says “client*”"),
        ("Thank you for the nice words.", "Thanks from the police.", "discreet wording"),
        ("word " * 80, "", "texts, and 2 are the most"),
        ("Thank you “always” – ŵ", "", "dearer"),
        ("Thank you {", "", "stands alone"),
        ("We immediately communicated your considerate acknowledgement to management colleagues.", "", "reading age"),
        ("Thank you. Reply QUIT to stop.", "", "never text me again"),
        ("", "", "is empty"),
    ],
)
async def test_a_wording_keeps_the_same_rules_as_our_own(world: World, text: str, discreet: str, said: str) -> None:
    with pytest.raises(BadWording, match=said.replace("*", r"\*")):
        await propose(world, text, discreet)


async def test_only_a_supervisor_or_an_administrator_decides_and_only_once(world: World) -> None:
    version = await propose(world)
    with pytest.raises(NotAllowed):
        await decide(world, version)
    await set_role(world, WorkerRole.ANALYST)
    with pytest.raises(NotAllowed):
        await propose(world)
    await set_role(world, WorkerRole.SUPERVISOR, Side.VICTIMS)
    with pytest.raises(NotFound):
        await decide(world, version, side=Side.VICTIMS)
    await set_role(world, WorkerRole.ADMINISTRATOR)
    await decide(world, version, accept=False)
    with pytest.raises(MoveNotAllowed):
        await decide(world, version)


async def test_an_earlier_wording_comes_back(world: World) -> None:
    await set_role(world, WorkerRole.SUPERVISOR)
    first = await propose(world)
    await decide(world, first)
    await decide(world, await propose(world, "Thank you so much."))
    async with world.hub.store.transaction() as session:
        supervisor = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await rewording.restore(world.hub, session, supervisor, first)
    async with world.hub.store.transaction() as session:
        live = select(TextVersion.text).where(TextVersion.state == TextState.LIVE)
        assert list(await session.scalars(live)) == [OWN]
        assert await session.scalar(select(TextVersion.state).where(TextVersion.id == first)) is TextState.RETIRED


async def test_a_wording_that_flows_can_no_longer_fill_in_is_left_out(world: World) -> None:
    async with world.hub.store.transaction() as session:
        session.add(
            TextVersion(
                agency_id=world.agency_id,
                side=Side.SUPERVISION,
                key=KEY,
                language="en",
                text="Hi {nickname}",
                discreet="Hi",
                state=TextState.LIVE,
                by_id=world.workers[Side.SUPERVISION],
                at=world.clock.now(),
            )
        )
    ours = world.hub.flows.texts.template(KEY, "en").text
    assert await say(world, world.hub, "+447700900131", SUPERVISION) == ours


async def test_an_old_careful_wording_that_says_too_much_gives_way_to_ours(world: World) -> None:
    """It was written when more could stand on a lock screen; the rest of the wording stays the agency's."""
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.VICTIMS])
        session.add(
            TextVersion(
                agency_id=world.agency_id,
                side=Side.VICTIMS,
                key="human.praise",
                language="en",
                text="Thanks a lot.",
                discreet="Thanks from the police.",
                state=TextState.LIVE,
                why="",
                by_id=worker.id,
                at=world.clock.now(),
            )
        )
    async with world.hub.store.transaction() as session:
        await world.hub.wording.refresh(session)
        person, _ = await world.person(session, role=Role.VICTIM)
        found = world.hub.texts_for(person).template("human.praise", "en")
    ours = world.hub.flows.texts.template("human.praise", "en")
    assert (found.text, found.discreet) == ("Thanks a lot.", ours.discreet)
