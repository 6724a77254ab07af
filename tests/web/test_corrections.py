"""A worker puts right what the bot understood: in words, with one click, and nothing else happens."""

import html
import re

import pytest
from sqlalchemy import func, select

from hub.flows import Flows
from hub.meanings import MEANINGS
from hub.ports import Command, Decision
from hub.states import CorrectionState
from hub.store.engine import Store
from hub.store.tables import AuditEvent, Correction, Message
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.world import ScriptedAssistant, World, make_world

pytestmark = pytest.mark.slow

MISREAD = "cant do thurs any chance of fri"
UNSURE = "is it still on"
GRAVE = "cant come i want to die"


READ = {
    MISREAD: Decision((Command("cannot_attend"),), "assistant", "cannot_attend", 0.7, (("ask_to_move", 0.2),)),
    UNSURE: Decision((Command("ask_when"),), "assistant", "ask_when", 0.31),
    "cant come i": Decision((Command("cannot_attend"),), "assistant", "cannot_attend", 0.9),
}


@pytest.fixture
async def world(store: Store, flows: Flows) -> World:
    return await make_world(store, flows=flows, assistant=ScriptedAssistant(READ))


@pytest.fixture
async def sam(world: World) -> str:
    """Sam has written three texts: one misread, one hardly understood, and "stop"."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
    for words in (MISREAD, UNSURE, "stop"):
        await world.text(words)
    return person.ref


async def number_of(world: World, nth: int = 0) -> int:
    """The id of a person's text, in the order in which they came."""
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Message.id).where(Message.direction == "in").order_by(Message.id)))[
            nth
        ]


async def corrections(world: World) -> list[Correction]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Correction)))


async def said(visitor: Visitor, ref: str) -> str:
    return html.unescape((await visitor.get(f"/people/{ref}/messages")).text)


async def test_each_text_says_what_was_understood_and_how_sure_in_words(world: World, enter: Enter, sam: str) -> None:
    page = await said(await enter(), sam)
    assert "Understood as: cannot come (fairly sure)" in page
    assert "Understood as: asks when it is (a guess)" in page
    assert "Understood as: wants us to stop texts (a keyword)" in page
    assert "%" not in re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)


async def test_one_click_opens_every_meaning_by_topic_and_no_word_of_the_code(
    world: World, enter: Enter, sam: str
) -> None:
    page = await said(await enter(), sam)
    form = re.search(r"<details[^>]*handrail-understood.*?</details>", page, re.DOTALL)
    assert form
    likeliest, *others = re.findall(r'<button name="meaning" value="(\w+)">', form[0])
    assert likeliest == "ask_to_move"
    assert others == list(MEANINGS)
    assert "<legend>Most likely otherwise</legend>" in form[0]
    assert "<legend>Appointments</legend>" in form[0]
    seen = re.sub(r"<[^>]+>", " ", form[0])
    assert not [command for command in MEANINGS if "_" in command and command in seen]


async def test_a_keyword_cannot_be_corrected(world: World, enter: Enter, sam: str) -> None:
    priya, stop = await enter(), await number_of(world, 2)
    assert f"/messages/{stop}/meaning" not in await said(priya, sam)
    refused = await priya.post(f"/people/{sam}/messages/{stop}/meaning", meaning="cannot_attend")
    assert refused.status_code == 403
    assert await corrections(world) == []


async def test_a_correction_is_kept_and_shown_and_nothing_is_run_again(world: World, enter: Enter, sam: str) -> None:
    priya, number = await enter(), await number_of(world)
    heard = list(world.heard())
    answer = await priya.post(f"/people/{sam}/messages/{number}/meaning", meaning="ask_to_move")
    assert answer.headers["location"] == f"/people/{sam}/messages#message-{number}"
    page = await said(priya, sam)
    words = "Understood as: cannot come (fairly sure). Corrected by Priya Shah: wants another day or time"
    assert words in page
    (kept,) = await corrections(world)
    assert (kept.message_id, kept.understood, kept.meant) == (number, ["cannot_attend"], "ask_to_move")
    assert (kept.by_id, kept.at, kept.state) == (
        world.workers[Side.SUPERVISION],
        world.clock.now(),
        CorrectionState.NEW,
    )
    await world.settle()
    assert world.heard() == heard


