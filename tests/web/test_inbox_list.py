"""The list's own work: filters, views that are kept, verbs for one and for many, the way to the next."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import escalations
from hub.reading.inbox_filters import GROUPS
from hub.reasons import REASONS
from hub.states import EscalationState
from hub.store.tables import AuditEvent, Conversation, Escalation, Person, SavedView, Worker
from hub.words import ChannelKind, Role, Side, WorkerRole
from scheduler.upkeep import windows
from tests.web.conftest import Enter, Visitor
from tests.web.test_inbox import person_in_trouble
from tests.world import World

pytestmark = pytest.mark.slow

AMIR, BEA, LEON = "+447700900111", "+447700900112", "+447700900113"


async def reasons(world: World, *conversations: int) -> list[Escalation]:
    async with world.hub.store.transaction() as session:
        wanted = select(Escalation).order_by(Escalation.id)
        if conversations:
            wanted = wanted.where(Escalation.conversation_id.in_(conversations))
        return list((await session.scalars(wanted)).all())


async def add_reason(world: World, conversation: int, reason: str) -> None:
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Conversation, conversation)
        await escalations.escalate(session, found, reason, world.clock.now())


async def worker_id(world: World, name: str) -> int:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Worker.id).where(Worker.name == name))).one()


async def do(visitor: Visitor, verb: str, *items: tuple[int, list[Escalation]], **answers: object) -> str:
    """Carry a verb out as the check page would, and read the list that follows."""
    ids, seen = [number for number, _ in items], [each.ref for _, found in items for each in found]
    answer = await visitor.post("/inbox/several/done", verb=verb, item=ids, seen=seen, **answers)
    assert answer.status_code == 303, answer.text
    return (await visitor.get(answer.headers["location"])).text


def test_each_reason_belongs_to_one_group_of_the_filter() -> None:
    grouped = [reason for _, found in GROUPS.values() for reason in found]
    assert sorted(grouped) == sorted(REASONS)


async def test_filters_narrow_the_list_and_stand_as_tags_that_can_be_removed(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    _, amir = await person_in_trouble(world, name="Amir Khan", address=AMIR, language="cy")
    await add_reason(world, amir, "proof_to_check")
    priya = await enter()
    everybody = (await priya.get("/inbox")).text
    assert "Carter, Sam" in everybody
    assert "moj-filter__tag" not in everybody
    for query in ("group=proofs", "language=cy", f"group=proofs&language=cy&worker={world.workers[Side.SUPERVISION]}"):
        page = (await priya.get(f"/inbox?view=attention&{query}")).text
        assert "Khan, Amir" in page, query
        assert "Carter, Sam" not in page, query
        assert "Remove this filter: " in page
    assert "Carter, Sam" in (await priya.get("/inbox?language=en")).text
    assert "Nothing here fits your filters" in (await priya.get("/inbox?channel=telegram")).text
    assert "Nothing here fits your filters" in (await priya.get("/inbox?worker=0")).text


async def test_only_what_is_overdue_and_only_what_is_unread(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    priya = await enter()
    assert "Carter, Sam" not in (await priya.get("/inbox?overdue=1")).text
    assert "Carter, Sam" not in (await priya.get("/inbox?unread=1")).text
    await world.text("hello?")
    assert "Carter, Sam" in (await priya.get("/inbox?unread=1")).text
    world.clock.push(timedelta(days=2))
    late = await enter()
    assert "Carter, Sam" in (await late.get("/inbox?overdue=1")).text


async def test_a_list_is_sorted_by_what_is_due_by_the_newest_or_by_the_longest_wait(world: World, enter: Enter) -> None:
    sam, _ = await person_in_trouble(world)
    await world.text("hello?")
    await world.push(minutes=5)
    amir, other = await person_in_trouble(world, name="Amir Khan", address=AMIR)
    await world.text("and me", AMIR)
    await add_reason(world, other, "running_late")
    priya = await enter()
    for order, first in (("due", amir), ("newest", amir), ("oldest", sam)):
        page = (await priya.get(f"/inbox?order={order}")).text
        second = sam if first == amir else amir
        assert page.index(f"row-{first}") < page.index(f"row-{second}"), order


@pytest.mark.parametrize(
    "query", ["view=nonsense", "worker=x&page=-3", "group=<b>&channel=fax&order=name", "page=99999999"]
)
async def test_a_code_that_there_is_not_asks_for_nothing(world: World, enter: Enter, query: str) -> None:
    await person_in_trouble(world)
    page = await (await enter()).get(f"/inbox?{query}")
    assert page.status_code == 200
    assert "Carter, Sam" in page.text


async def test_a_view_is_kept_under_a_name_for_its_worker_alone_and_can_be_removed(world: World, enter: Enter) -> None:
    priya = await enter()
    await priya.get("/inbox?view=mine&channel=sms&overdue=1")
    assert (await priya.post("/inbox/views", name="Late texts")).status_code == 303
    page = (await priya.get("/inbox")).text
    assert "/inbox?view=mine&amp;channel=sms&amp;overdue=1" in page
    assert "Late texts" in page
    tom = await enter(name="Tom Field")
    assert "Late texts" not in (await tom.get("/inbox")).text
    async with world.hub.store.transaction() as session:
        number = (await session.scalars(select(SavedView.id))).one()
    await tom.post(f"/inbox/views/{number}/remove")
    assert "Late texts" in (await priya.get("/inbox")).text
    await priya.post(f"/inbox/views/{number}/remove")
    assert "Late texts" not in (await priya.get("/inbox")).text


async def test_a_view_without_a_name_is_refused_and_what_was_typed_stays(enter: Enter) -> None:
    priya = await enter()
    assert (await priya.post("/inbox/views", name="  ")).status_code == 422
    refused = await priya.post("/inbox/views", name="x" * 60)
    assert "<title>Error: " in refused.text
    assert "x" * 60 in refused.text


async def test_one_is_taken_from_the_list_without_a_question(world: World, enter: Enter) -> None:
    _, conversation = await person_in_trouble(world)
    priya = await enter()
    answer = await priya.post("/inbox/several", verb="take", item=conversation)
    assert answer.status_code == 303
    page = (await priya.get(answer.headers["location"])).text
    assert "1 taken" in page
    assert "1 taken" not in (await priya.get("/inbox")).text, "told once"
    [reason] = await reasons(world)
    assert (reason.state, reason.taken_by_id) == (EscalationState.TAKEN, world.workers[Side.SUPERVISION])


async def test_what_is_about_to_happen_to_several_is_shown_first(world: World, enter: Enter) -> None:
    _, sam = await person_in_trouble(world)
    _, amir = await person_in_trouble(world, name="Amir Khan", address=AMIR)
    priya = await enter()
    for verb, words in (("take", "take"), ("assign", "assign"), ("aside", "put aside"), ("close", "close")):
        page = await priya.post("/inbox/several", verb=verb, item=[sam, amir])
        assert f"You are about to {words} 2 conversations" in page.text
        assert "Carter, Sam" in page.text
    assert {reason.state for reason in await reasons(world)} == {EscalationState.OPEN}


async def test_nothing_selected_is_said_on_the_list(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    refused = await (await enter()).post("/inbox/several", verb="close")
    assert refused.status_code == 422
    assert "Select at least one conversation." in refused.text
    assert "<title>Error: " in refused.text


@pytest.mark.parametrize(
    ("verb", "answers", "words"),
    [
        ("close", {}, "Say how it ended"),
        ("assign", {}, "Select who gets them"),
        ("aside", {}, "Select until when"),
        (
            "aside",
            {"later": "date", "until-day": "31", "until-month": "2", "until-year": "2026"},
            "Enter a day, such as",
        ),
        (
            "aside",
            {"later": "date", "until-day": "1", "until-month": "3", "until-year": "2026"},
            "Enter a day after today",
        ),
    ],
)
async def test_what_is_missing_is_asked_for_and_nothing_is_done(
    world: World, enter: Enter, verb: str, answers: dict[str, str], words: str
) -> None:
    _, sam = await person_in_trouble(world)
    refused = await (await enter()).post("/inbox/several/done", verb=verb, item=sam, **answers)
    assert refused.status_code == 422
    assert words in refused.text
    assert "Carter, Sam" in refused.text
    assert [reason.state for reason in await reasons(world)] == [EscalationState.OPEN]


async def test_what_a_colleague_did_meanwhile_is_told_row_by_row(world: World, enter: Enter) -> None:
    people = [
        await person_in_trouble(world, name=name, address=address)
        for name, address in (
            ("Sam Carter", "+447700900101"),
            ("Amir Khan", AMIR),
            ("Bea Ash", BEA),
            ("Leon Ray", LEON),
        )
    ]
    priya, tom = await enter(), await enter(name="Tom Reed")
    items = [(number, await reasons(world, number)) for _, number in people]
    await do(tom, "close", items[0], outcome="called")
    await do(tom, "take", items[1])
    page = await do(priya, "close", *items, outcome="answered")
    assert "2 closed; 1 was closed by Tom Reed meanwhile; 1 was left, because Tom Reed has taken it." in page
    assert [reason.outcome for reason in await reasons(world)] == ["called", "", "answered", "answered"]


async def test_a_cry_for_help_is_closed_only_with_its_conversation_open(world: World, enter: Enter) -> None:
    _, sam = await person_in_trouble(world)
    await add_reason(world, sam, "crisis_self")
    priya = await enter()
    for verb, answers in (("close", {"outcome": "answered"}), ("aside", {"later": "tomorrow"})):
        page = await do(priya, verb, (sam, await reasons(world)), **answers)
        assert "1 was left, because somebody may come to harm: open it to decide" in page
    assert {reason.state for reason in await reasons(world)} == {EscalationState.OPEN}
    await do(priya, "take", (sam, await reasons(world)))
    assert {reason.state for reason in await reasons(world)} == {EscalationState.TAKEN}


async def test_a_reason_that_came_up_meanwhile_is_not_closed_with_the_others(world: World, enter: Enter) -> None:
    _, sam = await person_in_trouble(world)
    seen = await reasons(world)
    await add_reason(world, sam, "complaint")
    await do(await enter(), "close", (sam, seen), outcome="answered")
    assert [(r.reason, r.state.value) for r in await reasons(world)] == [
        ("wants_a_person", "closed"),
        ("complaint", "open"),
    ]


async def test_work_is_given_to_a_colleague_of_the_team_and_to_nobody_else(world: World, enter: Enter) -> None:
    ref, sam = await person_in_trouble(world)
    priya, tom = await enter(), await enter(name="Tom Reed")
    stranger = world.workers[Side.VICTIMS]
    refused = await priya.post("/inbox/several/done", verb="assign", item=sam, worker=stranger)
    assert refused.status_code == 404
    page = await do(priya, "assign", (sam, await reasons(world)), worker=await worker_id(world, "Tom Reed"))
    assert "1 assigned" in page
    assert "Carter, Sam" in (await tom.get("/inbox?view=mine")).text
    assert "Given to Tom Reed: Asked to speak to a person" in (await tom.get(f"/people/{ref}/messages")).text


async def test_who_had_no_worker_gets_the_one_who_takes_them(world: World, enter: Enter) -> None:
    await world.text("who is this", "+447700900555")
    priya = await enter()
    async with world.hub.store.transaction() as session:
        unknown = (await session.scalars(select(Conversation.id))).one()
    await priya.post("/inbox/several", verb="take", item=unknown)
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Person.worker_id))).one() == world.workers[Side.SUPERVISION]


async def test_what_is_put_aside_until_a_reply_comes_back_with_it_and_not_before(world: World, enter: Enter) -> None:
    ref, sam = await person_in_trouble(world)
    await do(await enter(), "aside", (sam, await reasons(world)), later="reply")
    await world.push(days=9)
    await windows(world.hub)
    priya = await enter()
    assert "Carter, Sam" not in (await priya.get("/inbox")).text
    assert "until they write" in (await priya.get(f"/people/{ref}/messages")).text
    await world.text("sorry, back now")
    assert "Carter, Sam" in (await priya.get("/inbox")).text


async def test_what_is_put_aside_until_a_day_comes_back_that_morning_and_is_due_anew(
    world: World, enter: Enter
) -> None:
    _, sam = await person_in_trouble(world)
    day = {"later": "date", "until-day": "5", "until-month": "3", "until-year": "26"}
    await do(await enter(), "aside", (sam, await reasons(world)), **day)
    await world.push(days=3, hours=-2)
    assert [reason.state for reason in await reasons(world)] == [EscalationState.SNOOZED]
    await world.push(hours=2)
    [reason] = await reasons(world)
    assert reason.state is EscalationState.OPEN
    assert reason.due_at > world.clock.now()


async def test_the_next_conversation_is_the_one_below_in_the_list_that_was_seen_last(
    world: World, enter: Enter
) -> None:
    sam, _ = await person_in_trouble(world)
    world.clock.push(timedelta(minutes=1))
    amir, _ = await person_in_trouble(world, name="Amir Khan", address=AMIR, language="cy")
    priya = await enter()
    await priya.get("/inbox")
    assert (await priya.get(f"/inbox/next?after={sam}")).headers["location"] == f"/people/{amir}/messages"
    assert (await priya.get(f"/inbox/next?after={amir}")).headers["location"] == "/inbox?view=attention"
    await priya.get("/inbox?language=cy")
    page = await priya.get(f"/people/{amir}/messages")
    assert "/inbox?view=attention&amp;language=cy#row-" in page.text
    assert (await priya.get(f"/inbox/next?after={sam}")).headers["location"] == f"/people/{amir}/messages"


async def test_the_other_side_can_be_neither_taken_nor_closed_from_a_list(world: World, enter: Enter) -> None:
    _, vera = await person_in_trouble(world, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    priya = await enter()
    found = await reasons(world)
    for verb, answers in (("take", {}), ("close", {"outcome": "answered"})):
        page = await do(priya, verb, (vera, found), **answers)
        assert "1 was left, because it was no longer yours to see" in page
        assert "Lind" not in page
    assert [reason.state for reason in await reasons(world)] == [EscalationState.OPEN]


async def test_a_provider_reads_the_list_and_has_no_verbs(world: World, enter: Enter) -> None:
    _, sam = await person_in_trouble(world)
    provider = await enter(role=WorkerRole.PROVIDER, name="Kit Moor")
    assert "Put aside" not in (await provider.get("/inbox")).text
    assert (await provider.post("/inbox/several", verb="take", item=sam)).status_code == 403


async def test_every_change_from_the_list_is_on_record(world: World, enter: Enter) -> None:
    _, sam = await person_in_trouble(world, channel=ChannelKind.SMS)
    priya = await enter()
    await do(priya, "assign", (sam, await reasons(world)), worker=world.workers[Side.SUPERVISION])
    await do(priya, "close", (sam, await reasons(world)), outcome="answered")
    async with world.hub.store.transaction() as session:
        mine = select(AuditEvent.what).where(AuditEvent.actor == f"worker:{world.workers[Side.SUPERVISION]}")
        done = set((await session.scalars(mine)).all())
    assert {"escalation_assigned", "escalation_closed"} <= done
