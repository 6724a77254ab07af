"""The inbox list, search and a conversation, as pages, while an agency grows to 50,000 people around one team.

Twelve workers with sixty people each, fourteen texts a person, stay the same: ten thousand messages. Then come the
other teams, all of the same agency and side: a million messages. Target: the same within 1.5 times, p95 under 100 ms.
"""

import re
import time

import httpx
from fastapi import FastAPI
from sqlalchemy import select, text

from benchmarks.figures import Figure, percentile
from benchmarks.stage import fill, make_hub, settle
from hub import sign_in
from hub.core import Hub
from hub.store.tables import Person, Worker
from hub.words import WorkerRole
from inbox.app import WebSettings, create_app
from inbox.login import SESSION

CASES, WORKERS, PEOPLE = 60, 12, 50_000  # cases a worker, workers a team, people of the agency
TEAM = CASES * WORKERS
EACH, EACH_OTHER = 14, 20  # texts a person, in the team and in the others: 10 thousand, a million
LOOKS, SLOWEST = 40, 100.0
# Teams that follow the first one, each with its workers.
OTHER_WORKERS = """
    WITH team AS (
        INSERT INTO teams (agency_id, name, side)
        SELECT agency_id, 'Team ' || n, side FROM teams, generate_series(1, CAST(:teams AS bigint)) AS n
        WHERE teams.name = 'Bench' RETURNING id)
    INSERT INTO workers (team_id, role, name, first_name, email, totp_last_step, failed_sign_ins)
    SELECT team.id, 'worker', 'Kit Moor', 'Kit', 'kit-' || team.id || '-' || n || '@example.org', 0, 0
    FROM team, generate_series(1, CAST(:workers AS bigint)) AS n
"""
COLLEAGUES = """
    INSERT INTO workers (team_id, role, name, first_name, email, totp_last_step, failed_sign_ins)
    SELECT team_id, CASE WHEN n = 1 THEN 'supervisor' ELSE 'worker' END, 'Tom Field', 'Tom',
           'tom-' || n || '@example.org', 0, 0
    FROM workers, generate_series(1, CAST(:workers AS bigint)) AS n WHERE email = 'p@example.org'
"""
# The people of everybody who has none yet; all with the first one's key, so that copied texts can be opened.
PEOPLE_OF_WORKERS = """
    WITH model AS (SELECT * FROM people ORDER BY id LIMIT 1),
    line AS (SELECT id FROM lines ORDER BY id LIMIT 1),
    person AS (
        INSERT INTO people (ref, agency_id, side, role, wrapped_key, name_sealed, language, known, created_at,
                            worker_id)
        SELECT 'other-' || worker.id || '-' || n, agency_id, side, model.role, wrapped_key, name_sealed, language,
               true, created_at, worker.id
        FROM model, workers AS worker, generate_series(1, CAST(:cases AS bigint)) AS n
        WHERE NOT EXISTS (SELECT FROM people AS p WHERE p.worker_id = worker.id) RETURNING id, ref),
    address AS (
        INSERT INTO contact_points (person_id, side, channel, address_index, address_sealed, preferred, created_at,
                                    discreet)
        SELECT id, 'supervision', 'sms', sha256(ref::bytea), '', true, now(), false FROM person
        RETURNING id, person_id)
    INSERT INTO conversations (person_id, line_id, side, contact_point_id, misunderstood, unread, last_at)
    SELECT person_id, line.id, 'supervision', address.id, 0, false, now() FROM address, line
"""
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
    await fill(hub, CASES)
    app = create_app(hub, settings=WebSettings(secure_cookies=False, public_url="http://bench.test"))
    ref = await _team(hub)
    looks: dict[str, tuple[str, str, str]] = {
        "inbox": ("inbox list", "p@example.org", "/inbox"),
        "inbox_supervisor": ("a supervisor's list", "tom-1@example.org", "/inbox"),
        "search": ("a search", "p@example.org", "/inbox/search"),
        "search_supervisor": ("a supervisor's search", "tom-1@example.org", "/inbox/search"),
        "people": ("the people", "p@example.org", "/people"),
        "people_supervisor": ("a supervisor's people", "tom-1@example.org", "/people"),
        "conversation": ("a conversation", "p@example.org", f"/people/{ref}/messages"),
    }
    took: dict[str, list[list[float]]] = {name: [] for name in looks}
    for grow in (None, _others):
        if grow:
            await grow(hub)
        for name, (_, email, page) in looks.items():
            took[name].append(await _look(hub, app, email, page))
    await hub.store.close()
    return [figure for name, (few, many) in took.items() for figure in figures(name, looks[name][0], few, many)]


def figures(name: str, words: str, few: list[float], many: list[float]) -> list[Figure]:
    small, large = percentile(few, 0.1), percentile(many, 0.1)
    slow = percentile(many, 0.95)
    return [
        Figure(name, f"{words} at a million messages", large, small, "at 10 thousand", "ms", 1.5, True),
        Figure(f"{name}_p95", "… p95", slow, SLOWEST, "limit", "ms", 1, True),
    ]


async def _team(hub: Hub) -> str:
    """The team with its people and their texts. Returns the reference of one of them."""
    async with hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker))).unique().one()
        await session.execute(text(ONE_KEY), {"id": worker.id})
        await session.execute(text(COLLEAGUES), {"workers": WORKERS - 1})
        ref = await session.scalar(select(Person.ref).order_by(Person.id).limit(1))
    await _live(hub, EACH)
    return str(ref)


async def _others(hub: Hub) -> None:
    async with hub.store.transaction() as session:
        await session.execute(text(OTHER_WORKERS), {"workers": WORKERS, "teams": (PEOPLE - TEAM) // TEAM})
    await _live(hub, EACH_OTHER)


async def _live(hub: Hub, each: int) -> None:
    """Everybody has people, texts, and every third something open."""
    async with hub.store.transaction() as session:
        person = (await session.scalars(select(Person).order_by(Person.id).limit(1))).unique().one()
        body = hub.vault.open_person_key(person.wrapped_key or b"").seal("See you on Thursday then", "body")
        await session.execute(text(PEOPLE_OF_WORKERS), {"cases": CASES})
        await session.execute(text(MESSAGES), {"each": each, "body": body})
        await session.execute(text(ESCALATIONS))
    for table in ("workers", "people", "contact_points", "conversations", "messages", "escalations"):
        await settle(hub, table)


async def _look(hub: Hub, app: FastAPI, email: str, page: str) -> list[float]:
    """Milliseconds of each look; a search is for a word that nobody wrote, so all that may be opened is opened."""
    async with hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker).where(Worker.email == email))).unique().one()
        assert worker.role in {WorkerRole.WORKER, WorkerRole.SUPERVISOR}
        token = await sign_in.start(hub, session, worker, second_factor=True)
    took = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench.test") as browser:
        browser.cookies.set(SESSION, token)
        found = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/inbox")).text)
        form = {"csrf": found[1] if found else "", "words": "zebedee"}
        for _ in range(LOOKS):
            began = time.perf_counter()
            answer = await (browser.post(page, data=form) if page.endswith("search") else browser.get(page))
            answer.raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
    return took[5:]  # the first ones compile templates and statements
