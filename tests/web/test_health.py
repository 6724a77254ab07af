"""Whether it lives, whether it takes texts in, and how busy it is: told without the worker's or anybody's name."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import delete, text

from hub import send
from hub.claims import claim
from hub.errors import Refused
from hub.escalations import escalate
from hub.heartbeat import beat
from hub.outbox import queue
from hub.outcomes import record, record_receipt
from hub.ports import Accepted, DeliveryStatus, Receipt
from hub.reading import load as reading
from hub.spool.doors import Doors
from hub.spool.folder import Folder
from hub.states import MessageState
from hub.store.tables import Conversation, Heartbeat
from hub.words import Priority, Purpose
from inbox.app import WebSettings, create_app
from tests.web.conftest import Enter, Visitor, without_database
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def app(world: World, tmp_path) -> FastAPI:
    doors = Doors(world.hub, Folder(tmp_path / "spool", world.hub.vault.spool, room=1 << 20))
    settings = WebSettings(secure_cookies=False, public_url="http://testserver")
    return create_app(world.hub, settings=settings, doors=doors)


async def measures(visitor: Visitor) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    page = await visitor.get("/metrics")
    assert page.status_code == 200
    families = text_string_to_metric_families(page.text)
    return {
        (s.name, *(s.labels[label] for label in sorted(s.labels))): s.value
        for family in families
        for s in family.samples
    }


async def put(world: World, priority: Priority, *, address: str = "+447700900101", **parts: object) -> int:
    async with world.hub.store.transaction() as session:
        known = text("SELECT id FROM conversations ORDER BY id LIMIT 1")
        conversation = (await session.scalars(known)).first() if address == "+447700900101" else None
        if conversation is None:
            _, met = await world.person(session, address=address)
        else:
            met = await session.get_one(Conversation, conversation)
        message = await queue(world.hub, session, met, purpose=Purpose.REMINDER, priority=priority, body="Hi")
        for name, value in parts.items():
            setattr(message, name, value)
        return message.id


async def test_a_clock_that_fell_silent_is_told_on_every_page_of_workers(enter: Enter, world: World) -> None:
    priya = await enter()
    assert "Reminders have stopped" not in (await priya.get("/inbox")).text
    async with world.hub.store.transaction() as session:
        await beat(session, world.clock.now())
    world.clock.push(timedelta(minutes=1))
    assert "Reminders have stopped" not in (await priya.get("/inbox")).text
    world.clock.push(timedelta(minutes=10))
    for path in ("/inbox", "/people", "/appointments", "/proofs"):
        assert "Reminders have stopped since 10am. Tell" in (await priya.get(path)).text, path
    assert (await measures(priya))["handrail_scheduler_last_tick_seconds",] == 660


async def test_yesterdays_silence_names_the_day(enter: Enter, world: World) -> None:
    async with world.hub.store.transaction() as session:
        await beat(session, world.clock.now() - timedelta(days=1))
    assert "since Sun 1 March at 10am" in (await (await enter()).get("/inbox")).text


async def test_ready_means_that_texts_can_be_taken_in_and_tells_the_rest(world: World, visitor: Visitor) -> None:
    async with world.hub.store.transaction() as session:
        await session.execute(delete(Heartbeat))
    late = await visitor.get("/health/ready")
    assert late.status_code == 200, "without reminders the web must go on taking texts in"
    assert "handrail worker" in late.json()["scheduler"]
    async with without_database(world):
        spooling = await visitor.get("/health/ready")
    assert spooling.status_code == 200, "texts can wait on disk"
    assert spooling.json()["database"].startswith("down")


async def test_it_is_not_ready_when_neither_database_nor_disk_takes_a_text(
    world: World, visitor: Visitor, tmp_path
) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    async with without_database(world):
        answer = await visitor.get("/health/ready")
    assert answer.status_code == 503
    assert "handrail doctor" in answer.json()["spool"]


async def test_what_waits_is_counted_by_priority_with_the_age_of_the_oldest(world: World, visitor: Visitor) -> None:
    now = world.clock.now()
    await put(world, Priority.URGENT, due_at=now - timedelta(seconds=30))
    await put(world, Priority.URGENT, due_at=now - timedelta(seconds=90))
    await put(world, Priority.BULK, due_at=now + timedelta(hours=1))
    await put(world, Priority.REMINDER, state=MessageState.UNCERTAIN, state_at=now - timedelta(seconds=40))
    found = await measures(visitor)
    assert found["handrail_due_messages", "urgent"] == 2
    assert found["handrail_due_oldest_seconds", "urgent"] == 90
    assert found["handrail_due_messages", "bulk"] == found["handrail_due_oldest_seconds", "bulk"] == 0
    assert found["handrail_messages", "queued"] == 3
    assert found["handrail_messages", "uncertain"] == 1
    assert found["handrail_messages_oldest_seconds", "uncertain"] == 40


async def test_a_cry_for_help_that_nobody_took_is_measured(world: World, visitor: Visitor) -> None:
    assert (await measures(visitor))["handrail_crisis_untaken_oldest_seconds",] == 0
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        await escalate(session, conversation, "crisis_self", world.clock.now())
        await escalate(session, conversation, "wants_a_call", world.clock.now())
    world.clock.push(timedelta(minutes=7))
    found = await measures(visitor)
    assert found["handrail_crisis_untaken_oldest_seconds",] == 420
    assert found["handrail_untaken_escalations", "crisis_self"] == 1
    assert found["handrail_open_escalations", "wants_a_call"] == 1


async def test_from_due_to_accepted_is_a_histogram_that_counts_each_message_once(
    world: World, visitor: Visitor
) -> None:
    message_id = await put(world, Priority.REMINDER)
    await measures(visitor)
    world.clock.push(timedelta(seconds=4))
    (departure,) = await send.prepare(world.hub, await claim(world.hub, "w"))
    await record(world.hub, message_id, departure.attempt_id, Accepted("P1"))
    world.clock.push(timedelta(minutes=1))
    for _ in range(2):
        found = await measures(visitor)
        assert found["handrail_due_to_accepted_seconds_count", "reminder"] == 1
        assert found["handrail_due_to_accepted_seconds_sum", "reminder"] == 4
        assert found["handrail_due_to_accepted_seconds_bucket", "2.0", "reminder"] == 0
        assert found["handrail_due_to_accepted_seconds_bucket", "5.0", "reminder"] == 1
        assert found["handrail_due_to_accepted_seconds_bucket", "+Inf", "reminder"] == 1


async def test_what_providers_refuse_or_do_not_deliver_is_counted_by_meaning(world: World, visitor: Visitor) -> None:
    refused, lost = [await put(world, Priority.REMINDER, address=f"+44770090010{n}") for n in (1, 2)]
    await measures(visitor)
    world.clock.push(timedelta(seconds=1))
    departures = await send.prepare(world.hub, await claim(world.hub, "w"))
    attempts = {departure.outgoing.message_id: departure.attempt_id for departure in departures}
    await record(world.hub, refused, attempts[refused], Refused(code="21211", meaning="invalid_number"))
    await record(world.hub, lost, attempts[lost], Accepted("P2"))
    await record_receipt(world.hub, Receipt("P2", DeliveryStatus.UNDELIVERED, "30006", "landline"))
    world.clock.push(timedelta(minutes=1))
    found = await measures(visitor)
    assert found["handrail_provider_errors_total", "sms", "invalid_number"] == 1
    assert found["handrail_provider_errors_total", "sms", "landline"] == 1


async def test_without_a_database_the_measures_tell_of_the_disk_and_of_nothing_old(
    world: World, visitor: Visitor
) -> None:
    assert (await measures(visitor))["handrail_database_up",] == 1
    await put(world, Priority.URGENT)
    async with without_database(world):
        found = await measures(visitor)
    assert found["handrail_database_up",] == 0
    assert found["handrail_spool_waiting", "crisis"] == 0
    assert not [name for name in found if name[0] == "handrail_due_messages"]


QUERIES = {name: query for name, query in vars(reading).items() if isinstance(query, str) and "SELECT" in query}


@pytest.mark.parametrize("name", QUERIES)
async def test_no_measure_looks_at_every_row(world: World, name: str) -> None:
    """Each finds an index by its literal condition; where it could not, the plan would name the whole table."""
    now = world.clock.now()
    facts = {"now": now, "since": now, "until": now, "buckets": list(reading.BUCKETS)}
    asked = text(f"EXPLAIN {QUERIES[name]}")
    async with world.hub.store.transaction() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        given = {key: facts[key] for key in asked.compile().params}
        plan = "\n".join(await session.scalars(asked, given))
    for table in ("messages", "attempts", "receipts", "conversations", "escalations"):
        assert f"Seq Scan on {table}" not in plan, plan
