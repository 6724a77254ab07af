"""The results of a survey that ten thousand people were invited to, as the page and as the file. Limit: five seconds.

Seven of ten answered all of it; everybody has come to two sessions before, as results are also shown by provider.
"""

import time

import httpx
from sqlalchemy import select, text

from benchmarks.figures import Figure, percentile
from benchmarks.stage import fill, make_hub, settle
from hub import sign_in
from hub.core import Hub
from hub.store.tables import Worker
from inbox.app import WebSettings, create_app
from inbox.login import SESSION

RUNS, LIMIT, LOOKS = 10_000, 5000.0, 5  # milliseconds
SURVEY = "session_feedback"
PEOPLE = """
    INSERT INTO people (ref, agency_id, side, role, wrapped_key, language, known, created_at, worker_id)
    SELECT 'asked-' || n, model.agency_id, 'supervision', model.role, model.wrapped_key,
           CASE WHEN n % 7 = 0 THEN 'cy' ELSE 'en' END, true, model.created_at, (SELECT min(id) FROM workers)
    FROM (SELECT * FROM people ORDER BY id LIMIT 1) AS model, generate_series(1, CAST(:runs AS bigint)) AS n
"""
WAYS = """
    INSERT INTO contact_points (person_id, side, channel, address_index, address_sealed, preferred, created_at,
                                discreet)
    SELECT id, side, CASE WHEN id % 5 = 0 THEN 'telegram' ELSE 'sms' END, sha256(ref::bytea), '', true, now(), false
    FROM people WHERE ref LIKE 'asked-%'
"""
SESSIONS = """
    INSERT INTO appointments (ref, agency_id, person_id, side, starts_at, minutes, how, with_whom, place, directions,
                              bring, proof_wanted, state, state_at)
    SELECT ref || '-' || n, agency_id, id, side, now() - n * interval '9 days', 30, 'in_person',
           CASE id % 4 WHEN 0 THEN 'Priya' ELSE 'Service ' || id % 4 END, '', '', '', false, 'attended', now()
    FROM people, generate_series(1, 2) AS n WHERE ref LIKE 'asked-%'
"""
ASKED = """
    INSERT INTO survey_runs (survey, person_id, state, question, invited_at, state_at, expires_at)
    SELECT 'session_feedback', id, (CASE WHEN id % 10 < 7 THEN 'completed' WHEN id % 10 < 8 THEN 'declined'
           ELSE 'expired' END), '', now() - (id % 60) * interval '1 day', now(), now()
    FROM people WHERE ref LIKE 'asked-%'
"""
SAID = """
    INSERT INTO answers (run_id, question, code, words_sealed, answered_at)
    SELECT run.id, said.question, said.code, said.words, now() FROM survey_runs AS run, LATERAL (VALUES
        ('useful', (1 + run.id % 5)::text, NULL::bytea),
        ('respected', CASE run.id % 3 WHEN 0 THEN 'no' ELSE 'yes' END, NULL),
        ('what_missing', 'time', NULL), ('own_words', NULL, CAST(:words AS bytea))
    ) AS said (question, code, words) WHERE run.state = 'completed'
"""


async def run(url: str) -> list[Figure]:
    hub = make_hub(url)
    await fill(hub, 1)
    await _answered(hub)
    app = create_app(hub, settings=WebSettings(secure_cookies=False, public_url="http://bench.test"))
    async with hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker))).unique().one()
        token = await sign_in.start(hub, session, worker, second_factor=True)
    figures = []
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://bench.test", timeout=60
    ) as browser:
        browser.cookies.set(SESSION, token)
        for name, words in (("results", "results of 10,000 runs"), ("results.csv", "… as a file")):
            slowest = percentile([await _look(browser, name) for _ in range(LOOKS)], 0.95)
            key = f"survey_{name.replace('.', '_')}"
            figures.append(Figure(key, words, slowest, LIMIT, "limit", "ms", 1, lower_is_better=True))
    await hub.store.close()
    return figures


async def _answered(hub: Hub) -> None:
    async with hub.store.transaction() as session:
        person = (await session.execute(text("SELECT wrapped_key FROM people ORDER BY id LIMIT 1"))).scalar_one()
        words = hub.vault.open_person_key(person).seal("More time to talk, please", "answer")
        await session.execute(text(PEOPLE), {"runs": RUNS})
        for statement in (WAYS, SESSIONS, ASKED):
            await session.execute(text(statement))
        await session.execute(text(SAID), {"words": words})
    for table in ("people", "contact_points", "appointments", "survey_runs", "answers"):
        await settle(hub, table)


async def _look(browser: httpx.AsyncClient, name: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    answer = await browser.get(f"/surveys/{SURVEY}/{name}?period=12-months")
    answer.raise_for_status()
    assert "7,000" in answer.text or "7000" in answer.text
    return (time.perf_counter() - began) * 1000