async def test_a_correction_is_recorded_without_a_word_of_the_text(world: World, enter: Enter, sam: str) -> None:
    number = await number_of(world)
    await (await enter()).post(f"/people/{sam}/messages/{number}/meaning", meaning="ask_to_move")
    async with world.hub.store.transaction() as session:
        wanted = select(AuditEvent).where(AuditEvent.what == "understanding_corrected")
        event = (await session.scalars(wanted)).one()
    assert event.actor == f"worker:{world.workers[Side.SUPERVISION]}"
    assert event.subject == f"message:{number}"
    assert event.details == {"understood": ["cannot_attend"], "meant": "ask_to_move"}


async def test_the_last_word_counts_even_after_an_export(world: World, enter: Enter, sam: str) -> None:
    priya, number = await enter(), await number_of(world)
    await priya.post(f"/people/{sam}/messages/{number}/meaning", meaning="ask_when")
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Correction))).one().state = CorrectionState.EXPORTED
    await priya.post(f"/people/{sam}/messages/{number}/meaning", meaning="ask_to_move")
    assert [(kept.meant, kept.state) for kept in await corrections(world)] == [("ask_to_move", CorrectionState.NEW)]


async def test_choosing_what_was_understood_takes_a_wrong_click_back(world: World, enter: Enter, sam: str) -> None:
    priya, number = await enter(), await number_of(world)
    await priya.post(f"/people/{sam}/messages/{number}/meaning", meaning="insult")
    await priya.post(f"/people/{sam}/messages/{number}/meaning", meaning="cannot_attend")
    assert await corrections(world) == []
    assert "Corrected by" not in await said(priya, sam)
    async with world.hub.store.transaction() as session:
        wanted = select(func.count()).where(AuditEvent.what == "understanding_corrected")
        assert await session.scalar(wanted) == 2


async def test_with_javascript_only_the_stream_comes_anew(world: World, enter: Enter, sam: str) -> None:
    """A reply that is being typed stays, and the cursor goes back to the text that was put right."""
    priya, number = await enter(), await number_of(world)
    fields = {"csrf": priya.csrf, "meaning": "ask_to_move"}
    where = f"/people/{sam}/messages/{number}/meaning"
    answer = await priya.http.post(where, data=fields, headers={"HX-Request": "true"}, follow_redirects=True)
    assert "<html" not in answer.text
    focused = re.search(r'id="understood-(\d+)[^>]*>\s*<summary[^>]* autofocus', answer.text)
    assert focused
    assert int(focused[1]) == number


async def test_a_meaning_that_does_not_exist_is_not_kept(world: World, enter: Enter, sam: str) -> None:
    number = await number_of(world)
    answer = await (await enter()).post(f"/people/{sam}/messages/{number}/meaning", meaning="not_understood")
    assert answer.status_code == 404
    assert await corrections(world) == []


async def test_a_worker_corrects_only_what_they_may_read(world: World, enter: Enter, sam: str) -> None:
    """Nor does a reference that they may see help them to another person's text."""
    async with world.hub.store.transaction() as session:
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    number, ann = await number_of(world), await enter(Side.VICTIMS)
    for ref in (sam, vera.ref):
        answer = await ann.post(f"/people/{ref}/messages/{number}/meaning", meaning="ask_to_move")
        assert answer.status_code == 404
    analyst = await enter(role=WorkerRole.ANALYST, name="Ana Field")
    assert (await analyst.post(f"/people/{sam}/messages/{number}/meaning", meaning="greet")).status_code == 403
    assert await corrections(world) == []


async def test_a_form_of_another_site_corrects_nothing(world: World, enter: Enter, sam: str) -> None:
    priya, number = await enter(), await number_of(world)
    answer = await priya.http.post(f"/people/{sam}/messages/{number}/meaning", data={"meaning": "ask_to_move"})
    assert answer.status_code == 403
    assert await corrections(world) == []


async def test_danger_and_what_else_a_text_said_are_shown_together(world: World, enter: Enter) -> None:
    """The words of danger were certain; the rest was read by the assistant and can be corrected."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
    await world.text(GRAVE)
    page = await said(await enter(), person.ref)
    assert "Understood as: may harm themselves, and cannot come" in page
