"""The inbox list and a conversation, as pages, while the store grows a hundredfold around one worker's caseload.

Sixty cases of twenty texts stay the same; everybody else belongs to other teams. Target: at a million messages the
same within 1.5 times as at ten thousand, p95 under 100 ms.
"""

import time

import httpx
from fastapi import FastAPI
from sqlalchemy import select, text

from benchmarks.figures import Figure, percentile
from benchmarks.stage import fill, make_hub, settle
from hub import sign_in
from hub.core import Hub
from hub.store.tables import Person, Worker
from inbox.app import WebSettings, create_app
from inbox.login import SESSION

MINE, EACH, SIZES, LOOKS, SLOWEST = 60, 20, (10_000, 1_000_000), 60, 100.0
OTHERS = """
    WITH agency AS (
        INSERT INTO agencies (name, short_name, phone, time_zone, holidays,
                              contact_from, contact_until, open_from, open_until)
        SELECT 'Other ' || :first, short_name, phone, time_zone, holidays,
               contact_from, contact_until, open_from, open_until FROM agencies ORDER BY id LIMIT 1 RETURNING id),
    line AS (
        INSERT INTO lines (agency_id, side, channel, address, name, enabled)
        SELECT id, 'supervision', 'sms', 'line ' || :first, 'Other', true FROM agency RETURNING id, agency_id),
    model AS (SELECT * FROM people ORDER BY id LIMIT 1),
    person AS (
        INSERT INTO people (ref, agency_id, side, role, wrapped_key, name_sealed, language, known, created_at)
        SELECT 'other-' || n, line.agency_id, model.side, role, wrapped_key, name_sealed, language, true, created_at
        FROM model, line, generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n RETURNING id, ref),
    address AS (
        INSERT INTO contact_points (person_id, side, channel, address_index, address_sealed, preferred, created_at,
                                    discreet)
        SELECT id, 'supervision', 'sms', sha256(ref::bytea), '', true, now(), false FROM person
        RETURNING id, person_id)
    INSERT INTO conversations (person_id, line_id, side, contact_point_id, misunderstood, unread, last_at)
    SELECT person_id, line.id, 'supervision', address.id, 0, false, now() FROM address, line
"""
# All of them with the first one's key, so that copied texts can be opened.
ONE_KEY = """
    UPDATE people SET worker_id = :id, wrapped_key = first.wrapped_key, name_sealed = first.name_sealed
    FROM (SELECT * FROM people ORDER BY id LIMIT 1) AS first
"""
MESSAGES = """
    INSERT INTO messages (conversation_id, line_id, direction, state, state_at, reason, created_at, body_sealed, rank,
                          choices, attempts)
    SELECT c.id, c.line_id, 'in', 'handled', now(), '', now(), :body, 0, '[]', 0
    FROM generate_series(1, :each) AS n, conversations AS c
    WHERE NOT EXISTS (SELECT FROM messages AS m WHERE m.conversation_id = c.id)
"""
ESCALATIONS = """
    INSERT INTO escalations (ref, conversation_id, side, reason, detail, state, opened_at, due_at, outcome)
    SELECT 'case-' || id, id, side, 'wants_a_person', '', 'open', now(), now(), '' FROM conversations
    WHERE NOT EXISTS (SELECT FROM escalations AS e WHERE e.conversation_id = conversations.id) AND id % 3 = 0
"""


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, MINE)
    app = create_app(hub, settings=WebSettings(secure_cookies=False, public_url="http://bench.test"))
    token, ref = await _caseload(hub)
    took: dict[str, list[list[float]]] = {"/inbox": [], f"/people/{ref}/messages": []}
    people = MINE
    for size in SIZES:
        await _grow(hub, people, size // EACH)
        people = size // EACH
        for page, times in took.items():
            times.append(await _look(app, token, page))
    await hub.store.close()
    words = zip(("inbox", "conversation"), ("inbox list", "a conversation"), took.values(), strict=True)
    return [figure for name, what, (few, many) in words for figure in figures(name, what, few, many)]


def figures(name: str, words: str, few: list[float], many: list[float]) -> list[Figure]:
    small, large = percentile(few, 0.1), percentile(many, 0.1)
    slow = percentile(many, 0.95)
    return [
        Figure(name, f"{words} at a million messages", large, small, "at 10 thousand", "ms", 1.5, True),
        Figure(f"{name}_p95", "… p95", slow, SLOWEST, "limit", "ms", 1, True),
    ]


async def _caseload(hub: Hub) -> tuple[str, str]:
    """A worker's session, and the reference of one of their people."""
    async with hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker))).unique().one()
        await session.execute(text(ONE_KEY), {"id": worker.id})
        token = await sign_in.start(hub, session, worker, second_factor=True)
        ref = await session.scalar(select(Person.ref).order_by(Person.id).limit(1))
        return token, str(ref)


async def _grow(hub: Hub, people: int, wanted: int) -> None:
    async with hub.store.transaction() as session:
        person = (await session.scalars(select(Person).order_by(Person.id).limit(1))).unique().one()
        body = hub.vault.open_person_key(person.wrapped_key or b"").seal("See you on Thursday then", "body")
        await session.execute(text(OTHERS), {"first": people + 1, "last": wanted})
        await session.execute(text(MESSAGES), {"each": EACH, "body": body})
        await session.execute(text(ESCALATIONS))
    for table in ("people", "contact_points", "conversations", "messages", "escalations"):
        await settle(hub, table)


async def _look(app: FastAPI, token: str, page: str) -> list[float]:
    """Milliseconds of each look."""
    took = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench.test") as browser:
        browser.cookies.set(SESSION, token)
        for _ in range(LOOKS):
            began = time.perf_counter()
            (await browser.get(page)).raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
    return took[5:]  # the first ones compile templates and statements
